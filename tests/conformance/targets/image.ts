// A target that is an image: builds the fixture with it and starts containers of it.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { CERTIFICATE_VARIABLES_LABEL } from '../../../src/contract/image-labels.ts';
import { findCaBundle } from '../../../src/lib/ca-bundle.ts';
import type { Manifest } from '../../../src/manifest/schema.ts';
import { openEngine } from '../../support/engine.ts';
import { exemptionsOf } from './exemptions.ts';
import { runContainer, type Running } from './image/container.ts';
import { openFolders } from './image/folders.ts';
import { toServer } from './image/serve.ts';
import { openWorkshop } from './image/workshop.ts';
import {
  ABILITIES,
  type Ability,
  type Build,
  BuildFailed,
  type BuildOptions,
  type Container,
  DEFAULT_ENVIRONMENT,
  type Image,
  type RunOptions,
  type ServeOptions,
  type Server,
  type Setup,
  type Target,
} from './target.ts';

// By its full name, since an engine looks for commands in the PATH that the container is given.
const BASH = '/bin/bash';
const DEFAULT_START = 'bash helpers/server.sh';
const CA_BUNDLE_IN_BUILDS = '/etc/ssl/opr-ca-bundle.crt';

export interface ImageOptions {
  /** The image's name with its tag. */
  image: string;
  /** The folder of the runtime's fixture, with `function/` and the others. */
  fixtureFolder: string;
  /** The image's manifest and version; absent for images of strangers. */
  manifest?: Manifest;
  version?: string;
  /** The image that builds what this one serves; itself if left out. */
  builder?: string;
}

/** @throws Error if there is no such image, or no fixture. */
export async function imageTarget({
  image,
  fixtureFolder,
  manifest,
  version,
  builder = image,
}: ImageOptions): Promise<Target> {
  if (!existsSync(path.join(fixtureFolder, 'function')))
    throw new Error(`${fixtureFolder} has no folder "function" (tests/conformance/README.md).`);
  const docker = openEngine();
  for (const name of new Set([image, builder])) await demandImage({ docker, name });
  await using resources = new AsyncDisposableStack();
  const folders = resources.use(await openFolders());
  const examined = openImage({ docker, image, builder, fixtureFolder, manifest, folders, resources });
  const compiles = manifest?.pack === 'binary';
  const builds = new Map<string, Promise<Build>>();

  /** One build serves all set-ups that differ only in what a start sees. */
  const buildOnce = (fixture: string, environment: Readonly<Record<string, string>>): Promise<Build> => {
    const entrypoint = environment.OPEN_RUNTIMES_ENTRYPOINT;
    const key = JSON.stringify([fixture, entrypoint]);
    const build =
      builds.get(key) ??
      examined.build({
        source: path.join(fixtureFolder, fixture),
        environment: entrypoint === undefined ? {} : { OPEN_RUNTIMES_ENTRYPOINT: entrypoint },
      });
    builds.set(key, build);
    return build;
  };

  const start = async ({ fixture = 'function', environment = {} }: Setup): Promise<Server> => {
    const merged = { ...DEFAULT_ENVIRONMENT, ...environment };
    const given = Object.fromEntries(
      Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null),
    );
    const build = await buildOnce(fixture, given);
    if (build.exitCode !== 0) throw new BuildFailed(build);
    const server = await examined.serve({ artifact: build.folder, environment: given });
    await server.ready();
    return server;
  };

  const owned = resources.move();
  return {
    name: image,
    abilities: abilitiesOf(manifest),
    exceptions: exemptionsOf({ manifest, version }),
    ...(manifest !== undefined && { entrypoint: manifest.entrypoint }),
    compiles,
    checks: await namesOf(path.join(fixtureFolder, 'checks')),
    image: examined,
    start,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function demandImage({ docker, name }: { docker: Docker; name: string }): Promise<void> {
  await docker
    .getImage(name)
    .inspect()
    .catch((cause: { statusCode?: number; message?: string }) => {
      const advice =
        cause.statusCode === 404
          ? `There is no image ${name}. Build it with "npm run build", or pull it.`
          : `The Docker Engine does not answer: ${cause.message}`;
      throw new Error(advice, { cause });
    });
}

async function labelsOf({ docker, image }: { docker: Docker; image: string }): Promise<Record<string, string>> {
  return (await docker.getImage(image).inspect()).Config.Labels ?? {};
}

/** The variables that lead a build's tools to the certificates that this machine trusts. */
async function certificatesOf({ docker, image }: { docker: Docker; image: string }): Promise<Record<string, string>> {
  const labels = await labelsOf({ docker, image });
  const names = (labels[CERTIFICATE_VARIABLES_LABEL] ?? '').split(' ').filter((name) => name !== '');
  return Object.fromEntries(names.map((name) => [name, CA_BUNDLE_IN_BUILDS]));
}

interface Opened extends Required<Pick<ImageOptions, 'image' | 'builder' | 'fixtureFolder'>> {
  docker: Docker;
  manifest: Manifest | undefined;
  folders: Awaited<ReturnType<typeof openFolders>>;
  /** Removes, at the end, whatever was started. */
  resources: AsyncDisposableStack;
}

function openImage({ docker, image, builder, fixtureFolder, manifest, folders, resources }: Opened): Image {
  const launched = new Set<Running>();
  resources.defer(async () => void (await Promise.all([...launched].map((running) => running.remove()))));

  const launch = async (options: RunOptions, more: { from?: string; network?: string } = {}): Promise<Running> => {
    const { from = image, network } = more;
    const running = await runContainer({ docker, image: from, options, network });
    launched.add(running);
    return running;
  };
  const workshop = openWorkshop({ folders, launch });

  const caBundle = findCaBundle(process.env);
  const build = async ({
    source,
    install = manifest?.install ?? '',
    mounts,
    environment,
    ...options
  }: BuildOptions): Promise<Build> => {
    const folder = await folders.make(source);
    const running: RunOptions = {
      ...options,
      command: [BASH, 'helpers/build.sh', install],
      environment: { ...(caBundle && (await certificatesOf({ docker, image: builder }))), ...environment },
      mounts: { '/mnt/code': folder, ...(caBundle && { [CA_BUNDLE_IN_BUILDS]: caBundle }), ...mounts },
    };
    const built = await launch(running, { from: builder, network: await workshop.network() });
    try {
      return { ...(await built.ended), folder };
    } finally {
      await built.remove();
      launched.delete(built);
    }
  };

  const serve = async ({
    artifact,
    start = manifest?.start ?? DEFAULT_START,
    mounts,
    environment = DEFAULT_ENVIRONMENT,
    unreachable,
    ...options
  }: ServeOptions): Promise<Container> => {
    const [logs, telemetry] = await Promise.all([folders.make(), folders.make()]);
    const began = performance.now();
    const served: RunOptions = {
      ...options,
      environment,
      command: [BASH, 'helpers/start.sh', start],
      mounts: { '/mnt/code': `${artifact}`, '/mnt/logs': logs, '/mnt/telemetry': telemetry, ...mounts },
    };
    const running = await launch(served, unreachable === true ? { network: 'none' } : {});
    return toServer({ running, secret: environment.OPEN_RUNTIMES_SECRET ?? '', logs, telemetry, began });
  };

  // The tools that a manifest names are for builds.
  const own = manifest !== undefined && { manifest: builder === image ? manifest : { ...manifest, tools: [] } };
  const readLabels = () => labelsOf({ docker, image });
  return {
    name: image,
    fixtureFolder,
    ...own,
    readLabels,
    makeFolder: folders.make,
    build,
    serve,
    run: workshop.run,
  };
}

/** Of an image that no manifest names, neither the user's file nor what its own checks would install is known. */
export function abilitiesOf(manifest: Manifest | undefined): Set<Ability> {
  const abilities = new Set(Object.keys(ABILITIES) as Ability[]);
  if (manifest === undefined) for (const ability of ['entrypoint', 'manifest'] as const) abilities.delete(ability);
  if (manifest?.features.includes('warm-standby') !== true) abilities.delete('warm-standby');
  return abilities;
}

async function namesOf(folder: string): Promise<string[]> {
  return existsSync(folder) ? (await readdir(folder)).toSorted() : [];
}
