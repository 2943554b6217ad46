// Tests how steps are shown.

import { expect, test } from 'vitest';
import { createSteps, seconds } from '../../../../scripts/console/steps.ts';

function record() {
  const written: string[] = [];
  return { written, screen: { write: (text: string) => void written.push(text) } };
}

test('a step ends with its title, what came of it and its time', async () => {
  const { written, screen } = record();
  await createSteps({ screen }).run('Engine', async () => ({ value: 1, note: 'found' }));
  expect(written.join('')).toMatch(/^✓ Engine: found {2}\d\.\d\d s\n$/);
});

test('what a step says is shown while it works, once', async () => {
  const { written, screen } = record();
  await createSteps({ screen }).run('Image', async (say) => {
    say('layer 1');
    say('layer 1');
    say('layer 2');
    return { value: undefined, note: '' };
  });
  expect(written.slice(0, 3)).toEqual(['  Image …\n', '    layer 1\n', '    layer 2\n']);
});

test('a step that fails is marked, and its error goes on', async () => {
  const { written, screen } = record();
  const failing = createSteps({ screen }).run('Image', () => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  expect(written.join('')).toMatch(/^✗ Image {2}/);
});

test('when all is to end, no step begins', async () => {
  const { written, screen } = record();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(createSteps({ screen, signal }).run('Image', () => Promise.reject(new Error('ran')))).rejects.toThrow(
    'enough',
  );
  expect(written).toEqual([]);
});

test.each([
  [420, '0.42 s'],
  [12_345, '12.3 s'],
  [125_000, '2 min 5 s'],
])('%i ms are %s', (ms, text) => {
  expect(seconds(ms)).toBe(text);
});
