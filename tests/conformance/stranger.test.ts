// An image that no manifest names is asked what can be known of it, and nothing else.

import { test } from 'vitest';
import { checkCases, wireCases } from './cases/all.ts';
import { imageShapeCases } from './cases/image-shape.ts';
import { whyNot } from './needs.ts';
import { runCases } from './run.ts';
import { abilitiesOf } from './targets/image.ts';
import { inProcessTarget } from './targets/in-process.ts';
import type { Target } from './targets/target.ts';

const correct = inProcessTarget({ name: 'stranger' });

/** A right one, as far as a server in this process can be an image. */
function stranger(): Target {
  const { entrypoint: _unknown, ...known } = correct;
  return { ...known, abilities: correct.abilities.intersection(abilitiesOf(undefined)) };
}

test('a right server of a stranger fails nothing', async ({ expect }) => {
  const cases = wireCases.filter(({ slow, heavy }) => slow !== true && heavy !== true);
  const { smoke, results } = await runCases({ target: stranger(), cases });
  expect(smoke).toBeUndefined();
  const exempt = results.filter(({ outcome }) => outcome !== 'pass');
  expect(exempt.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['thrown-error-has-a-stack', 'exempt'],
    ['syntax-error-names-its-file', 'exempt'],
    ['message-exception-has-a-stack', 'exempt'],
  ]);
});

test('neither its name nor the checks of its fixture are asked for', ({ expect }) => {
  const target: Target = { ...correct, abilities: abilitiesOf(undefined) };
  const asked = [...imageShapeCases, ...checkCases(['packages'])];
  expect(asked.filter((one) => whyNot(one, target) !== undefined).map(({ name }) => name)).toEqual([
    'image-has-a-name-of-the-contract',
    'check-packages',
  ]);
});
