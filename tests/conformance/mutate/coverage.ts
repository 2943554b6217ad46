// Which parts of a source a process has run, from the coverage that V8 leaves behind.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

interface Report {
  result: { url: string; functions: { ranges: Range[] }[] }[];
}

interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** Whether what begins at an offset has run. */
export type HasRun = (offset: number) => boolean;

/** By the url of each file that was loaded. */
export async function readCoverage(folder: string): Promise<Map<string, HasRun>> {
  const byUrl = new Map<string, HasRun>();
  for (const file of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Report;
    for (const { url, functions } of result) byUrl.set(url, hasRunBy(functions.flatMap(({ ranges }) => ranges)));
  }
  return byUrl;
}

/** Ranges lie in each other; the narrowest one around an offset counts. */
export function hasRunBy(ranges: readonly Range[]): HasRun {
  const narrowFirst = ranges.toSorted((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return (offset) =>
    (narrowFirst.find(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)?.count ?? 0) > 0;
}
