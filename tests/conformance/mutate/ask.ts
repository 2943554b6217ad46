// Asks the suite of one mutant, in a process of its own: `ask.ts <subject> <index>`; without an index of the
// original.

import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WireCase } from '../case.ts';
import { checkCases, wireCases } from '../cases/all.ts';
import { runCases } from '../run.ts';
import type { Target } from '../targets/target.ts';
import { applyMutation } from './mutations.ts';
import { type Mutant, readMutants, readSubjects, type Subject } from './subjects.ts';

const [name, index] = process.argv.slice(2);
const subject = (await readSubjects()).find((one) => one.name === name);
if (subject === undefined) throw new Error(`There is no subject ${name}.`);
const mutant = index === undefined ? undefined : (await readMutants(subject))[Number(index)];
const target = subject.name === 'fakes' ? await fake(mutant) : await server(subject, mutant);

// First those that are over at once, then those that wait, at last what is heavy or lasts.
const usual = [...checkCases(target.checks), ...wireCases].filter(
  (one) => one.slow !== true && !subject.excused.has(one.name),
);
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

async function sourceOf({ subject: { folder }, file, mutation }: Mutant): Promise<string> {
  return applyMutation(await readFile(path.join(folder, file), 'utf8'), mutation);
}

async function fake(one: Mutant | undefined): Promise<Target> {
  if (one !== undefined) {
    const [url, source] = [pathToFileURL(path.join(one.subject.folder, one.file)).href, await sourceOf(one)];
    registerHooks({
      load: (loaded, context, next) =>
        loaded === url ? { format: 'module-typescript', source, shortCircuit: true } : next(loaded, context),
    });
  }
  const { inProcessTarget } = await import('../targets/in-process.ts');
  return inProcessTarget({ name: 'mutant' });
}

async function server({ folder }: Subject, one: Mutant | undefined): Promise<Target> {
  const { processTarget } = await import('./process-target.ts');
  return processTarget({
    folder,
    entrypoint: 'index.js',
    changed: one === undefined ? {} : { [one.file]: await sourceOf(one) },
  });
}
