// Tests what goes into an image's build, and what its hash depends on.

import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { contextFiles, contextHash, stageContext } from '../../../../scripts/build/context.ts';
import { select } from '../../../../scripts/build/select.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/folder.ts';

const manifest = (extra: object) =>
  JSON.stringify({
    name: 'red',
    title: 'Red',
    image: 'red',
    alias: 'red',
    versions: [{ version: '2' }, { version: '1' }],
    entrypoint: 'a',
    install: '',
    ...extra,
  });
const runtimes = () =>
  temporaryFolder({
    'red/runtime.json': manifest({ family: 'warm' }),
    'red/Dockerfile': 'FROM x',
    'red/server/server.x': 'serve',
    'red/server/node_modules/a/index.js': '',
    'red/fixture/a': '',
    'red/bench/a': '',
    'red/example/a': '',
    'red/README.md': '',
    'agent/src/main.rs': 'serve',
    'agent/target/release/agent': 'made by somebody',
    'agent/README.md': '',
    'shared/setup.sh': 'set up',
    'shared/lifecycle/build.sh': 'build',
    'shared/warm/common.x': 'common',
    'shared/cold/common.x': 'other',
    'shared/variables.json': '{ "startVariables": ["TZ"] }',
    'shared/ca-bundle.crt': 'left by somebody',
  });

async function first(folder: TemporaryFolder) {
  const [target] = await select({ words: ['red:2'], folder: folder.path });
  if (!target) throw new Error('there is no red:2');
  return target;
}

const hash = async (folder: TemporaryFolder) => contextHash({ target: await first(folder), baseImage: 'base' });

test("the context holds the runtime, its family and what is everybody's", async () => {
  await using folder = await runtimes();
  expect(await contextFiles(await first(folder))).toEqual([
    'agent/src/main.rs',
    'red/Dockerfile',
    'red/server/server.x',
    'shared/lifecycle/build.sh',
    'shared/setup.sh',
    'shared/variables.json',
    'shared/warm/common.x',
  ]);
});

test.each([
  ['a file of the server', { 'red/server/server.x': 'serve better' }],
  ['the agent', { 'agent/src/main.rs': 'serve better' }],
  ['a shared script', { 'shared/setup.sh': 'set up better' }],
  ['the variables of all runtimes', { 'shared/variables.json': '{ "startVariables": ["TZ", "PATH"] }' }],
  ['its family', { 'shared/warm/common.x': 'better' }],
  ['a new file', { 'red/server/new.x': '' }],
  [
    'the data of its version',
    { 'red/runtime.json': manifest({ family: 'warm', versions: [{ version: '2', suite: 'sid' }] }) },
  ],
])('the hash changes with %s', async (_what, change) => {
  await using folder = await runtimes();
  const before = await hash(folder);
  await folder.write(change as Record<string, string>);
  expect(await hash(folder)).not.toBe(before);
});

test('the hash changes when a file becomes executable, and with the base image', async () => {
  await using folder = await runtimes();
  const before = await hash(folder);
  expect(await contextHash({ target: await first(folder), baseImage: 'another' })).not.toBe(before);
  await folder.makeExecutable('shared/setup.sh');
  expect(await hash(folder)).not.toBe(before);
});

test.each([
  ['the fixture', { 'red/fixture/a': 'new' }],
  ['the bench', { 'red/bench/a': 'new' }],
  ['the example', { 'red/example/a': 'new' }],
  ['another family', { 'shared/cold/common.x': 'new' }],
  [
    'another version',
    { 'red/runtime.json': manifest({ family: 'warm', versions: [{ version: '3' }, { version: '2' }] }) },
  ],
])('the hash does not change with %s', async (_what, change) => {
  await using folder = await runtimes();
  const before = await hash(folder);
  await folder.write(change as Record<string, string>);
  expect(await hash(folder)).toBe(before);
});

test('the staged context has the certificates that were found, and is removed afterwards', async () => {
  await using folder = await runtimes();
  await using bundle = await temporaryFolder({ 'bundle.pem': 'certificates' });
  const staged = await stageContext({ target: await first(folder), caBundle: path.join(bundle.path, 'bundle.pem') });
  expect(await readFile(path.join(staged.folder, 'shared/ca-bundle.crt'), 'utf8')).toBe('certificates');
  expect(await readFile(path.join(staged.folder, 'red/server/server.x'), 'utf8')).toBe('serve');
  await staged[Symbol.asyncDispose]();
  await expect(readdir(staged.folder)).rejects.toThrow('ENOENT');
});
