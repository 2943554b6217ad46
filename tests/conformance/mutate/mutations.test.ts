// Proves the mutator: which faults it finds in a source, that it puts in one of them, and that a seed chooses the same.

import { expect, test } from 'vitest';
import { hasRunBy } from './coverage.ts';
import { applyMutation, findMutations } from './mutations.ts';
import { judge, renderPage } from './page.ts';
import { chooseSome } from './sample.ts';

const mutated = (source: string, file = 'a.ts'): string[] =>
  findMutations(file, source).map((mutation) => applyMutation(source, mutation));

test.each<[source: string, ...mutated: string[]]>([
  ['f(a < b)', ';', 'f(a <= b)'],
  ['f(a === b)', ';', 'f(a !== b)'],
  ['f(a && b)', ';', 'f(a || b)'],
  ['f(a ?? b)', ';', 'f(a && b)'],
  ['f(a + b)', ';', 'f(a - b)'],
  ['f(!a)', ';', 'f(a)'],
  ['f(20)', ';', 'f(21)'],
  ['f(true)', ';', 'f(false)'],
  ["f('x')", ';', "f('')"],
  ["f('')", ';', "f('mutated')"],
  ['f(`${a}`)', ';', "f('')"],
  ['f(a ? b : c)', ';', 'f(!(a) ? b : c)'],
  ['if (a) f();', 'if (!(a)) f();', 'if (a) ;'],
  ['const f = () => a;', 'const f = () => undefined;'],
  ['function f() { return a; }', 'function f() { return undefined; }'],
  ['f(a.startsWith(b))', ';', 'f(a.endsWith(b))'],
  ['f(a.toLowerCase())', ';', 'f(a)'],
  ['f(/^a$/i)', ';', 'f(/a$/i)', 'f(/^a/i)', 'f(/^a$/)'],
])('%s becomes all of its faults', (source, ...faults) => {
  expect(mutated(source).toSorted()).toEqual(faults.toSorted());
});

test.each([
  "'use strict';",
  "import a from 'b';",
  "type A = 'b' | 1;",
  "const a = require('b');",
  'f: for (;;) break f;',
])('%s has none', (source) => {
  expect(mutated(source)).toEqual([]);
});

test('types are left alone, and what they describe is not', () => {
  expect(mutated('const a = (b as 1 | 2) < (3 satisfies 3);')).toEqual([
    'const a = (b as 1 | 2) <= (3 satisfies 3);',
    'const a = (b as 1 | 2) < (4 satisfies 3);',
  ]);
});

test('a mutation knows its line and shows its change', () => {
  expect(findMutations('a.ts', '\n\nconst a = b < c;')).toMatchObject([{ line: 3, change: '< → <=' }]);
});

test('a source that does not parse is an error', () => {
  expect(() => findMutations('a.ts', 'const')).toThrow('a.ts does not parse');
});

const hundred = Array.from({ length: 100 }, (_, index) => index);

test('a seed chooses the same ones each time, in their order, and another seed others', () => {
  const chosen = chooseSome(hundred, { count: 10, seed: 1 });
  expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
  expect(chosen).toHaveLength(10);
  expect(chooseSome(hundred, { count: 10, seed: 1 })).toEqual(chosen);
  expect(chooseSome(hundred, { count: 10, seed: 2 })).not.toEqual(chosen);
});

test('what has run follows from the narrowest range around it', () => {
  const hasRun = hasRunBy([
    { startOffset: 0, endOffset: 100, count: 1 },
    { startOffset: 20, endOffset: 40, count: 0 },
    { startOffset: 30, endOffset: 35, count: 2 },
  ]);
  expect([0, 20, 30, 34, 35, 40, 100].map(hasRun)).toEqual([true, false, true, true, false, true, false]);
});

test('the page counts what was caught and lists the rest', () => {
  const [first, second] = findMutations('a.ts', 'const a = b || 1;');
  const judged = [first, second].map((mutation, index) => {
    if (mutation === undefined) throw new Error('there are two');
    return judge({ file: 'a.ts', mutation, code: 'const a = b || 1;' }, index === 0 ? undefined : 'a-case');
  });
  const page = renderPage({ judged, seed: 7 });
  expect(page).toContain('**1 of 2 mutations caught** (50.0 %, seed 7)');
  expect(page).toContain('| a.ts | 2 | 1 |');
  expect(page).toContain(String.raw`| a.ts:1 | ${'`'}\|\| → &&${'`'} | not explained yet |`);
});
