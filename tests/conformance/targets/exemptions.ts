// The exceptions of a manifest that concern one of its versions.

import type { Manifest } from '../../../src/manifest/schema.ts';
import type { Exemption } from './target.ts';

export function exemptionsOf({
  manifest,
  version,
}: {
  manifest: Manifest | undefined;
  version: string | undefined;
}): Exemption[] {
  const concerned = (manifest?.exceptions ?? []).filter(
    ({ versions }) => versions === undefined || version === undefined || versions.includes(version),
  );
  return concerned.flatMap(({ case: names, reason }) => [names].flat().map((name) => ({ case: name, reason })));
}
