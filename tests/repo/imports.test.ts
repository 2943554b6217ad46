// Checks that modules import only what the layout allows, and that packages stay in their homes.

import path from 'node:path';
import { expect, test } from 'vitest';
import { specifiers } from './specifiers.ts';
import { codeBelow, repository, type Tree, tree } from './tree.ts';

// The table of docs/architecture.md. The longest matching entry counts; a module may always import itself.
const MAY_IMPORT: Record<string, string[]> = {
  'src/lib': [],
  'src/contract': [],
  'src/proxy': [],
  'src/manifest': ['src/lib', 'src/contract'],
  'src/adapters': ['src/lib', 'src/contract'],
  'src/storage': ['src/lib', 'src/contract'],
  'src/executor': ['src/lib', 'src/contract', 'src/proxy', 'src/storage', 'src/adapters/adapter.ts'],
  'src/builder': ['src/lib', 'src/contract', 'src/manifest', 'src/storage'],
  'src/balancer': ['src/lib', 'src/contract', 'src/proxy'],
  'src/catalog': ['src/lib', 'src/manifest'],
  'src/cli': ['src/lib', 'src/contract', 'src/manifest', 'src/catalog'],
  'src/main': ['src'],
  scripts: ['src/lib', 'src/contract', 'src/manifest', 'src/main', 'src/executor/observe/metrics.ts', 'ci'],
  ci: ['src/lib', 'src/contract', 'src/manifest'],
  tests: ['src', 'scripts', 'ci'],
  runtimes: [],
};

// Where each package that shapes the code is at home.
const HOMES: Record<string, RegExp> = {
  express: /^src\/(?:executor|builder|balancer|catalog)\//,
  dockerode: /^(?:src\/adapters\/docker|scripts\/|tests\/)/,
  micro: /^(?:runtimes|tests\/conformance)\//,
  zx: /^(?:scripts|tests\/unit\/scripts)\//,
  vitest: /^(?:tests\/|vitest\.config\.ts$)/,
  supertest: /^tests\//,
};

function forbiddenImports(files: Tree): string[] {
  return codeBelow({ files, folders: ['src', 'scripts', 'ci', 'tests', 'runtimes'] }).flatMap(([file, text]) =>
    specifiers(text)
      .filter(
        (specifier) =>
          !(specifier.startsWith('.') ? allowedFile({ file, specifier }) : allowedPackage({ file, specifier })),
      )
      .map((specifier) => `${file} imports ${specifier}`),
  );
}

function allowedFile({ file, specifier }: { file: string; specifier: string }): boolean {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const own = moduleOf(file);
  if (own === 'runtimes') return target.startsWith('runtimes/');
  return [own, ...(MAY_IMPORT[own] ?? [])].some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
}

function allowedPackage({ file, specifier }: { file: string; specifier: string }): boolean {
  return HOMES[specifier]?.test(file) ?? true;
}

function moduleOf(file: string): string {
  const modules = Object.keys(MAY_IMPORT).filter((module) => file.startsWith(`${module}/`));
  return modules.toSorted((a, b) => b.length - a.length)[0] ?? file;
}

test('modules import only what the layout allows them', async () => {
  expect(forbiddenImports(await repository())).toEqual([]);
});

test.each([
  ['src/lib/clock.ts', "import { x } from '../executor/start.ts';"],
  ['src/executor/start.ts', "import {\n  docker,\n} from '../adapters/docker.ts';"],
  ['src/executor/start.ts', "const a = await import('../manifest/read.ts');"],
  ['src/balancer/app.ts', "export * from '../executor/app.ts';"],
  ['runtimes/invented/server/server.js', "import x from '../../../src/contract/paths.ts';"],
  ['src/cli/main.ts', "import express from 'express';"],
  ['src/executor/start.ts', "import type Docker from 'dockerode';"],
])('an import that crosses a border is found: %s', (file, text) => {
  expect(forbiddenImports(tree({ [file]: text }))).toHaveLength(1);
});
