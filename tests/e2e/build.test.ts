// Builds small images with a real engine: what is unchanged is kept, what is replaced is removed, failures are told.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildImages } from '../../scripts/build/images.ts';
import { select } from '../../scripts/build/select.ts';
import { createSteps } from '../../scripts/console/steps.ts';
import { openEngine } from '../support/engine.ts';
import type { TemporaryFolder } from '../support/folder.ts';
import { inventedRuntime } from '../support/invented-runtime.ts';

const docker = openEngine();
let folder: TemporaryFolder;

async function build({ force = false, abortAt }: { force?: boolean; abortAt?: string } = {}) {
  const shown: string[] = [];
  const ended = new AbortController();
  const write = (text: string) => {
    shown.push(text);
    if (abortAt && text.includes(abortAt)) ended.abort(new Error('enough'));
  };
  const steps = createSteps({ screen: { write }, signal: ended.signal });
  await buildImages({ docker, targets: await select({ words: [], folder: folder.path }), steps, force });
  const { Id } = await docker.getImage('open-runtimes/test-build:1').inspect();
  return { id: Id, shown: shown.join('') };
}

beforeAll(async () => {
  folder = await inventedRuntime({ image: 'test-build', versions: ['1'] });
});

afterAll(() => folder[Symbol.asyncDispose]());

test('an image gets both names, and is kept while its sources are the same', async () => {
  const first = await build();
  expect((await docker.getImage('openruntimes/test-build:v5-1').inspect()).Id).toBe(first.id);
  const second = await build();
  expect([second.id, second.shown]).toEqual([first.id, expect.stringContaining('unchanged')]);
});

test('a changed source makes a new image, and the old one is removed', async () => {
  const { id } = await build();
  await folder.write({ 'invented/content': 'second' });
  expect((await build()).id).not.toBe(id);
  await expect(docker.getImage(id).inspect()).rejects.toThrow('no such image');
});

test('an unchanged image is built again when asked', async () => {
  await build();
  expect((await build({ force: true })).shown).toContain('built');
});

test('an alias that was lost is given again', async () => {
  await build();
  await docker.getImage('openruntimes/test-build:v5-1').remove();
  const { id } = await build();
  expect((await docker.getImage('openruntimes/test-build:v5-1').inspect()).Id).toBe(id);
});

test('a step that fails is told with the end of what it said', async () => {
  await folder.write({ 'invented/Dockerfile': 'ARG SUITE\nFROM debian:${SUITE}-slim\nRUN echo I cannot; exit 3\n' });
  const step = String.raw`In the step \[2/2\] RUN echo I cannot; exit 3`;
  await expect(build()).rejects.toThrow(
    new RegExp(`invented:1 could not be built\\.\\n${step}\\n[^]*I cannot\\n[^]*exit code: 3`),
  );
});

test('a build ends in the middle of a step when all is to end', async () => {
  await folder.write({ 'invented/Dockerfile': 'ARG SUITE\nFROM debian:${SUITE}-slim\nRUN sleep 600\n' });
  await expect(build({ abortAt: 'RUN sleep 600' })).rejects.toThrow('aborted');
});
