// Measures what an image and its idle server weigh.

import type Docker from 'dockerode';
import { baseImageName } from '../../../scripts/setup/base-image.ts';
import type { Servers, Started } from '../servers.ts';
import type { Subject } from '../subjects.ts';

// Where a container finds its own group's account of memory: engines with the first kind of control groups, and with
// the second.
const ACCOUNTS = ['/sys/fs/cgroup/memory/memory.stat', '/sys/fs/cgroup/memory.stat'];

export interface Footprint {
  /** Memory of the processes themselves, in bytes, after one answer. */
  oursBytes: number;
  bareBytes: number;
  imageBytes: number;
  baseBytes: number;
  /** Of the layers with the language's own packages, if it is known which those are. */
  languageBytes?: number;
}

export async function measureFootprint({
  docker,
  subject,
  servers,
}: {
  docker: Docker;
  subject: Subject;
  servers: Servers;
}): Promise<Footprint> {
  const sizeOf = async (name: string) => (await docker.getImage(name).inspect()).Size;
  return {
    oursBytes: await idleMemory(servers.startOurs),
    bareBytes: await idleMemory(servers.startBare),
    imageBytes: await sizeOf(subject.image),
    baseBytes: await sizeOf(baseImageName(subject.target.version.suite)),
    ...(subject.languageLayer && {
      languageBytes: await sizeOfLayers({ docker, image: subject.image, made: new RegExp(subject.languageLayer) }),
    }),
  };
}

/** Of those layers of an image whose commands match. @throws Error if there are none. */
async function sizeOfLayers({ docker, image, made }: { docker: Docker; image: string; made: RegExp }): Promise<number> {
  const layers = ((await docker.getImage(image).history()) as { Size: number; CreatedBy: string }[]).filter(
    ({ CreatedBy }) => made.test(CreatedBy),
  );
  if (layers.length === 0) throw new Error(`No layer of ${image} was made by a command like ${String(made)}.`);
  return layers.reduce((sum, { Size }) => sum + Size, 0);
}

/** Counts pages that several processes share once, unlike the sum over the processes. */
async function idleMemory(start: () => Promise<Started>): Promise<number> {
  await using started = await start();
  await started.firstAnswerMs();
  const { output } = await started.exec(['sh', '-c', `cat ${ACCOUNTS.join(' ')} 2> /dev/null`]);
  return parseAccount(output);
}

/** Anonymous memory in bytes. @throws Error if the text does not say it. */
export function parseAccount(text: string): number {
  const bytes = /^(?:rss|anon) (\d+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error(`The account of memory says nothing of anonymous memory:\n${text}`);
  return Number(bytes);
}
