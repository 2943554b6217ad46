// Makes the Debian base images present: pulled where a container registry can be reached, else made from Debian's own
// packages.

import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { $, which } from 'zx';
import type { Version } from '../../src/manifest/schema.ts';
import type { Say, Steps } from '../console/steps.ts';
import { hostMirror } from './mirror.ts';
import { installPackages, whyNoPackages } from './packages.ts';

// In which every image has the agent built.
const AGENT_SUITE = 'trixie';
const PULL_SILENCE_MS = 15_000;
// Half of the time they wait for the mirror and the disk.
const AT_ONCE = 2;
// Suites whose mirrors are often copies that stand still; apt would call their index expired.
const MOVING_SUITES = new Set(['trixie', 'forky', 'sid', 'experimental']);
// Packages of later suites ask for a merged /usr. Merging it from the start spares them `usrmerge`, which brings all of
// Perl.
const MERGED_USR = ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr', '--include=usr-is-merged'];
const SPLIT_USR_SUITES = new Set(['bullseye']);
const LEFT_OUT = ['doc', 'groff', 'info', 'lintian', 'linda', 'locale', 'man'].map(
  (folder) => `path-exclude=/usr/share/${folder}/*`,
);
const KEPT = 'path-include=/usr/share/doc/*/copyright';

interface ImageRequest {
  docker: Docker;
  suite: string;
  say: Say;
  signal: AbortSignal;
}

export function baseImageName(suite: string): string {
  return `debian:${suite}-slim`;
}

/** Makes the base images of some targets present, and no others. */
export async function ensureBaseImages({
  docker,
  targets,
  steps,
}: {
  docker: Docker;
  targets: { version: Pick<Version, 'suite'> }[];
  steps: Steps;
}): Promise<void> {
  const left = new Set([AGENT_SUITE, ...targets.map((target) => target.version.suite)]).values();
  const worker = async (): Promise<void> => {
    for (const suite of left) await ensureBaseImage({ docker, suite, steps });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Keeps, pulls or makes `debian:<suite>-slim`. */
export async function ensureBaseImage({
  docker,
  suite,
  steps,
}: {
  docker: Docker;
  suite: string;
  steps: Steps;
}): Promise<void> {
  await steps.run(`Base image ${baseImageName(suite)}`, async (say, signal) => {
    if (await isPresent({ docker, name: baseImageName(suite) })) return { value: undefined, note: 'found' };
    say('pulling');
    const pullFailure = await pull({ docker, suite, say, signal }).catch((error: unknown) => error);
    if (pullFailure === undefined) return { value: undefined, note: 'pulled' };
    await make({ docker, suite, say, signal, pullFailure });
    return { value: undefined, note: "made from Debian's packages" };
  });
}

async function isPresent({ docker, name }: { docker: Docker; name: string }): Promise<boolean> {
  return docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      (error: { statusCode?: number }) => {
        if (error.statusCode === 404) return false;
        throw error;
      },
    );
}

/**
 * Gives up when nothing has been heard for a while, so that a network that swallows packets does not hold anybody up.
 */
async function pull({ docker, suite, say, signal }: ImageRequest): Promise<void> {
  const silence = new AbortController();
  const ended = AbortSignal.any([silence.signal, signal]);
  const timer = setTimeout(() => silence.abort(new Error('no answer from the container registry')), PULL_SILENCE_MS);
  try {
    const stream = await docker.createImage({ fromImage: 'debian', tag: `${suite}-slim`, abortSignal: ended });
    await new Promise<void>((resolve, reject) => {
      ended.addEventListener('abort', () => reject(ended.reason as Error));
      docker.modem.followProgress(
        stream,
        (error) => (error ? reject(error) : resolve()),
        (event: { status?: string }) => {
          timer.refresh();
          say(event.status ?? '');
        },
      );
    });
  } finally {
    clearTimeout(timer);
  }
}

async function make({
  docker,
  suite,
  say,
  signal,
  pullFailure,
}: ImageRequest & { pullFailure: unknown }): Promise<void> {
  signal.throwIfAborted();
  const obstacle = await whyNoPackages();
  if (obstacle) {
    throw new Error(`${baseImageName(suite)} could not be pulled, and cannot be made here, because ${obstacle}.`, {
      cause: pullFailure,
    });
  }
  await (bootstrapper ??= ensureBootstrapper(say));
  say('cannot be pulled, making it with mmdebstrap');
  const folder = await mkdtemp(path.join(tmpdir(), 'open-runtimes-base-'));
  try {
    const archive = path.join(folder, 'base.tar');
    await bootstrap({ suite, archive, signal });
    say('importing');
    const stream = await docker.importImage(createReadStream(archive), {
      repo: 'debian',
      tag: `${suite}-slim`,
      changes: 'CMD ["bash"]',
    });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Two installations at once would keep each other out.
let bootstrapper: Promise<void> | undefined;

async function ensureBootstrapper(say: Say): Promise<void> {
  if (await which('mmdebstrap', { nothrow: true })) return;
  await installPackages({ names: ['mmdebstrap', 'debian-archive-keyring'], say });
}

/**
 * Writes the file system of a suite to an archive, a file of its own, so that a failure is seen before anything is
 * imported.
 */
async function bootstrap({
  suite,
  archive,
  signal,
}: {
  suite: string;
  archive: string;
  signal: AbortSignal;
}): Promise<void> {
  const options = [
    ...(SPLIT_USR_SUITES.has(suite) ? [] : MERGED_USR),
    ...[...LEFT_OUT, KEPT].map((option) => `--dpkgopt=${option}`),
    ...(MOVING_SUITES.has(suite) ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
  ];
  const mirror = await hostMirror();
  const making = $({
    nothrow: true,
    quiet: true,
    detached: true,
  })`mmdebstrap --variant=minbase ${options} ${suite} ${archive} ${mirror ? [mirror] : []}`;
  const end = () => endGroup(making.pid);
  signal.addEventListener('abort', end);
  const made = await making;
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (made.exitCode !== 0) {
    throw new Error(
      `mmdebstrap could not make the base image of ${suite}:\n${made.stderr.trim().split('\n').slice(-10).join('\n')}`,
    );
  }
}

/**
 * Asks a process and all below it to end, for which the minus sign stands; zx would ask the first one only. They have
 * file systems mounted in the folder that they make, and must take these away themselves.
 */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
