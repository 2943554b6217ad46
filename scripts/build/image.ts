// Builds the images of one version, unless those from the same sources are there already.

import type Docker from 'dockerode';
import { type ImageNames, imagesOf } from '../../src/manifest/names.ts';
import { variableLabels } from '../../src/manifest/labels.ts';
import type { Outcome, Say } from '../console/steps.ts';
import { baseImageName } from '../setup/base-image.ts';
import { contextHash, stageContext } from './context.ts';
import { createBuildLog } from './log.ts';
import { type Target, targetName } from './select.ts';

export const IMAGE_LABEL = 'open-runtimes.image';
export const HASH_LABEL = 'open-runtimes.source-hash';

export interface BuildRequest {
  docker: Docker;
  target: Target;
  say: Say;
  signal: AbortSignal;
  force: boolean;
  caBundle?: string | undefined;
  /** The npm registry to use instead of npm's own. */
  npmRegistry?: string | undefined;
}

// dockerode reads BuildKit's progress with this method, which its types do not know yet.
type BuildKitClient = Docker & { followProgress: Docker['modem']['followProgress'] };

/** All names of all images of a version: of each its own and the alias. */
export function tagsOf({ manifest, version }: Target): string[] {
  return imagesOf(manifest, version).flatMap(({ name, alias }) => [name, alias]);
}

/** The id of the image that builds, if the names of every image all name one that was made from the present sources. */
export async function findCurrent({
  docker,
  target,
  hash,
}: {
  docker: Docker;
  target: Target;
  hash: string;
}): Promise<string | undefined> {
  const ids = await Promise.all(
    imagesOf(target.manifest, target.version).map((names) => findCurrentImage({ docker, names, hash })),
  );
  return ids.includes(undefined) ? undefined : ids[0];
}

async function findCurrentImage({
  docker,
  names,
  hash,
}: {
  docker: Docker;
  names: ImageNames;
  hash: string;
}): Promise<string | undefined> {
  const found = await Promise.all([names.name, names.alias].map((name) => inspect({ docker, name })));
  const [first] = found;
  const current = found.every((image) => image?.Id === first?.Id && image?.Config.Labels?.[HASH_LABEL] === hash);
  return current ? first?.Id : undefined;
}

/** The hash that an image of the present sources carries; undefined while its base image is missing. */
export async function sourceHash({ docker, target }: { docker: Docker; target: Target }): Promise<string | undefined> {
  const base = await inspect({ docker, name: baseImageName(target.version.suite) });
  return base && contextHash({ target, baseImage: base.Id });
}

export async function buildImage(request: BuildRequest): Promise<Outcome<string>> {
  const { docker, target, force } = request;
  const hash = await sourceHash({ docker, target });
  if (!hash) throw new Error(`${targetName(target)} needs the base image ${baseImageName(target.version.suite)}.`);
  const current = force ? undefined : await findCurrent({ docker, target, hash });
  if (current) return { value: current, note: 'unchanged' };
  const images = imagesOf(target.manifest, target.version);
  for (const names of images) await runBuild({ ...request, hash, names });
  await removeReplaced({ docker, target });
  const built = await Promise.all(images.map(({ name }) => demand({ docker, name })));
  return {
    value: built[0]?.Id ?? '',
    note: `built, ${built.map(({ Size }) => `${Math.round(Size / 1e6)} MB`).join(' and ')}`,
  };
}

async function runBuild({
  docker,
  target,
  hash,
  names,
  say,
  signal,
  force,
  caBundle,
  npmRegistry,
}: BuildRequest & { hash: string; names: ImageNames }): Promise<void> {
  const { manifest, version } = target;
  await using context = await stageContext({ target, caBundle });
  const log = createBuildLog({ say });
  const stream = await docker.buildImage(
    { context: context.folder, src: ['.'] },
    {
      version: '2',
      abortSignal: signal,
      dockerfile: `${manifest.name}/Dockerfile`,
      ...(names.stage && { target: names.stage }),
      t: names.name,
      // Forced once for a version: its images share what they are made of.
      nocache: force && names.stage === undefined,
      buildargs: {
        SUITE: version.suite,
        ...version.arguments,
        ...(npmRegistry ? { NPM_CONFIG_REGISTRY: npmRegistry } : {}),
      },
      labels: {
        'org.opencontainers.image.title': `${manifest.title} ${version.version}`,
        'org.opencontainers.image.version': version.version,
        'org.opencontainers.image.licenses': 'MIT',
        [IMAGE_LABEL]: targetName(target),
        [HASH_LABEL]: hash,
        ...(await variableLabels(target)),
      },
    },
  );
  await follow({ docker, stream, log, what: targetName(target) });
  const [repo = '', tag = ''] = names.alias.split(':');
  await docker.getImage(names.name).tag({ repo, tag });
}

/** Waits for the end of a build. Throws with the failing step. */
export async function follow({
  docker,
  stream,
  log,
  what,
}: {
  docker: Docker;
  stream: NodeJS.ReadableStream;
  log: ReturnType<typeof createBuildLog>;
  what: string;
}): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    (docker as BuildKitClient).followProgress(stream, (error) => (error ? reject(error) : resolve()), log.read);
  });
  const failure = log.failure();
  if (failure) throw new Error(`${what} could not be built.\n${failure}`);
}

/** Removes what an earlier build of this version left without a name; what a container still uses stays. */
async function removeReplaced({ docker, target }: { docker: Docker; target: Target }): Promise<void> {
  const replaced = await docker.listImages({
    filters: { dangling: ['true'], label: [`${IMAGE_LABEL}=${targetName(target)}`] },
  });
  for (const { Id } of replaced) {
    await docker
      .getImage(Id)
      .remove()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 409 && error.statusCode !== 404) throw error;
      });
  }
}

async function demand({ docker, name }: { docker: Docker; name: string }): Promise<Docker.ImageInspectInfo> {
  const built = await inspect({ docker, name });
  if (!built) throw new Error(`The engine reported no error, but ${name} is not there.`);
  return built;
}

async function inspect({ docker, name }: { docker: Docker; name: string }) {
  return docker
    .getImage(name)
    .inspect()
    .catch((error: { statusCode?: number }) => {
      if (error.statusCode === 404) return undefined;
      throw error;
    });
}
