// Checks an answer against what its case expects of it.

import type { Expectation, Finding } from '../case.ts';
import { headerValues, type WireResponse } from '../wire/response.ts';
import { matchBody, type Mismatch, show } from './match.ts';

interface Compared {
  clause: string;
  expect: Expectation;
  response: WireResponse;
  previous: Buffer | undefined;
}

export function checkResponse({ clause, expect, response, previous }: Compared): Finding[] {
  const findings: Finding[] = [];
  const status = expect.status ?? 200;
  if (status !== 'any' && response.status !== status) {
    // The body often says why.
    const body = response.body.length === 0 ? '' : ` with body ${show(response.body.toString('utf8'))}`;
    findings.push({ clause, what: 'status', expected: String(status), got: `${response.status}${body}` });
  }
  for (const [name, wanted] of Object.entries(expect.headers ?? {})) {
    const mismatch = matchHeader(wanted, headerValues(response.headers, name));
    if (mismatch !== undefined) findings.push({ clause, what: `header ${name}`, ...mismatch });
  }
  if (expect.body !== undefined) {
    const mismatch = matchBody({ matcher: expect.body, body: response.body, previous });
    if (mismatch !== undefined) findings.push({ clause, what: 'body', ...mismatch });
  }
  if (expect.pieces !== undefined) {
    const pieces = response.pieces.map((piece) => piece.toString('utf8'));
    if (pieces.join('\n') !== expect.pieces.join('\n'))
      findings.push({ clause, what: 'pieces of the body', expected: show(expect.pieces), got: show(pieces) });
  }
  return findings;
}

type Wanted = NonNullable<Expectation['headers']>[string];

/** Values as they came, each character a byte; what is wanted is text, for which UTF-8 stands on the wire. */
function matchHeader(wanted: Wanted, values: readonly string[]): Mismatch | undefined {
  const got = values.length === 0 ? 'absent' : values.map(show).join(', ');
  if (wanted === null) return values.length === 0 ? undefined : { expected: 'absent', got };
  if (wanted instanceof RegExp)
    return values.length === 1 && wanted.test(values[0] ?? '') ? undefined : { expected: `matches ${wanted}`, got };
  if (typeof wanted === 'object' && 'not' in wanted)
    return values.includes(wanted.not) ? { expected: `not ${show(wanted.not)}`, got } : undefined;
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  const same = list.length === values.length && list.every((value, index) => onTheWire(value) === values[index]);
  return same ? undefined : { expected: list.map(show).join(', '), got };
}

function onTheWire(text: string): string {
  return Buffer.from(text).toString('latin1');
}
