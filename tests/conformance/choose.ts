// Chooses targets and cases by what was written on the command line.

import path from 'node:path';
import { imagesOf } from '../../src/manifest/names.ts';
import { tagsOf } from '../../scripts/build/image.ts';
import { RUNTIMES_FOLDER, select, type Target as Runtime } from '../../scripts/build/select.ts';
import { allCases, checkCases } from './cases/all.ts';
import { RULES } from './check/universal.ts';
import type { Case } from './case.ts';
import { drawSample } from './sample.ts';
import { imageTarget } from './targets/image.ts';
import type { Target } from './targets/target.ts';
import { urlTarget } from './targets/url.ts';

export interface Choice {
  image?: string;
  url?: string;
  runtime?: string;
  all?: boolean;
  fixture?: string;
  secret?: string;
  sample?: boolean;
  /** Set if `sample` is. */
  seed?: string;
  slow?: boolean;
  case?: string[];
}

/** Opens a target; a function, because targets are examined one after the other. */
export type Opening = () => Promise<Target>;

/** @throws Error saying what to write instead, if the choice fits nothing or too much. */
export async function chooseTargets(choice: Choice): Promise<Opening[]> {
  const { image, url, runtime, all } = choice;
  if (url !== undefined) return [await chooseUrl({ ...choice, url })];
  if ([image, runtime, all].filter((one) => one !== undefined).length !== 1) {
    throw new Error('Say what to examine: --image NAME, --url URL, --runtime NAME[:VERSION] or --all.');
  }
  if (image !== undefined) return [await chooseImage({ ...choice, image })];
  const runtimes = await select({ words: runtime === undefined ? [] : [runtime] });
  return runtimes.flatMap((one) =>
    imagesOf(one.manifest, one.version).map(
      ({ name }) =>
        () =>
          openRuntime(one, name),
    ),
  );
}

async function chooseUrl({ url, runtime, secret = '', image, all }: Choice & { url: string }): Promise<Opening> {
  if (image !== undefined || all === true)
    throw new Error('--url goes with --runtime at most, which says what is found there.');
  const [known] = runtime === undefined ? [] : await select({ words: [runtime] });
  const target = urlTarget({ url, secret, manifest: known?.manifest, version: known?.version.version });
  return async () => target;
}

async function chooseImage({ image, fixture }: Choice & { image: string }): Promise<Opening> {
  const known = (await select({ words: [] })).find((runtime) => tagsOf(runtime).includes(image));
  if (fixture !== undefined) return () => imageTarget({ image, fixtureFolder: path.resolve(fixture) });
  if (known === undefined) {
    throw new Error(
      `No manifest names the image ${image}. For an image of your own, say where its fixture is: --fixture ` +
        `FOLDER (tests/conformance/README.md).`,
    );
  }
  return () => openRuntime(known, image);
}

function openRuntime({ manifest, version }: Runtime, image: string): Promise<Target> {
  const fixtureFolder = path.join(RUNTIMES_FOLDER, manifest.name, 'fixture');
  const [builder, ...others] = imagesOf(manifest, version);
  const onlyServes = others.some(({ name, alias }) => [name, alias].includes(image));
  return imageTarget({
    image,
    fixtureFolder,
    manifest,
    version: version.version,
    ...(onlyServes && { builder: builder.name }),
  });
}

/** @throws Error for a name that no case has. */
export function chooseCases({ seed, slow, case: names = [] }: Choice, { name: image, checks }: Target): Case[] {
  const all: Case[] = [...allCases, ...checkCases(checks)];
  const unknown = names.find((name) => ![...all, ...RULES].some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(`There is no case "${unknown}". \`npm run conformance -- --list\` names them all.`);
  if (names.length > 0) return all.filter((one) => names.includes(one.name));
  const cases = all.filter((one) => slow === true || one.slow !== true);
  return seed === undefined ? cases : drawSample({ cases, seed, image });
}
