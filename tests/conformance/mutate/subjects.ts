// What is mutated: the server of the fakes, which keeps the contract in a process of its own.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { findMutations, type Mutation } from './mutations.ts';

export const FAKES = path.join(import.meta.dirname, '../fakes');

// The fixture is the function that the suite brings along, and faults are faults already.
const FAKE_FILES = ['check.ts', 'context.ts', 'listen.ts', 'loader.ts', 'logger.ts', 'server.ts', 'write.ts'];

/** One mutation of one file. */
export interface Mutant {
  file: string;
  mutation: Mutation;
  /** The line of the source that it is in. */
  code: string;
}

export async function readMutants(): Promise<Mutant[]> {
  const behaviour = (await readdir(path.join(FAKES, 'behaviour'))).map((file) => `behaviour/${file}`);
  const mutants: Mutant[] = [];
  for (const file of [...behaviour, ...FAKE_FILES].toSorted()) {
    const source = await readFile(path.join(FAKES, file), 'utf8');
    const lines = source.split('\n');
    for (const mutation of findMutations(file, source))
      mutants.push({ file, mutation, code: (lines[mutation.line - 1] ?? '').trim() });
  }
  return mutants;
}
