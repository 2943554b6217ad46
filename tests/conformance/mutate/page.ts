// The page docs/mutations.md: how many mutations were caught, and why each of the others is no fault.

import { NO_FAULTS } from './no-faults.ts';
import type { Mutant } from './subjects.ts';

export interface Judged {
  mutant: Mutant;
  /** The first case that failed, or what else ended it; absent if nothing did. */
  caughtBy?: string;
  /** Why it is no fault, if that is known. */
  reason?: string;
}

export function judge(mutant: Mutant, caughtBy: string | undefined): Judged {
  if (caughtBy !== undefined) return { mutant, caughtBy };
  const { file, code, mutation } = mutant;
  const known = NO_FAULTS.find((one) => one.file === file && code.includes(one.code) && one.change === mutation.change);
  return { mutant, ...(known !== undefined && { reason: known.reason }) };
}

export function renderPage({ judged, seed }: { judged: readonly Judged[]; seed: number }): string {
  const survivors = judged.filter(({ caughtBy }) => caughtBy === undefined);
  const caught = judged.length - survivors.length;
  return `# What the suite sees of small faults

Written by \`npm run mutate\`, which is run before a release. It changes one operator, constant, string, condition or
statement of a server that keeps the contract, and asks the conformance suite of it; a mutation is caught when a case
fails. The server is the correct fake.

**${caught} of ${judged.length} mutations caught** (${((caught / judged.length) * 100).toFixed(1)} %, seed ${seed}).

| file | mutations | caught |
|---|--:|--:|
${byFile(judged).join('\n')}

## Those that are not caught

| where | change | why it is no fault |
|---|---|---|
${inOrder(survivors).map(row).join('\n')}
`;
}

function byFile(judged: readonly Judged[]): string[] {
  const files = Map.groupBy(inOrder(judged), ({ mutant: { file } }) => file);
  return [...files].map(([file, own]) => {
    const caught = own.filter(({ caughtBy }) => caughtBy !== undefined).length;
    return `| ${file} | ${own.length} | ${caught} |`;
  });
}

function inOrder(judged: readonly Judged[]): Judged[] {
  const key = ({ mutant: { file, mutation } }: Judged): string =>
    [file, String(mutation.start).padStart(8, '0'), String(mutation.end).padStart(8, '0')].join(' ');
  return judged.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function row({ mutant: { file, mutation }, reason }: Judged): string {
  const place = `${file}:${mutation.line}`;
  return `| ${place} | \`${cell(mutation.change)}\` | ${reason ?? 'not explained yet'} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
