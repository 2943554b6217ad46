// Tests what is shown of a build and what is said when it fails.

import { expect, test } from 'vitest';
import { createBuildLog } from '../../../../scripts/build/log.ts';

const output = (text: string) => ({ stream: `${Buffer.from(text).toString('base64')}\n` });

test('each step is shown as it begins', () => {
  const shown: string[] = [];
  const log = createBuildLog({ say: (step) => shown.push(step) });
  log.read({ stream: '[sha256:08b06] [2/5] RUN make\n' });
  log.read(output('compiling\n'));
  log.read({ stream: 'CACHED: [3/5] RUN ls\n' });
  expect(shown).toEqual(['[2/5] RUN make']);
  expect(log.failure()).toBeUndefined();
});

test('a failure tells the step, the end of its output and the reason', () => {
  const log = createBuildLog({ say: () => {} });
  log.read({ stream: '[sha256:08b06] [2/5] RUN make\n' });
  log.read(output('cannot open a.c\n'));
  log.read({ error: 'exit code: 2' });
  expect(log.failure()).toBe('In the step [2/5] RUN make\n  cannot open a.c\nexit code: 2');
});

test('of a long output the last 40 lines are told', () => {
  const log = createBuildLog({ say: () => {} });
  for (let line = 1; line <= 100; line += 1) log.read(output(`line ${line}\n`));
  log.read({ error: 'failed' });
  const lines = log.failure()?.split('\n') ?? [];
  expect([lines.length, lines[1], lines[40]]).toEqual([42, '  line 61', '  line 100']);
});
