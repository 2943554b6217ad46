// Tests what is made of the labels in which images tell of variables.

import { expect, test, vi } from 'vitest';
import { type Adapter, AdapterError } from '../../../../src/adapters/adapter.ts';
import { CERTIFICATE_VARIABLES_LABEL, START_VARIABLES_LABEL } from '../../../../src/contract/image-labels.ts';
import { createImageVariables } from '../../../../src/executor/runtimes/image-variables.ts';

const LABELS = { [START_VARIABLES_LABEL]: 'LD_* TZ', [CERTIFICATE_VARIABLES_LABEL]: 'SOME_FILE OTHER_FILE' };

function variablesOf(labels: Record<string, string>) {
  return createImageVariables({ pull: async () => ({ labels }) })('some:1');
}

test.each([
  [['TZ'], true],
  [['PLAIN', 'LD_PRELOAD'], true],
  [['TZ_NAME', 'MY_TZ', 'OLD_LD_PRELOAD'], false],
  [[], false],
])('whether %j call for a new process: %s', async (names, expected) => {
  expect((await variablesOf(LABELS)).callForNewProcess(names)).toBe(expected);
});

test('certificates are named by the image', async () => {
  expect((await variablesOf(LABELS)).certificates).toEqual(['SOME_FILE', 'OTHER_FILE']);
});

test('of an image that says nothing, any variable calls for a new process', async () => {
  const variables = await variablesOf({});
  expect([variables.callForNewProcess(['ANY']), variables.callForNewProcess([])]).toEqual([true, false]);
});

test('an image that names nothing has nothing', async () => {
  const variables = await variablesOf({ [START_VARIABLES_LABEL]: '', [CERTIFICATE_VARIABLES_LABEL]: '' });
  expect([variables.callForNewProcess(['ANY']), variables.certificates]).toEqual([false, []]);
});

test('an image is asked once, and again after it could not be', async () => {
  const pull = vi.fn<Adapter['pull']>(async () => ({ labels: LABELS }));
  pull.mockRejectedValueOnce(new AdapterError({ code: 'image_missing', message: 'on purpose' }));
  const ask = createImageVariables({ pull });
  await expect(ask('some:1')).rejects.toThrow('on purpose');
  await ask('some:1');
  await ask('some:1');
  expect(pull.mock.calls.length).toBe(2);
});
