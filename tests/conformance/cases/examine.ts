// What cases about images share: building the fixture, laying out folders, comparing.

import path from 'node:path';
import type { Finding } from '../case.ts';
import { show } from '../check/match.ts';
import type { Build, BuildOptions, Container, Image, ServeOptions } from '../targets/target.ts';

/** No finding if the two are equal. */
export function same({
  clause,
  what,
  expected,
  got,
}: {
  clause: string;
  what: string;
  expected: unknown;
  got: unknown;
}): Finding[] {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
  return wanted === found ? [] : [{ clause, what, expected: show(wanted), got: show(found ?? 'undefined') }];
}

/** No finding if the text has all of these, in this order. */
export function contains({
  clause,
  what,
  text,
  parts,
}: {
  clause: string;
  what: string;
  text: string;
  parts: readonly string[];
}): Finding[] {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1)
      return [{ clause, what, expected: `contains ${show(part)}${from > 0 ? ', in its place' : ''}`, got: show(text) }];
    from = at + part.length;
  }
  return [];
}

export interface FixtureBuild extends Omit<BuildOptions, 'source'> {
  image: Image;
  /** A script that changes a copy of the source first. */
  prepare?: string;
}

/**
 * Builds the fixture's function, changed as the script says. The manifest's install command is left out unless one is
 * given.
 */
export async function buildFixture({ image, prepare, install = '', ...options }: FixtureBuild): Promise<Build> {
  const fixture = path.join(image.fixtureFolder, 'function');
  const source = prepare === undefined ? fixture : await inFolder({ image, from: fixture, script: prepare });
  return image.build({ source, install, ...options });
}

// Starts only read artifacts, so cases that ask for the same build can share it.
const builds = new WeakMap<Image, Map<string, Promise<Build>>>();

/** A build that must succeed for a case to say anything. */
export async function builtFixture({ image, ...request }: FixtureBuild): Promise<Build> {
  const known = builds.get(image) ?? new Map<string, Promise<Build>>();
  builds.set(image, known);
  const key = JSON.stringify(request);
  const building = known.get(key) ?? buildFixture({ image, ...request });
  known.set(key, building);
  const build = await building;
  if (build.exitCode !== 0) throw new Error(`the fixture cannot be built:\n${build.output}`);
  return build;
}

const shared = new WeakMap<Image, Promise<Container>>();
const turns = new WeakMap<Image, Promise<unknown>>();

/**
 * What comes out of work with a container that serves the fixture, one after the other with all the work that leaves it
 * as it was. It is gone when the image's target is.
 */
export function withSharedServer<T>(image: Image, work: (container: Container) => Promise<T>): Promise<T> {
  const mine = (turns.get(image) ?? Promise.resolve()).then(async () => {
    const container = shared.get(image) ?? serveFixture({ image });
    shared.set(image, container);
    return work(await container);
  });
  turns.set(
    image,
    mine.catch(() => {}),
  );
  return mine;
}

/** A container of its own that serves the fixture and is ready. */
export async function serveFixture({ image, ...options }: FixtureServer): Promise<Container> {
  const { user } = options;
  const { folder } = await builtFixture({ image, ...(user !== undefined && { user }) });
  const container = await image.serve({ artifact: folder, ...options });
  await container.ready();
  return container;
}

export type FixtureServer = Omit<ServeOptions, 'artifact'> & { image: Image };

/**
 * A folder, empty or a copy of another, after a script has run in it: in the image, whose tools are the same
 * everywhere.
 */
export async function inFolder({
  image,
  from,
  script,
}: {
  image: Image;
  from?: string;
  script?: string;
}): Promise<string> {
  const folder = await image.makeFolder(from);
  if (script === undefined) return folder;
  const ended = await image.run(['bash', '-euc', script], folder);
  if (ended.exitCode !== 0) throw new Error(`the case cannot prepare its files:\n${ended.output}`);
  return folder;
}

/** The output of a script in the image that runs in a folder. */
export async function lookInto({
  image,
  folder,
  script,
}: {
  image: Image;
  folder: string;
  script: string;
}): Promise<string> {
  return (await image.run(['bash', '-c', script], folder)).output;
}
