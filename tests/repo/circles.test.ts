// Checks that neither files nor rooms import each other in a circle, types included, so that the code can be read in
// one direction. A room is a folder below a module; a file that lies directly in its module is a room of its own.

import path from 'node:path';
import { expect, test } from 'vitest';
import { specifiers } from './specifiers.ts';
import { codeBelow, repository, type Tree, tree } from './tree.ts';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const FOLDERS = ['src', 'scripts', 'ci', 'types'];
const MODULE = /^(?:src\/[^/]+|scripts|ci|types)$/;

/** The circles of files and those of rooms, each as the sorted list of what is in it. */
function circles(files: Tree): string[][] {
  const imports = importsOf(files);
  return [...knots(graphOf(imports)), ...knots(graphOf(imports.map(([from, to]) => [roomOf(from), roomOf(to)])))];
}

/** Which file imports which, a pair for each import of a file that is there. */
function importsOf(files: Tree): [string, string][] {
  return codeBelow({ files, folders: FOLDERS }).flatMap(([file, text]) =>
    specifiers(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier): [string, string] => [file, path.posix.join(path.posix.dirname(file), specifier)]),
  );
}

function roomOf(file: string): string {
  const folder = path.posix.dirname(file);
  return MODULE.test(folder) ? file : folder;
}

/** What is in one room may import each other; a file that imports itself is left to the types. */
function graphOf(pairs: [string, string][]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of pairs) {
    if (from === to) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  return graph;
}

/** Groups of more than one in which each reaches every other (strongly connected components). */
function knots(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reach({ graph, from: node })]));
  const placed = new Set<string>();
  return [...graph.keys()].toSorted().flatMap((node) => {
    if (placed.has(node) || !reached.get(node)?.has(node)) return [];
    const knot = [...graph.keys()].filter((other) => reached.get(node)?.has(other) && reached.get(other)?.has(node));
    for (const member of knot) placed.add(member);
    return [knot.toSorted()];
  });
}

function reach({ graph, from }: { graph: Graph; from: string }): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

test('neither files nor rooms import each other in a circle', async () => {
  expect(circles(await repository())).toEqual([]);
});

test.each([
  {
    what: 'two files of one room',
    files: { 'src/one/room/a.ts': "import { b } from './b.ts';", 'src/one/room/b.ts': "export { a } from './a.ts';" },
    found: [['src/one/room/a.ts', 'src/one/room/b.ts']],
  },
  {
    what: 'three files, one of them for a type only',
    files: {
      'scripts/a.ts': "import type {\n  B,\n} from './b.ts';",
      'scripts/b.ts': "const c = await import('./c.ts');",
      'scripts/c.ts': "import './a.ts';",
    },
    found: [
      ['scripts/a.ts', 'scripts/b.ts', 'scripts/c.ts'],
      ['scripts/a.ts', 'scripts/b.ts', 'scripts/c.ts'],
    ],
  },
  {
    what: 'two rooms whose files form none',
    files: {
      'src/one/call/a.ts': "import { b } from '../start/b.ts';",
      'src/one/start/b.ts': '',
      'src/one/start/c.ts': "import { d } from '../call/d.ts';",
      'src/one/call/d.ts': '',
    },
    found: [['src/one/call', 'src/one/start']],
  },
  {
    what: 'a room and a file beside it',
    files: {
      'src/one/driver.ts': "import { piece } from './driver/piece.ts';",
      'src/one/driver/piece.ts': "import type { Port } from '../port.ts';",
      'src/one/port.ts': "import { driver } from './driver.ts';",
    },
    found: [
      ['src/one/driver.ts', 'src/one/driver/piece.ts', 'src/one/port.ts'],
      ['src/one/driver', 'src/one/driver.ts', 'src/one/port.ts'],
    ],
  },
  {
    what: 'two circles apart',
    files: {
      'ci/a.ts': "import './b.ts';",
      'ci/b.ts': "import './a.ts';",
      'src/one/c/c.ts': "import './d.ts';\nimport '../../../ci/a.ts';",
      'src/one/c/d.ts': "import './c.ts';",
    },
    found: [
      ['ci/a.ts', 'ci/b.ts'],
      ['src/one/c/c.ts', 'src/one/c/d.ts'],
      ['ci/a.ts', 'ci/b.ts'],
    ],
  },
  {
    what: 'none where arrows go one way, however often',
    files: {
      'src/one/a.ts': "import './b/b.ts';\nimport './c/c.ts';",
      'src/one/b/b.ts': "import '../c/c.ts';\nimport './d.ts';",
      'src/one/b/d.ts': "import '../c/c.ts';",
      'src/one/c/c.ts': "import { join } from 'node:path';",
    },
    found: [],
  },
])('found: $what', ({ files, found }) => {
  expect(circles(tree(files as unknown as Record<string, string>))).toEqual(found);
});
