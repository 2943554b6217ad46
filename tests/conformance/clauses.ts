// The sections and clauses of the contract, read from its page.

import { readFile } from 'node:fs/promises';
import path from 'node:path';

const PAGE = path.join(import.meta.dirname, '../../docs/contract.md');

export interface Section {
  /** As the page numbers it: `3. Control headers`. */
  title: string;
  clauses: readonly string[];
}

export async function readSections(page = PAGE): Promise<Section[]> {
  const [, ...sections] = (await readFile(page, 'utf8')).split(/^## /m);
  return sections.map((text) => ({
    title: text.slice(0, text.indexOf('\n')),
    clauses: [...text.matchAll(/^### (.+)$/gm)].map(([, clause = '']) => clause),
  }));
}
