// Takes code to a function that answers, over the executor's own interface: builds it, starts it, calls it.

import { quote } from 'zx';
import type { Manifest } from '../../src/manifest/schema.ts';

/** An executor that listens. */
export interface ExecutorAddress {
  url: string;
  secret: string;
}

export interface Deployment {
  executor: ExecutorAddress;
  /** The function's name: the runtime's id and its part of the gateway's path. */
  name: string;
  image: string;
  manifest: Manifest;
  entrypoint: string;
  signal: AbortSignal;
}

const BUILD_SECONDS = 600;
const MEMORY_MB = 1024;

/** Builds the code at a key of the storage; returns the key of the artifact. */
export async function build(
  { executor, name, image, manifest, entrypoint, signal }: Deployment,
  source: string,
): Promise<string> {
  const built = await post({
    executor,
    signal,
    body: {
      runtimeId: `build-${name}`,
      image,
      entrypoint,
      source,
      destination: 'artifacts',
      command: `tar -xzf /tmp/code.tar.gz -C /mnt/code && bash helpers/build.sh ${quote(manifest.install)}`,
      timeout: BUILD_SECONDS,
      memory: MEMORY_MB,
      remove: true,
    },
  });
  return (built as { path: string }).path;
}

/** Starts the function from its artifact. */
export async function start(
  { executor, name, image, manifest, entrypoint, signal }: Deployment,
  artifact: string,
): Promise<void> {
  await post({
    executor,
    signal,
    body: {
      runtimeId: name,
      image,
      entrypoint,
      source: artifact,
      runtimeEntrypoint: `cp /tmp/code.tar.gz /mnt/code/ && exec bash helpers/start.sh ${quote(manifest.start)}`,
      memory: MEMORY_MB,
    },
  });
}

/** Where anybody can call the function. */
export function functionUrl({ executor, name }: Deployment): string {
  return `${executor.url}/functions/${name}/`;
}

/** Calls the function once, as anybody would. */
export async function call(deployment: Deployment): Promise<{ status: number; body: string }> {
  const response = await fetch(functionUrl(deployment), { signal: deployment.signal });
  return { status: response.status, body: await response.text() };
}

async function post({
  executor,
  body,
  signal,
}: {
  executor: ExecutorAddress;
  body: object;
  signal: AbortSignal;
}): Promise<unknown> {
  const response = await fetch(`${executor.url}/v1/runtimes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${executor.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `The executor answered with ${response.status}.`);
  return answer;
}
