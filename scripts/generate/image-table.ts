// The table of images in the README.

import { type ImageNames, imagesOf } from '../../src/manifest/names.ts';
import type { Manifest } from '../../src/manifest/schema.ts';

const COLUMNS = ['Language', 'Image', 'Versions, the default first', 'Also as', 'Entrypoint', 'Install command'];

/** A Markdown table with a row for each runtime. */
export function imageTable(manifests: Manifest[]): string {
  const rows = manifests.map((manifest) => [
    manifest.title,
    namesOf(manifest, ({ name }) => name),
    manifest.versions.map(({ version }) => version).join(', '),
    namesOf(manifest, ({ alias }) => alias),
    `\`${manifest.entrypoint}\``,
    manifest.install ? `\`${manifest.install}\`` : '',
  ]);
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The names of all images of any version; of a language that compiles, one that builds and one that only serves. */
function namesOf(manifest: Manifest, pick: (names: ImageNames) => string): string {
  const any = { version: '<version>', suite: '', arguments: {} };
  return imagesOf(manifest, any)
    .map((names) => `\`${pick(names)}\``)
    .join(', ');
}
