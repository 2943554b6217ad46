// Which runtimes are measured: those with a folder `bench`, each in its default version unless another one is named.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RUNTIMES_FOLDER, select, type Target, targetName } from '../../scripts/build/select.ts';
import { imageName } from '../../src/manifest/names.ts';

const benchSchema = z.strictObject({
  /**
   * The command, run in the same image before, that makes a program of the bare server, where the language compiles.
   */
  build: z.array(z.string()).min(1).optional(),
  /** The command of the bare server, whose folder is mounted at /mnt/code. */
  bare: z.array(z.string()).min(1),
  /** What the commands of those layers have in them that hold the language's own packages, as a pattern. */
  languageLayer: z.string().optional(),
  goals: z.strictObject({
    /** Requests a second as a share of the bare server's, at least. */
    throughput: z.number().optional(),
    /** Milliseconds at the median over the bare server, at most. */
    addedLatencyMs: z.number().optional(),
    /** Milliseconds until the first answer over the bare server, at most. */
    addedStartMs: z.number().optional(),
    /** Idle memory as a multiple of the bare server's, at most. */
    memory: z.number().optional(),
    /** MB of the image beyond its base and the language's own packages, at most. */
    addedMb: z.number().optional(),
  }),
});

export type Goals = z.infer<typeof benchSchema>['goals'];

/** A runtime to measure. */
export interface Subject {
  target: Target;
  image: string;
  bareBuild?: string[] | undefined;
  bareCommand: string[];
  bareFolder: string;
  helloFolder: string;
  fixtureFolder: string;
  languageLayer?: string | undefined;
  goals: Goals;
}

/** @throws Error for a name that is no runtime, or one that has no bare server. */
export async function chooseSubjects(names: string[]): Promise<Subject[]> {
  const targets = (await select({ words: names })).filter(
    (target) => target.version === target.manifest.versions[0] || names.includes(targetName(target)),
  );
  const missing = names.length === 0 ? [] : targets.filter(({ manifest }) => !existsSync(fileOf(manifest.name)));
  if (missing.length > 0)
    throw new Error(
      `There is no bare server of ${missing.map(({ manifest }) => manifest.name).join(', ')} (${folderOf('<name>')}).`,
    );
  return Promise.all(targets.filter(({ manifest }) => existsSync(fileOf(manifest.name))).map(toSubject));
}

/** The language and its version. */
export function titleOf({ target: { manifest, version } }: Subject): string {
  return `${manifest.title} ${version.version}`;
}

async function toSubject(target: Target): Promise<Subject> {
  const { name } = target.manifest;
  const { build, bare, languageLayer, goals } = benchSchema.parse(JSON.parse(await readFile(fileOf(name), 'utf8')));
  return {
    target,
    image: imageName(target.manifest, target.version),
    bareBuild: build,
    bareCommand: bare,
    bareFolder: path.join(folderOf(name), 'bare'),
    helloFolder: path.join(folderOf(name), 'hello'),
    fixtureFolder: path.join(RUNTIMES_FOLDER, name, 'fixture'),
    languageLayer,
    goals,
  };
}

function fileOf(name: string): string {
  return path.join(folderOf(name), 'bench.json');
}

function folderOf(name: string): string {
  return path.join(RUNTIMES_FOLDER, name, 'bench');
}
