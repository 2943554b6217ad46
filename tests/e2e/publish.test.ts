// Publishes small images to a real registry on loopback: all names or none, and what is pulled back is what was built.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildImages } from '../../scripts/build/images.ts';
import { tagsOf } from '../../scripts/build/image.ts';
import { select, type Target } from '../../scripts/build/select.ts';
import { createSteps } from '../../scripts/console/steps.ts';
import { publish } from '../../scripts/publish/publish.ts';
import { createRegistry, type Registry } from '../../scripts/publish/registry.ts';
import { refuseNames } from '../support/faulty-registry.ts';
import { type RunningRegistry, startRegistry } from '../support/registry.ts';

const docker = new Docker();
const steps = createSteps({ write: () => true });
let folder: string;
let running: RunningRegistry;
let registry: Registry;
let targets: Target[];

/** A runtime of two versions whose images hold one file. */
async function invent(content: string): Promise<void> {
  const versions = [{ version: '1' }, { version: '2' }];
  const manifest = { name: 'invented', title: 'Invented', image: 'test-invented', alias: 'test-invented', versions, entrypoint: 'a', install: '' };
  await writeFile(path.join(folder, 'invented/runtime.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'invented/content'), content);
  await buildImages({ docker, targets: (targets = await select({ words: [], folder })), steps });
}

function namesInRegistry() {
  return Promise.all(targets.flatMap(tagsOf).map((name) => {
    const [repository = '', reference = ''] = name.split(':');
    return registry.read({ repository, reference }).then((manifest) => manifest?.digest);
  }));
}

beforeAll(async () => {
  running = await startRegistry();
  registry = createRegistry({ host: running.host });
  folder = await mkdtemp(path.join(tmpdir(), 'open-runtimes-publish-'));
  await mkdir(path.join(folder, 'invented'));
  await mkdir(path.join(folder, 'shared'));
  await writeFile(path.join(folder, 'invented/Dockerfile'), 'ARG SUITE\nFROM debian:${SUITE}-slim\nCOPY invented/content /content\nCMD ["cat", "/content"]\n');
  await invent('first');
});

afterAll(async () => {
  for (const name of targets.flatMap(tagsOf)) await docker.getImage(name).remove();
  await rm(folder, { recursive: true, force: true });
  await running[Symbol.asyncDispose]();
});

test('a dry run checks everything and pushes nothing', async () => {
  const names = await publish({ docker, registry, targets, steps, dryRun: true });
  expect(names).toHaveLength(4);
  expect(await namesInRegistry()).toEqual([undefined, undefined, undefined, undefined]);
});

test('new names are removed again when one of them is refused', async () => {
  await using faulty = await refuseNames({ registry: running.host, refused: 'openruntimes/' });
  const publishing = publish({ docker, registry: createRegistry({ host: faulty.host }), targets, steps, dryRun: false });
  await expect(publishing).rejects.toThrow('openruntimes/test-invented:v5-1 could not be pushed. Everything pushed before it was undone.');
  expect(await namesInRegistry()).toEqual([undefined, undefined, undefined, undefined]);
});

test('all names are pushed, and an image pulled back by its name is the one that was built', async () => {
  await publish({ docker, registry, targets, steps, dryRun: false });
  expect((await namesInRegistry()).every(Boolean)).toBe(true);
  const name = `${running.host}/openruntimes/test-invented:v5-1`;
  await new Promise<void>((resolve, reject) => {
    docker.pull(name).then((stream) => docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())), reject);
  });
  const [pulled, built] = [await docker.getImage(name).inspect(), await docker.getImage('open-runtimes/test-invented:1').inspect()];
  await docker.getImage(name).remove();
  expect(pulled.Id).toBe(built.Id);
});

test('names get their former images back when one of them is refused', async () => {
  await invent('second');
  const before = await namesInRegistry();
  await using faulty = await refuseNames({ registry: running.host, refused: 'openruntimes/' });
  const publishing = publish({ docker, registry: createRegistry({ host: faulty.host }), targets, steps, dryRun: false });
  await expect(publishing).rejects.toThrow('Everything pushed before it was undone.');
  expect(await namesInRegistry()).toEqual(before);
});

test('what is not built from the present sources is not pushed', async () => {
  await writeFile(path.join(folder, 'invented/content'), 'third, not built');
  await expect(publish({ docker, registry, targets, steps, dryRun: false })).rejects.toThrow('not built from the present sources: invented:1 invented:2');
});

test('a registry that does not answer is named', async () => {
  await invent('second');
  const nobody = createRegistry({ host: '127.0.0.1:1' });
  await expect(publish({ docker, registry: nobody, targets, steps, dryRun: true })).rejects.toThrow('The registry 127.0.0.1:1 does not answer.');
});
