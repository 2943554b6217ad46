// Publishes small images to a real registry on loopback: all names or none, and what is pulled back is what was built.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildImages } from '../../scripts/build/images.ts';
import { tagsOf } from '../../scripts/build/image.ts';
import { select, type Target } from '../../scripts/build/select.ts';
import { createSteps } from '../../scripts/console/steps.ts';
import { publish } from '../../scripts/publish/publish.ts';
import { createRegistry, type Registry } from '../../scripts/publish/registry.ts';
import { openEngine } from '../support/engine.ts';
import type { TemporaryFolder } from '../support/folder.ts';
import { inventedRuntime } from '../support/invented-runtime.ts';
import { refuseNames } from '../support/faulty-registry.ts';
import { type RunningRegistry, startRegistry } from '../support/registry.ts';

const docker = openEngine();
const steps = createSteps({ screen: { write: () => true } });
let folder: TemporaryFolder;
let running: RunningRegistry;
let registry: Registry;
let targets: Target[];

async function build(content: string): Promise<void> {
  await folder.write({ 'invented/content': content });
  targets = await select({ words: [], folder: folder.path });
  await buildImages({ docker, targets, steps });
}

function namesInRegistry() {
  return Promise.all(
    targets.flatMap(tagsOf).map((name) => {
      const [repository = '', reference = ''] = name.split(':');
      return registry.read({ repository, reference }).then((manifest) => manifest?.digest);
    }),
  );
}

beforeAll(async () => {
  running = await startRegistry();
  registry = createRegistry({ host: running.host });
  folder = await inventedRuntime({ image: 'test-publish', versions: ['1', '2'] });
  await build('first');
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});

test('a dry run checks everything and pushes nothing', async () => {
  const names = await publish({ docker, registry, targets, steps, dryRun: true });
  expect(names).toHaveLength(4);
  expect(await namesInRegistry()).toEqual([undefined, undefined, undefined, undefined]);
});

test('new names are removed again when one of them is refused', async () => {
  await using faulty = await refuseNames({ registry: running.host, refused: 'openruntimes/' });
  const publishing = publish({
    docker,
    registry: createRegistry({ host: faulty.host }),
    targets,
    steps,
    dryRun: false,
  });
  await expect(publishing).rejects.toThrow(
    'openruntimes/test-publish:v5-1 could not be pushed. Everything pushed before it was undone.',
  );
  expect(await namesInRegistry()).toEqual([undefined, undefined, undefined, undefined]);
});

test('all names are pushed, and an image pulled back by its name is the one that was built', async () => {
  await publish({ docker, registry, targets, steps, dryRun: false });
  expect((await namesInRegistry()).every(Boolean)).toBe(true);
  const name = `${running.host}/openruntimes/test-publish:v5-1`;
  await new Promise<void>((resolve, reject) => {
    docker
      .pull(name)
      .then((stream) => docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())), reject);
  });
  const [pulled, built] = [
    await docker.getImage(name).inspect(),
    await docker.getImage('open-runtimes/test-publish:1').inspect(),
  ];
  await docker.getImage(name).remove();
  expect(pulled.Id).toBe(built.Id);
});

test('names get their former images back when one of them is refused', async () => {
  await build('second');
  const before = await namesInRegistry();
  await using faulty = await refuseNames({ registry: running.host, refused: 'openruntimes/' });
  const publishing = publish({
    docker,
    registry: createRegistry({ host: faulty.host }),
    targets,
    steps,
    dryRun: false,
  });
  await expect(publishing).rejects.toThrow('Everything pushed before it was undone.');
  expect(await namesInRegistry()).toEqual(before);
});

test('what is not built from the present sources is not pushed', async () => {
  await folder.write({ 'invented/content': 'third, not built' });
  await expect(publish({ docker, registry, targets, steps, dryRun: false })).rejects.toThrow(
    'not built from the present sources: invented:1 invented:2',
  );
});

test('a registry that does not answer is named', async () => {
  await build('second');
  const nobody = createRegistry({ host: '127.0.0.1:1' });
  await expect(publish({ docker, registry: nobody, targets, steps, dryRun: true })).rejects.toThrow(
    'The registry 127.0.0.1:1 does not answer.',
  );
});

test('of a language that compiles, the image that only serves is pushed as well', async () => {
  await using compiled = await inventedRuntime({ image: 'test-publish-compiled', versions: ['1'], pack: 'binary' });
  const both = await select({ words: [], folder: compiled.path });
  await buildImages({ docker, targets: both, steps });
  const names = await publish({ docker, registry, targets: both, steps, dryRun: false });
  expect(names.toSorted()).toEqual(
    ['1', '1-serve']
      .flatMap((version) => [
        `open-runtimes/test-publish-compiled:${version}`,
        `openruntimes/test-publish-compiled:v5-${version}`,
      ])
      .toSorted(),
  );
  const digest = async (reference: string) =>
    (await registry.read({ repository: 'open-runtimes/test-publish-compiled', reference }))?.digest;
  expect(await digest('1-serve')).not.toBe(await digest('1'));
});
