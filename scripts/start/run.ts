// `npm start` from the first check to the function that answers; ends with the signal and leaves nothing behind.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { imageName } from '../../src/manifest/names.ts';
import { buildImages } from '../build/images.ts';
import { RUNTIMES_FOLDER, select } from '../build/select.ts';
import type { Steps } from '../console/steps.ts';
import { ensureBaseImages } from '../setup/base-image.ts';
import { ensureEngine } from '../setup/engine.ts';
import { build, call, type Deployment, functionUrl, start } from './deploy.ts';
import { type Detection, detect } from './detect.ts';
import { openExecutor } from './executor.ts';
import { pack } from './pack.ts';
import { onFreePort } from './port.ts';
import { openSource, type Source } from './source.ts';

export interface StartOptions {
  /** A folder or an archive; the default runtime's example if left out. */
  location?: string | undefined;
  runtime?: string | undefined;
  entrypoint?: string | undefined;
  port?: number | undefined;
  development?: boolean | undefined;
}

/** Serves until the signal aborts, and throws its reason then. */
export async function run({
  options,
  steps,
  signal,
}: {
  options: StartOptions;
  steps: Steps;
  signal: AbortSignal;
}): Promise<void> {
  await using scratch = await temporaryFolder();
  const { source, detection } = await openCode({ options, scratch: scratch.path });
  const { target } = detection;
  console.log(`\n${source.name}: ${detection.entrypoint}, for ${target.manifest.title} ${target.version.version}\n`);

  const docker = await ensureEngine(steps);
  await ensureBaseImages({ docker, targets: [target], steps });
  await buildImages({ docker, targets: [target], steps });

  await using executor = await steps.run('Executor', async () => {
    const own = { docker, folder: scratch.path, development: options.development === true };
    const opened = await onFreePort({ wish: options.port, listen: (port) => openExecutor({ ...own, port }) });
    return { value: opened, note: opened.url };
  });
  const { manifest, version } = target;
  const deployment: Deployment = {
    executor,
    name: source.name,
    image: imageName(manifest, version),
    manifest,
    entrypoint: detection.entrypoint,
    signal,
  };
  await deploy({ deployment, source, storage: executor.storage, steps });
  signal.throwIfAborted();
  await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

async function openCode({
  options,
  scratch,
}: {
  options: StartOptions;
  scratch: string;
}): Promise<{ source: Source; detection: Detection }> {
  const targets = await select({ words: [] });
  const chosen = targets.find(({ manifest }) => manifest.default);
  const location = options.location ?? path.join(RUNTIMES_FOLDER, chosen?.manifest.name ?? '', 'example');
  const source = await openSource({ location, scratch });
  return { source, detection: detect({ ...options, files: source.files, targets }) };
}

async function deploy(request: {
  deployment: Deployment;
  source: Source;
  storage: string;
  steps: Steps;
}): Promise<void> {
  const { deployment, source, storage, steps } = request;
  const { ignore } = deployment.manifest;
  const artifact = await steps.run(`Build of ${source.name}`, async () => {
    await mkdir(path.join(storage, 'sources'), { recursive: true });
    await pack({ folder: source.folder, ignore, file: path.join(storage, 'sources/code.tar.gz') });
    return { value: await build(deployment, 'sources/code.tar.gz'), note: 'done' };
  });
  await steps.run(`Start of ${source.name}`, async () => ({
    value: await start(deployment, artifact),
    note: 'listening',
  }));
  const answer = await steps.run(`Call of ${source.name}`, async () => {
    const value = await call(deployment);
    return { value, note: `status ${value.status}` };
  });
  console.log(
    `\n${answer.body.trimEnd()}\n\nIt answers at ${functionUrl(deployment)}\nTry it:  curl ` +
      `${functionUrl(deployment)}\nCtrl-C ends it and leaves nothing behind.`,
  );
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'open-runtimes-start-'));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
