// Says what a run found: a table by section of the contract, every failure with a curl line, and the times of the
// start.

import type { Section } from './clauses.ts';
import type { Result, Run } from './run.ts';

const COLUMNS = ['pass', 'exempt', 'fail', 'error'] as const;

/** The report of one target, for people. */
export function renderRun(run: Run, sections: readonly Section[]): string {
  if (run.smoke !== undefined) {
    return [
      `${run.target}: not up, or not speaking as the contract says; nothing else was tried.`,
      '',
      renderResult(run.smoke),
    ].join('\n');
  }
  const failures = run.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
  const exempt = run.results.filter(({ outcome }) => outcome === 'exempt');
  const blocks = [`${run.target}`, renderTable(run.results, sections), ...failures.map(renderResult)];
  if (exempt.length > 0) blocks.push(renderExempt(exempt));
  const times = Object.entries(run.startTimes);
  if (times.length > 0)
    blocks.push(`start: ${times.map(([name, milliseconds]) => `${name} ${Math.round(milliseconds)} ms`).join(', ')}`);
  return blocks.join('\n\n');
}

function renderTable(results: readonly Result[], sections: readonly Section[]): string {
  const table = [row('', (outcome) => outcome)];
  for (const { title, clauses } of sections) {
    const own = results.filter(({ covers }) => clauses.includes(covers));
    if (own.length > 0) table.push(row(title, (outcome) => shown(own, outcome)));
  }
  table.push(row('together', (outcome) => shown(results, outcome)));
  const widths = row('', () => '').map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const padded = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return table.map((cells) => cells.map(padded).join('  ')).join('\n');
}

function row(title: string, cell: (outcome: Result['outcome']) => string): string[] {
  return [title, ...COLUMNS.map(cell)];
}

function shown(results: readonly Result[], outcome: Result['outcome']): string {
  const count = results.filter((result) => result.outcome === outcome).length;
  return count === 0 ? '·' : String(count);
}

function renderResult({ outcome, name, reason, findings }: Result): string {
  const lines = [`${outcome.toUpperCase()} ${name}`];
  if (reason !== undefined) lines.push(indent(reason));
  for (const { clause, what, expected, got, curl } of findings) {
    lines.push(`  ${what} (docs/contract.md, ${clause})`, `    expected  ${expected}`, `    got       ${got}`);
    if (curl !== undefined) lines.push(`    ${curl}`);
  }
  return lines.join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

/** One line for each reason. */
function renderExempt(results: readonly Result[]): string {
  const byReason = Map.groupBy(results, ({ reason }) => reason ?? '');
  return [...byReason]
    .map(
      ([reason, group]) =>
        `exempt (${group.length}): ` +
        `${reason}${group.length > 6 ? '' : ` — ${group.map(({ name }) => name).join(', ')}`}`,
    )
    .join('\n');
}
