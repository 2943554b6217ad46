// Checks that documentation and code name the same headers, variables and error codes.

import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

interface Vocabulary {
  pattern: RegExp;
  /** The page that explains these words. */
  page: string;
  /** The file that must have exactly the words of the page. */
  source: string;
  /** Files that may use the page's words only. */
  users: RegExp;
}

const VOCABULARIES: Vocabulary[] = [
  {
    pattern: /\bOPEN_RUNTIMES_[A-Z_]+[A-Z]\b/g,
    page: 'docs/contract.md',
    source: 'src/contract/environment.ts',
    users: /^(?:src\/|runtimes\/(?:shared|[^/]+\/(?:server|hooks))\/)/,
  },
  {
    pattern: /\bx-open-runtimes-[a-z-]+[a-z]\b/g,
    page: 'docs/contract.md',
    source: 'src/contract/headers.ts',
    users: /^(?:src\/|runtimes\/(?:shared|[^/]+\/server)\/)/,
  },
  {
    pattern: /(?<=[`'"]|^ +)(?:general|build|runtime|execution|logs|command)_[a-z_]+(?=[`'":])/gm,
    page: 'docs/errors.md',
    source: 'src/executor/errors.ts',
    users: /^src\/executor\//,
  },
];

function disagreements(files: Tree): string[] {
  return VOCABULARIES.flatMap(({ pattern, page, source, users }) => {
    const explained = words({ text: files.get(page), pattern });
    const declared = words({ text: files.get(source), pattern });
    const used = [...files]
      .filter(([file]) => users.test(file))
      .flatMap(([file, text]) => [...words({ text, pattern })].map((word) => ({ file, word })));
    const lacking = [...explained]
      .filter((word) => !declared.has(word))
      .map((word) => `${page} explains ${word}, which ${source} lacks`);
    const strange = used
      .filter(({ word }) => !explained.has(word))
      .map(({ file, word }) => `${file} uses ${word}, which ${page} does not explain`);
    return lacking.concat(strange);
  });
}

function words({ text = '', pattern }: { text?: string | undefined; pattern: RegExp }): Set<string> {
  return new Set(text.match(pattern));
}

test('documentation and code name the same things', async () => {
  expect(disagreements(await repository())).toEqual([]);
});

test.each([
  ['a variable that no page explains', { 'src/contract/environment.ts': "'OPEN_RUNTIMES_NEW'" }],
  ['a variable that the code lacks', { 'docs/contract.md': '`OPEN_RUNTIMES_OLD`' }],
  ['a header that no page explains', { 'runtimes/invented/server/config.x': 'x-open-runtimes-new' }],
  ['an error code that no page explains', { 'src/executor/errors.ts': "'runtime_new'" }],
  ['an error code that the code lacks', { 'docs/errors.md': '`runtime_old`' }],
])('%s is found', (_what, files) => {
  expect(disagreements(tree(files as Record<string, string>))).toHaveLength(1);
});
