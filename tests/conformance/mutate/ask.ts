// Asks the suite of one mutant, in a process of its own: `ask.ts <index>`; without an index of the original.

import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WireCase } from '../case.ts';
import { checkCases, wireCases } from '../cases/all.ts';
import { runCases } from '../run.ts';
import type { Target } from '../targets/target.ts';
import { applyMutation } from './mutations.ts';
import { FAKES, type Mutant, readMutants } from './subjects.ts';

const [index] = process.argv.slice(2);
const target = await fake(index === undefined ? undefined : (await readMutants())[Number(index)]);

// First those that are over at once, then those that wait, at last what is heavy or lasts.
const usual = [...checkCases(target.checks), ...wireCases].filter((one) => one.slow !== true);
const isLate = ({ heavy, aside }: WireCase): boolean => heavy === true || aside === true;
const early = usual.filter((one) => !isLate(one));
for (const cases of [
  early.filter(({ waits }) => waits !== true),
  early.filter(({ waits }) => waits === true),
  usual.filter(isLate),
]) {
  const failed = await firstFailure(target, cases);
  if (failed === undefined) continue;
  process.stdout.write(failed);
  process.exit(1);
}
process.exit(0);

/** The name of the first case that does not pass, and no case after it. */
async function firstFailure(examined: Target, cases: readonly WireCase[]): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  runCases({
    target: examined,
    cases,
    onResult: ({ name: one, outcome }) => void (outcome === 'pass' || resolve(one)),
  }).then(
    ({ smoke, results }) => resolve((smoke ?? results.find(({ outcome }) => outcome !== 'pass'))?.name),
    (error: unknown) => resolve(String(error)),
  );
  return promise;
}

async function fake(one: Mutant | undefined): Promise<Target> {
  if (one !== undefined) {
    const file = path.join(FAKES, one.file);
    const [url, source] = [pathToFileURL(file).href, applyMutation(await readFile(file, 'utf8'), one.mutation)];
    registerHooks({
      load: (loaded, context, next) =>
        loaded === url ? { format: 'module-typescript', source, shortCircuit: true } : next(loaded, context),
    });
  }
  const { inProcessTarget } = await import('../targets/in-process.ts');
  return inProcessTarget({ name: 'mutant' });
}
