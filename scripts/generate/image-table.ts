// The table of images in the README.

import type { Manifest } from '../../src/manifest/schema.ts';

const COLUMNS = ['Language', 'Image', 'Versions, the default first', 'Also as', 'Entrypoint', 'Install command'];

/** A Markdown table with a row for each runtime. */
export function imageTable(manifests: Manifest[]): string {
  const rows = manifests.map((manifest) => [
    manifest.title,
    `\`open-runtimes/${manifest.image}:<version>\``,
    manifest.versions.map(({ version }) => version).join(', '),
    `\`openruntimes/${manifest.alias}:${manifest.contract}-<version>\``,
    `\`${manifest.entrypoint}\``,
    manifest.install ? `\`${manifest.install}\`` : '',
  ]);
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
