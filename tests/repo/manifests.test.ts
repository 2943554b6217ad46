// Checks that every runtime declares itself, and does so as the schema asks.

import { expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/read.ts';
import type { Manifest } from '../../src/manifest/schema.ts';
import { repository, runtimesIn, type Tree, tree } from './tree.ts';

const REQUIRED = ['Dockerfile', 'README.md'];

function faults(files: Tree): string[] {
  const read = runtimesIn(files).map((folder) => readOne({ files, folder }));
  const manifests = read.filter((entry) => typeof entry !== 'string');
  return [
    ...read.filter((entry) => typeof entry === 'string'),
    ...manifests.flatMap((one) => faultsOf({ files, ...one })),
    ...faultsTogether(manifests),
  ];
}

function readOne({ files, folder }: { files: Tree; folder: string }): string | { folder: string; manifest: Manifest } {
  const file = `runtimes/${folder}/runtime.json`;
  try {
    return { folder, manifest: parseManifest({ file, text: files.get(file) ?? '' }) };
  } catch (error) {
    return (error as Error).message;
  }
}

function faultsOf({ files, folder, manifest }: { files: Tree; folder: string; manifest: Manifest }): string[] {
  const versions = manifest.versions.map(({ version }) => version);
  const missing = [...REQUIRED, `example/${manifest.entrypoint}`].filter(
    (file) => !files.has(`runtimes/${folder}/${file}`),
  );
  return [
    ...missing.map((file) => `${folder}: ${file} is missing`),
    ...(manifest.name === folder ? [] : [`${folder}: is named ${manifest.name}`]),
    ...(new Set(versions).size === versions.length ? [] : [`${folder}: a version twice`]),
  ];
}

function faultsTogether(manifests: { manifest: Manifest }[]): string[] {
  const images = manifests.map(({ manifest }) => manifest.image);
  const defaults = manifests.filter(({ manifest }) => manifest.default);
  return [
    ...(new Set(images).size === images.length ? [] : ['two runtimes make the same image']),
    ...(manifests.length === 0 || defaults.length === 1 ? [] : [`${defaults.length} runtimes are the default`]),
  ];
}

test('every manifest is as the schema asks', async () => {
  expect(faults(await repository())).toEqual([]);
});

const sound = {
  name: 'invented',
  title: 'I',
  image: 'inv',
  alias: 'inv',
  default: true,
  versions: [{ version: '1' }],
  entrypoint: 'a.x',
  install: '',
};
const around = {
  'runtimes/invented/Dockerfile': '',
  'runtimes/invented/README.md': '',
  'runtimes/invented/example/a.x': '',
};

test('a sound manifest has no fault', () => {
  expect(faults(tree({ ...around, 'runtimes/invented/runtime.json': JSON.stringify(sound) }))).toEqual([]);
});

test.each([
  ['an unknown field', { ...sound, colour: 'red' }],
  ['no version', { ...sound, versions: [] }],
  ['another name than its folder', { ...sound, name: 'other' }],
  ['a version twice', { ...sound, versions: [{ version: '1' }, { version: '1' }] }],
  ['an entrypoint that its example lacks', { ...sound, entrypoint: 'b.x' }],
  ['no default among all', { ...sound, default: false }],
])('a manifest with %s is found', (_what, manifest) => {
  expect(faults(tree({ ...around, 'runtimes/invented/runtime.json': JSON.stringify(manifest) }))).toHaveLength(1);
});
