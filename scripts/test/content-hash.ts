// The hash of all that decides how the images of a version do in the conformance suite: what goes into them, the
// fixture and the manifest, and the suite itself.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { contextHash } from '../build/context.ts';
import type { Target } from '../build/select.ts';
import { baseImageName } from '../setup/base-image.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SUITE = ['tests/conformance', 'src/contract', 'src/manifest'];
// The suite's proof and its page decide nothing about an image.
const NOT_OF_THE_SUITE = /^tests\/conformance\/fakes\/|\.test\.ts$|\.md$/;

/** The same on every machine: it depends on the name of the base image, not on when that was made. */
export async function contentHash({ target, root = ROOT }: { target: Target; root?: string }): Promise<string> {
  const fixture = path.join(target.folder, target.manifest.name, 'fixture');
  const hash = createHash('sha256');
  hash.update(await contextHash({ target, baseImage: baseImageName(target.version.suite) }));
  hash.update(JSON.stringify({ ...target.manifest, versions: [] }));
  hash.update(await filesHash({ folder: fixture, keeps: () => true }));
  for (const folder of SUITE) {
    const keeps = (file: string): boolean => !NOT_OF_THE_SUITE.test(`${folder}/${file}`);
    hash.update(await filesHash({ folder: path.join(root, folder), keeps }));
  }
  return hash.digest('hex');
}

async function filesHash({ folder, keeps }: { folder: string; keeps(file: string): boolean }): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => keeps(file.split(path.sep).join('/')))
    .toSorted();
  for (const file of files) hash.update(`\0${file}\0`).update(await readFile(path.join(folder, file)));
  return hash.digest('hex');
}
