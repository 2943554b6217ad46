// The files that the checks look at: those of this repository, or a handful invented by a test.

import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Text by path, relative to the root, with slashes. */
export type Tree = ReadonlyMap<string, string>;

export const ROOT = path.join(import.meta.dirname, '../..');
const SKIPPED = new Set(['node_modules', '.git', 'results', 'target']);

/** This repository as it lies on disk. */
export async function repository(): Promise<Tree> {
  const files = await filesBelow(ROOT);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Map(files.map((file, index) => [path.relative(ROOT, file).replaceAll(path.sep, '/'), texts[index] ?? '']));
}

/** A tree that a test invents. */
export function tree(files: Record<string, string>): Tree {
  return new Map(Object.entries(files));
}

/** Paths and texts of the TypeScript and JavaScript files below some folders. */
export function codeBelow({ files, folders }: { files: Tree; folders: string[] }): [string, string][] {
  return [...files].filter(
    ([file]) => /\.(?:ts|mjs|js)$/.test(file) && folders.some((folder) => file.startsWith(`${folder}/`)),
  );
}

/** Folders of the runtimes that declare themselves. */
export function runtimesIn(files: Tree): string[] {
  return [...files.keys()].flatMap((file) => /^runtimes\/([^/]+)\/runtime\.json$/.exec(file)?.[1] ?? []);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const full = path.join(folder, entry.name);
    if (SKIPPED.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(full) : entry.isFile() ? [full] : [];
  });
  return (await Promise.all(nested)).flat().toSorted();
}
