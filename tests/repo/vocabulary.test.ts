// Checks that documentation and code name the same headers, variables and error codes.

import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

interface Vocabulary {
  pattern: RegExp;
  /** The page that explains these words. */
  page: string;
  /** The files that may use the words of the page only, and of which one at least uses each of them. */
  users: RegExp;
}

const VOCABULARIES: Vocabulary[] = [
  {
    pattern: /\bOPEN_RUNTIMES_[A-Z_]+[A-Z]\b/g,
    page: 'docs/contract.md',
    users: /^(?:src\/|runtimes\/(?:shared\/|agent\/src\/|[^/]+\/(?:server\/|hooks\/|Dockerfile)))/,
  },
  {
    pattern: /\bx-open-runtimes-[a-z-]+[a-z]\b/g,
    page: 'docs/contract.md',
    users: /^(?:src\/|runtimes\/(?:shared|agent\/src|[^/]+\/server)\/)/,
  },
  {
    pattern: /\bOPR_(?:EXECUTOR_[A-Z_]*[A-Z]|CA_BUNDLE)\b/g,
    page: 'docs/operations.md',
    users: /^(?:src|scripts|ci)\//,
  },
  {
    pattern: /(?<=[`'"]|^ +)(?:general|build|runtime|execution|logs|command)_[a-z_]+(?=[`'":])/gm,
    page: 'docs/errors.md',
    users: /^src\/executor\//,
  },
];

const PAGES = /^(?:[^/]+|docs\/.+|tests\/conformance\/README|runtimes\/[^/]+\/README)\.md$/;

function disagreements(files: Tree): string[] {
  return VOCABULARIES.flatMap(({ pattern, page, users }) => {
    const explained = words({ text: files.get(page), pattern });
    const uses = [...files].map(([file, text]) => ({ file, used: words({ text, pattern }) }));
    const inCode = uses.filter(({ file }) => users.test(file));
    const known = new Set(inCode.flatMap(({ used }) => [...used]));
    const lacking = [...explained]
      .filter((word) => !known.has(word))
      .map((word) => `${page} explains ${word}, which no code uses`);
    const strange = [...inCode, ...uses.filter(({ file }) => PAGES.test(file))].flatMap(({ file, used }) =>
      [...used]
        .filter((word) => !explained.has(word))
        .map((word) => `${file} names ${word}, which ${page} does not explain`),
    );
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
  ['a setting that no page explains', { 'src/main/settings.ts': "'OPR_EXECUTOR_NEW'" }],
  ['a setting that the code lacks', { 'docs/operations.md': '`OPR_EXECUTOR_OLD`' }],
  ['a setting that another page invents', { 'README.md': '`OPR_EXECUTOR_NEW`' }],
  ['an error code that no page explains', { 'src/executor/errors.ts': "'runtime_new'" }],
  ['an error code that the code lacks', { 'docs/errors.md': '`runtime_old`' }],
])('%s is found', (_what, files) => {
  expect(disagreements(tree(files as Record<string, string>))).toHaveLength(1);
});
