// The table of what is known of each image: its size, its start, and how it did in the conformance suite.

import type { Examined } from '../../ci/examined.ts';
import { imagesOf } from '../../src/manifest/names.ts';
import type { Manifest } from '../../src/manifest/schema.ts';

const COLUMNS = ['Image', 'Size, MB', 'Start, ms', 'Conformance'];

/** A Markdown table with a row for each image, in the manifests' order. */
export function examinedTable({ manifests, examined }: { manifests: Manifest[]; examined: Examined }): string {
  const names = manifests.flatMap((manifest) =>
    manifest.versions.flatMap((version) => imagesOf(manifest, version).map(({ name }) => name)),
  );
  const rows = names.map((name) => [`\`${name}\``, ...cellsOf(examined[name])]);
  return [COLUMNS, ['---', '--:', '--:', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(found: Examined[string] | undefined): string[] {
  if (found === undefined) return ['', '', 'not yet examined in full'];
  const { megabytes, startMs, passed, exempt, failed } = found;
  return [
    String(megabytes),
    String(startMs),
    [
      `${passed} passed`,
      ...(exempt > 0 ? [`${exempt} exempt`] : []),
      ...(failed > 0 ? [`**${failed} failed**`] : []),
    ].join(', '),
  ];
}
