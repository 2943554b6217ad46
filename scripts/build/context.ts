// What goes into the build of an image: the files, their hash, and a folder that holds just them.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { variableLabels } from '../../src/manifest/labels.ts';
import type { Target } from './select.ts';

// Parts of a runtime's folder that no image holds; the manifest's own part is in the hash as data.
const NOT_IN_IMAGES = ['fixture', 'bench', 'example', 'README.md', 'runtime.json'];
// Folders that people who work here have, and git does not.
const MADE = ['node_modules', 'target'];
const CA_BUNDLE = 'shared/ca-bundle.crt';
const SETUP = 'shared/setup.sh';

/** The files of an image's build context, relative to the folder of runtimes, sorted. */
export async function contextFiles({ manifest, folder }: Target): Promise<string[]> {
  const { name, family } = manifest;
  const parts = [name, 'agent', 'shared'];
  const files = await Promise.all(parts.map((start) => filesBelow({ folder, start })));
  const excluded = [name, 'agent'].flatMap((own) => NOT_IN_IMAGES.map((part) => path.join(own, part)));
  const families = await otherFamilies({ folder, family });
  return files
    .flat()
    .filter(
      (file) =>
        ![...excluded, ...families, CA_BUNDLE].some((part) => file === part || file.startsWith(part + path.sep)),
    )
    .toSorted();
}

/** A hash over everything that decides what an image becomes. */
export async function contextHash({ target, baseImage }: { target: Target; baseImage: string }): Promise<string> {
  const hash = createHash('sha256');
  const labels = await variableLabels(target);
  hash.update(JSON.stringify({ baseImage, image: target.manifest.image, version: target.version, labels }));
  for (const file of await contextFiles(target)) {
    const absolute = path.join(target.folder, file);
    const { mode } = await stat(absolute);
    hash.update(`\0${file}\0${mode & 0o111 ? 'x' : '-'}\0`).update(await readFile(absolute));
  }
  return hash.digest('hex');
}

/** A temporary folder with the build context. The bundle is only ever in there, never in the tree. */
export async function stageContext({ target, caBundle }: { target: Target; caBundle?: string | undefined }) {
  return stageFiles({ folder: target.folder, files: await contextFiles(target), caBundle });
}

/** The context in which the agent is built and tested alone. */
export async function stageAgent({ folder, caBundle }: { folder: string; caBundle?: string | undefined }) {
  return stageFiles({ folder, files: [...(await filesBelow({ folder, start: 'agent' })), SETUP], caBundle });
}

interface Files {
  folder: string;
  files: readonly string[];
  caBundle: string | undefined;
}

async function stageFiles({ folder, files, caBundle }: Files) {
  const stage = await mkdtemp(path.join(tmpdir(), 'open-runtimes-build-'));
  const copies = files.map((file) => ({ from: path.join(folder, file), to: path.join(stage, file) }));
  if (caBundle) copies.push({ from: caBundle, to: path.join(stage, CA_BUNDLE) });
  for (const { from, to } of copies) {
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(from, to);
  }
  return {
    folder: stage,
    [Symbol.asyncDispose]: () => rm(stage, { recursive: true, force: true }),
  };
}

async function filesBelow({ folder, start }: { folder: string; start: string }): Promise<string[]> {
  const entries = await readdir(path.join(folder, start), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !MADE.some((made) => file.split(path.sep).includes(made)));
}

/**
 * Folders below `shared` that belong to families; a family's code is named by manifests, everything else is for all.
 */
async function otherFamilies({ folder, family }: { folder: string; family: string | undefined }): Promise<string[]> {
  const entries = await readdir(path.join(folder, 'shared'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'lifecycle' && entry.name !== family)
    .map((entry) => path.join('shared', entry.name));
}
