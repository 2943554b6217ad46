// The table of the executor's metrics.

import { METRICS } from '../../src/executor/observe/metrics.ts';

export function metricsTable(): string {
  const rows = Object.values(METRICS).map(
    ({ name, type, help, labels }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return ['| metric | type | labels | what it tells |', '|---|---|---|---|', ...rows].join('\n');
}
