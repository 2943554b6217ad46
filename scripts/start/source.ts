// Opens the user's code, whichever way it comes: a folder, a .tar.gz or a .zip.

import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { $ } from 'zx';

export interface Source {
  /** What the function is called, taken from the name of the folder or file. */
  name: string;
  /** The folder with the code. */
  folder: string;
  /** What is at its top. */
  files: string[];
}

const UNPACKERS: { ending: RegExp; unpack: (request: { archive: string; into: string }) => Promise<unknown> }[] = [
  { ending: /\.(?:tar\.gz|tgz)$/, unpack: ({ archive, into }) => $({ quiet: true })`tar -xzf ${archive} -C ${into}` },
  { ending: /\.zip$/, unpack: ({ archive, into }) => $({ quiet: true })`unzip -q ${archive} -d ${into}` },
];

/**
 * The code at a path; archives are unpacked below `scratch`.
 * @throws Error saying what is wrong with the path.
 */
export async function openSource({ location, scratch }: { location: string; scratch: string }): Promise<Source> {
  const absolute = path.resolve(location);
  const found = await stat(absolute).catch(() => undefined);
  if (!found) throw new Error(`There is nothing at ${absolute}.`);
  const folder = found.isDirectory() ? absolute : await unpackArchive({ archive: absolute, scratch });
  const files = await topOf(folder);
  if (files.length === 0) throw new Error(`${absolute} is empty; there is no function in it.`);
  return { name: nameOf(absolute), folder, files };
}

async function unpackArchive({ archive, scratch }: { archive: string; scratch: string }): Promise<string> {
  const unpacker = UNPACKERS.find(({ ending }) => ending.test(archive));
  if (!unpacker) throw new Error(`${archive} is neither a folder nor a .tar.gz nor a .zip.`);
  const into = path.join(scratch, 'unpacked');
  await mkdir(into, { recursive: true });
  await unpacker.unpack({ archive, into }).catch((cause: unknown) => {
    throw new Error(`${archive} cannot be unpacked.`, { cause });
  });
  return onlyFolderIn(into);
}

/** Archives often hold everything in one folder; that folder is meant then. */
async function onlyFolderIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [entry] = entries;
  return entries.length === 1 && entry?.isDirectory() ? path.join(folder, entry.name) : folder;
}

async function topOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== '.git').toSorted();
}

/** Names of functions become part of addresses and of containers' names. */
function nameOf(absolute: string): string {
  const base = path.basename(absolute).replace(/\.(?:tar\.gz|tgz|zip)$/, '');
  return (
    base
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'function'
  );
}
