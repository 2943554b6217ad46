// Checks that no code outside runtimes/ knows a runtime by its name.

import { expect, test } from 'vitest';
import { codeBelow, repository, runtimesIn, type Tree, tree } from './tree.ts';

// A string, or a comment, which is skipped: whichever begins first.
const TOKEN = /\/\/.*|\/\*[\s\S]*?\*\/|'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`/g;

function namedRuntimes(files: Tree): string[] {
  const names = runtimesIn(files).flatMap((folder) => {
    const manifest = JSON.parse(files.get(`runtimes/${folder}/runtime.json`) ?? '{}') as Record<string, string>;
    return [folder, manifest.image ?? folder, manifest.alias ?? folder];
  });
  const named = [...new Set(names)].map((name) => new RegExp(patternOf(name)));
  return codeBelow({ files, folders: ['src', 'scripts', 'ci', 'tests'] }).flatMap(([file, text]) =>
    literals(text)
      .filter((literal) => named.some((name) => name.test(literal)))
      .map((literal) => `${file}: ${literal}`),
  );
}

// The bare name, `name:16.0`, an image's name, or a path into its folder; but not "node:fs" or "node_modules".
function patternOf(name: string): string {
  const escaped = name.replaceAll(/[.+-]/g, String.raw`\$&`);
  return String.raw`^${escaped}(?::v?\d.*)?$|\bopen-?runtimes/${escaped}(?![\w.-])|\bruntimes/${escaped}(?![\w.-])`;
}

function literals(text: string): string[] {
  return [...text.matchAll(TOKEN)].flatMap(([, single, double, template]) => single ?? double ?? template ?? []);
}

test('no runtime is named outside its own folder', async () => {
  expect(namedRuntimes(await repository())).toEqual([]);
});

const manifest = { 'runtimes/invented/runtime.json': '{"image": "invented.js", "alias": "inv"}' };

test.each([
  "'invented'",
  '"inv"',
  "'invented:16.0'",
  '`open-runtimes/invented.js:1`',
  "'openruntimes/inv:v5-1'",
  "'../runtimes/invented/fixture'",
])('a name is found in the literal %s', (literal) => {
  expect(namedRuntimes(tree({ ...manifest, 'src/executor/start.ts': `start(${literal});` }))).toHaveLength(1);
});

test.each(["'invented:fs'", "'invented_modules'", "// 'invented'", "/* 'invented' */", "'an invented word'"])(
  '%s is no name',
  (text) => {
    expect(namedRuntimes(tree({ ...manifest, 'src/executor/start.ts': `${text}\n` }))).toEqual([]);
  },
);
