// Writes a part of docs/benchmarks.md, and beside it the numbers and plots of which that is made.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceBetweenMarkers } from '../../scripts/generate/files.ts';

const DOCS = path.join(import.meta.dirname, '../../docs');
const FOLDER = path.join(DOCS, 'benchmarks');
const PAGE = path.join(DOCS, 'benchmarks.md');

/** `report` goes between the markers `bench-<name>`, `measured` into `benchmarks/<name>.json`; `plots` by file name. */
export async function publish({
  name,
  measured,
  report,
  plots = {},
}: {
  name: string;
  measured: unknown;
  report: string;
  plots?: Record<string, string>;
}): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path.join(FOLDER, `${name}.json`), `${JSON.stringify(measured, undefined, 2)}\n`);
  for (const [file, svg] of Object.entries(plots)) await writeFile(path.join(FOLDER, file), svg);
  await writePart({ name: `bench-${name}`, report });
}

/** Puts a report between the markers of that name. */
export async function writePart({ name, report }: { name: string; report: string }): Promise<void> {
  await writeFile(PAGE, replaceBetweenMarkers({ text: await readFile(PAGE, 'utf8'), name, content: report }));
}
