// All that is derived from other files of the repository: which files, and what they should hold.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readExamined } from '../../ci/examined.ts';
import { readManifests } from '../../src/manifest/read.ts';
import { manifestSchema } from '../../src/manifest/schema.ts';
import { examinedTable } from './examined-table.ts';
import { imageTable } from './image-table.ts';
import { metricsTable } from './metrics-table.ts';
import { settingsTable } from './settings-table.ts';

export interface GeneratedFile {
  /** Relative to the root. */
  file: string;
  text: string;
}

/** Every generated file as it should be. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const manifests = await readManifests(path.join(root, 'runtimes'));
  const examined = await readExamined(root);
  return [
    {
      file: 'runtimes/runtime.schema.json',
      text: `${JSON.stringify(z.toJSONSchema(manifestSchema, { io: 'input' }), null, 2)}\n`,
    },
    {
      file: 'README.md',
      text: replaceBetweenMarkers({
        text: await read(root, 'README.md'),
        name: 'images',
        content: `${imageTable(manifests)}\n\n${examinedTable({ manifests, examined })}`,
      }),
    },
    { file: 'docs/operations.md', text: withTables(await read(root, 'docs/operations.md')) },
  ];
}

function withTables(operations: string): string {
  const text = replaceBetweenMarkers({ text: operations, name: 'settings', content: settingsTable() });
  return replaceBetweenMarkers({ text, name: 'metrics', content: metricsTable() });
}

/** Those that are not as they should be. */
export async function outdatedFiles(root: string): Promise<GeneratedFile[]> {
  const files = await generatedFiles(root);
  const present = await Promise.all(files.map(({ file }) => read(root, file)));
  return files.filter(({ text }, index) => text !== present[index]);
}

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end: name -->`. */
export function replaceBetweenMarkers({
  text,
  name,
  content,
}: {
  text: string;
  name: string;
  content: string;
}): string {
  const begin = `<!-- generated: ${name} -->\n`;
  const end = `<!-- end: ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The markers of "${name}" are missing.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n\n${text.slice(to)}`;
}

function read(root: string, file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8').catch(() => '');
}
