// Checks that the links of the documentation lead somewhere.

import path from 'node:path';
import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

function deadLinks(files: Tree): string[] {
  const folders = new Set([...files.keys()].flatMap((file) => parents(file)));
  return [...files]
    .filter(([file]) => file.endsWith('.md'))
    .flatMap(([file, text]) =>
      targets(text)
        .filter((target) => !leadsSomewhere({ files, folders, file, target }))
        .map((target) => `${file}: ${target}`),
    );
}

/** What links of the form `[text](target)` point to inside the repository. */
function targets(text: string): string[] {
  const links = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].map((link) => link[1] ?? '').filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere({
  files,
  folders,
  file,
  target,
}: {
  files: Tree;
  folders: Set<string>;
  file: string;
  target: string;
}): boolean {
  const [relative = '', anchor] = target.split('#');
  const page = relative ? path.posix.join(path.posix.dirname(file), relative).replace(/\/$/, '') : file;
  if (!files.has(page) && !folders.has(page)) return false;
  return !anchor || headings(files.get(page) ?? '').includes(anchor);
}

/** The anchors that a page's headings make. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function parents(file: string): string[] {
  const folder = path.posix.dirname(file);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}

test('every link leads somewhere', async () => {
  expect(deadLinks(await repository())).toEqual([]);
});

const page = '# A page\n\n## What, and why?\n';

test.each([
  ['[a](gone.md)', 1],
  ['[a](docs/page.md#no-such-heading)', 1],
  ['[a](docs/page.md#what-and-why)', 0],
  ['[a](docs)', 0],
  ['[a](https://example.org/)', 0],
  ['`[a](gone.md)`', 0],
])('%s: %i dead links', (text, dead) => {
  expect(deadLinks(tree({ 'README.md': text, 'docs/page.md': page }))).toHaveLength(dead);
});
