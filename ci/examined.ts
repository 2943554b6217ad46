// What the conformance suite found out about each image when it was last examined in full: docs/images.json, which the
// README shows.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type ConformanceRun, countConformance } from './report.ts';

const FILE = 'docs/images.json';

const examinedSchema = z.record(
  z.string(),
  z.strictObject({
    /** The day, `YYYY-MM-DD`. */
    on: z.iso.date(),
    /** 10^6 bytes, the base included. */
    megabytes: z.number(),
    /** Milliseconds from creating the container to the first answer of a function. */
    startMs: z.number(),
    passed: z.number(),
    /** Expected to fail by its manifest, or not to be asked of it. */
    exempt: z.number(),
    failed: z.number(),
    /** Of all that decided it: the image's sources and the suite. */
    hash: z.string(),
  }),
);

/** By the name of the image. */
export type Examined = z.infer<typeof examinedSchema>;

/** What is known below a root; nothing if there is no such file. */
export async function readExamined(root: string): Promise<Examined> {
  const text = await readFile(path.join(root, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return examinedSchema.parse(JSON.parse(text));
}

/** An entry for a run of the whole suite. */
export function toEntry({
  run,
  startMs,
  bytes,
  on,
  hash,
}: {
  run: ConformanceRun;
  startMs: number;
  bytes: number;
  on: string;
  hash: string;
}): Examined[string] {
  const { passed, failed, skipped } = countConformance(run);
  return {
    on,
    megabytes: Math.round(bytes / 1e6),
    startMs: Math.round(startMs),
    passed,
    exempt: skipped,
    failed,
    hash,
  };
}

/** Writes entries over those of the same images, sorted by name. */
export async function addExamined({ root, entries }: { root: string; entries: Examined }): Promise<void> {
  const all = Object.entries({ ...(await readExamined(root)), ...entries }).toSorted(([a], [b]) => a.localeCompare(b));
  await writeFile(path.join(root, FILE), `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
}
