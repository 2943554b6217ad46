// Compares what came with what a case's matchers ask for, and says in words what is wrong.

import { isDeepStrictEqual } from 'node:util';
import type { BytesMatcher, Expectation, JsonMatcher, TextMatcher } from '../case.ts';
import { bodyPieces } from '../wire/body.ts';

/** What was expected and what came, both as text for people. */
export interface Mismatch {
  expected: string;
  got: string;
}

export function matchText(matcher: TextMatcher, text: string): Mismatch | undefined {
  const got = show(text);
  if (typeof matcher === 'string') return text === matcher ? undefined : { expected: show(matcher), got };
  let from = 0;
  for (const part of matcher.contains ?? []) {
    const at = text.indexOf(part, from);
    if (at < 0) return { expected: `contains ${matcher.contains?.map(show).join(', then ')}`, got };
    from = at + part.length;
  }
  const unwanted = matcher.lacks?.find((part) => text.includes(part));
  if (unwanted !== undefined) return { expected: `lacks ${show(unwanted)}`, got };
  if (matcher.once !== undefined && text.split(matcher.once).length !== 2)
    return { expected: `exactly once ${show(matcher.once)}`, got };
  if (matcher.matches !== undefined && !matcher.matches.test(text))
    return { expected: `matches ${matcher.matches}`, got };
  return undefined;
}

interface BodyContext {
  matcher: NonNullable<Expectation['body']>;
  body: Buffer;
  /** The body of the answer before, on the same connection. */
  previous: Buffer | undefined;
}

export function matchBody({ matcher, body, previous }: BodyContext): Mismatch | undefined {
  if (typeof matcher === 'string') return matchText(matcher, body.toString('utf8'));
  if ('bytes' in matcher) return matchBytes(matcher, body);
  if ('json' in matcher || 'member' in matcher || 'includes' in matcher || 'increases' in matcher)
    return matchJson({ matcher, body, previous });
  return matchText(matcher, body.toString('utf8'));
}

function matchBytes({ bytes }: BytesMatcher, body: Buffer): Mismatch | undefined {
  const wanted = Buffer.concat(bodyPieces(bytes));
  if (wanted.equals(body)) return undefined;
  const at = wanted.findIndex((byte, index) => body[index] !== byte);
  const from = at < 0 ? wanted.length : at;
  const excerpt = (buffer: Buffer): string =>
    `${buffer.length} bytes, from byte ${from} on: ${buffer.subarray(from, from + 16).toString('hex')}`;
  return { expected: excerpt(wanted), got: excerpt(body) };
}

function matchJson({ matcher, body, previous }: BodyContext & { matcher: JsonMatcher }): Mismatch | undefined {
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { expected: 'JSON', got: show(text) };
  }
  if ('json' in matcher)
    return isDeepStrictEqual(value, matcher.json) ? undefined : { expected: show(matcher.json), got: show(value) };
  if ('member' in matcher) {
    const member: unknown = isObject(value) ? Reflect.get(value, matcher.member) : undefined;
    return sameJson(matcher.equals, member)
      ? undefined
      : { expected: `${matcher.member}: ${show(matcher.equals)}`, got: show(member) };
  }
  if ('increases' in matcher) {
    const before = Number(previous?.toString('utf8'));
    return previous === undefined || Number(value) > before
      ? undefined
      : { expected: `more than ${before}`, got: show(value) };
  }
  return matchMembers({ wanted: matcher.includes, value, at: '' });
}

/** The members of `wanted` and nothing else is looked at; nested objects likewise. */
function matchMembers({ wanted, value, at }: { wanted: object; value: unknown; at: string }): Mismatch | undefined {
  if (typeof value !== 'object' || value === null)
    return { expected: `${at || 'the body'} is an object`, got: show(value) };
  for (const [name, member] of Object.entries(wanted)) {
    const place = at === '' ? name : `${at}.${name}`;
    const got: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
    if (isObject(member) && Object.keys(member).length > 0) {
      const mismatch = matchMembers({ wanted: member, value: got, at: place });
      if (mismatch !== undefined) return mismatch;
    } else if (!sameJson(member, got)) {
      return { expected: `${place}: ${show(member)}`, got: `${place}: ${show(got)}` };
    }
  }
  return undefined;
}

/** An empty object also matches an empty list: some languages have one empty value for both. */
function sameJson(wanted: unknown, got: unknown): boolean {
  if (isObject(wanted) && Object.keys(wanted).length === 0)
    return isDeepStrictEqual(got, {}) || isDeepStrictEqual(got, []);
  return isDeepStrictEqual(got, wanted);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST_SHOWN = 400;

/** A value for people: JSON, cut where it gets long. */
export function show(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)`;
}
