// Finds the Debian mirror that this host itself uses, so that base images come from where its own packages come from.

import { readFile } from 'node:fs/promises';

/** The mirror's address, or undefined if this host is not Debian or does not say. */
export async function hostMirror(): Promise<string | undefined> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID=debian$/m.test(release)) return undefined;
  const files = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.map((text) => mirrorIn(text)).find((mirror) => mirror !== undefined);
}

/**
 * The first address in the text of an apt sources file, of the newer form or of the older one; comments do not count.
 */
export function mirrorIn(sources: string): string | undefined {
  const newer = /^URIs:\s*(\S+)/m.exec(sources);
  const older = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(sources);
  return (newer ?? older)?.[1];
}
