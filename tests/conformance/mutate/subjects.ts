// What is mutated: the server of the fakes in its process, and the default runtime's server as a plain process.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RUNTIMES_FOLDER, select, type Target as Image } from '../../../scripts/build/select.ts';
import { exemptionsOf } from '../targets/exemptions.ts';
import { findMutations, type Mutation } from './mutations.ts';

const FAKES = path.join(import.meta.dirname, '../fakes');

// The fixture is the function that the suite brings along, and faults are faults already.
const FAKE_FILES = ['check.ts', 'context.ts', 'listen.ts', 'loader.ts', 'logger.ts', 'server.ts', 'write.ts'];

// What ends a server and what starts it before its function shows in containers only: `ImageCase`s ask for it.
const NOT_OVER_HTTP = new Set(['lifetime.js', 'standby.js', 'sample.js']);

// Constants for which a process without a container has others; `ImageCase`s see those of containers.
const OF_THE_CONTAINER = /^(?:PORT|DRAIN_MS|LOGS_FOLDER|TIMINGS_FILE|DEPENDENCIES_FOLDER):/;

export interface Subject {
  name: 'fakes' | 'server';
  /** Where its files are. */
  folder: string;
  files: readonly string[];
  /** The cases that its manifest excuses: they say nothing of a mutation. */
  excused: ReadonlySet<string>;
}

export async function readSubjects(): Promise<Subject[]> {
  const behaviour = (await readdir(path.join(FAKES, 'behaviour'))).map((file) => `behaviour/${file}`);
  const { manifest, version } = await defaultImage();
  const folder = path.join(RUNTIMES_FOLDER, manifest.name, 'server');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js') && !NOT_OVER_HTTP.has(file));
  return [
    { name: 'fakes', folder: FAKES, files: [...behaviour, ...FAKE_FILES].toSorted(), excused: new Set() },
    {
      name: 'server',
      folder,
      files: files.toSorted(),
      excused: new Set(exemptionsOf({ manifest, version: version.version }).map((one) => one.case)),
    },
  ];
}

/** That of the newest version: it runs in the Node.js that the project itself is run by. */
async function defaultImage(): Promise<Image> {
  const image = (await select({ words: [] })).find(({ manifest }) => manifest.default);
  if (image === undefined) throw new Error('No manifest says that its runtime is the default one.');
  return image;
}

/** One mutation of one file of a subject. */
export interface Mutant {
  subject: Subject;
  file: string;
  mutation: Mutation;
  /** The line of the source that it is in. */
  code: string;
}

export async function readMutants(subject: Subject): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const file of subject.files) {
    const source = await readFile(path.join(subject.folder, file), 'utf8');
    const lines = source.split('\n');
    for (const mutation of findMutations(file, source)) {
      const code = (lines[mutation.line - 1] ?? '').trim();
      if (!OF_THE_CONTAINER.test(code)) mutants.push({ subject, file, mutation, code });
    }
  }
  return mutants;
}
