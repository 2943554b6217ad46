// Tests that whatever decides how an image does in the suite changes its hash, and nothing else does.

import { expect, test } from 'vitest';
import { select } from '../../../../scripts/build/select.ts';
import { contentHash } from '../../../../scripts/test/content-hash.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const manifest = (changes: object = {}) =>
  JSON.stringify({
    name: 'red',
    title: 'Red',
    image: 'red',
    alias: 'red',
    versions: [{ version: '2' }, { version: '1' }],
    entrypoint: 'a',
    install: '',
    ...changes,
  });
const FILES = {
  'runtimes/red/runtime.json': manifest(),
  'runtimes/red/Dockerfile': 'FROM x',
  'runtimes/red/fixture/function/a': 'interpret',
  'runtimes/red/README.md': 'about',
  'runtimes/agent/src/main.rs': 'serve',
  'runtimes/shared/setup.sh': 'set up',
  'runtimes/shared/variables.json': '{}',
  'tests/conformance/run.ts': 'run',
  'tests/conformance/run.test.ts': 'prove',
  'tests/conformance/README.md': 'about',
  'tests/conformance/fakes/server.ts': 'pretend',
  'src/contract/paths.ts': 'paths',
  'src/manifest/read.ts': 'read',
};

async function hashWith(changes: Record<string, string> = {}): Promise<string> {
  await using folder = await temporaryFolder({ ...FILES, ...changes });
  const [target] = await select({ words: ['red:2'], folder: `${folder.path}/runtimes` });
  if (!target) throw new Error('there is no red:2');
  return await contentHash({ target, root: folder.path });
}

test.each([
  ['the image', { 'runtimes/red/Dockerfile': 'FROM y' }],
  ['the agent', { 'runtimes/agent/src/main.rs': 'serve otherwise' }],
  ['the fixture', { 'runtimes/red/fixture/function/a': 'interpret otherwise' }],
  ['another fixture', { 'runtimes/red/fixture/checks/a/a': '' }],
  ['what the manifest says', { 'runtimes/red/runtime.json': manifest({ features: ['streaming'] }) }],
  ['the suite', { 'tests/conformance/run.ts': 'run otherwise' }],
  ['a case', { 'tests/conformance/cases/more.ts': '' }],
  ['a word of the contract', { 'src/contract/paths.ts': 'other paths' }],
])('%s counts', async (_what, changes) => {
  expect(await hashWith(changes)).not.toBe(await hashWith());
});

test.each([
  ['the page about a runtime', { 'runtimes/red/README.md': 'more' }],
  ['the page about the suite', { 'tests/conformance/README.md': 'more' }],
  ['the proof of the suite', { 'tests/conformance/fakes/server.ts': '', 'tests/conformance/run.test.ts': '' }],
  [
    'another version of the language',
    { 'runtimes/red/runtime.json': manifest({ versions: [{ version: '2' }, { version: '3' }] }) },
  ],
])('%s does not count', async (_what, changes) => {
  expect(await hashWith(changes)).toBe(await hashWith());
});
