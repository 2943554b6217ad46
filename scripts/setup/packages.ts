// Installs packages of the host's own distribution, where that is Debian or Ubuntu and we are root.

import { readFile } from 'node:fs/promises';
import { $ } from 'zx';
import type { Say } from '../console/steps.ts';

/** Why packages cannot be installed here, or undefined if they can. */
export async function whyNoPackages(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}`;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!isDebianLike(release)) return 'this is neither Debian nor Ubuntu';
  return process.getuid?.() === 0 ? undefined : 'only root may install packages';
}

/** Installs packages without their recommendations. Call only if `whyNoPackages` finds no reason. */
export async function installPackages({ names, say }: { names: string[]; say: Say }): Promise<void> {
  const apt = $({
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    quiet: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  say('apt-get update');
  await apt`apt-get update`;
  say(`apt-get install ${names.join(' ')}`);
  const installed = await apt({ nothrow: true })`apt-get install --yes --no-install-recommends ${names}`;
  if (installed.exitCode !== 0) {
    throw new Error(
      `apt-get could not install ${names.join(', ')}:\n${installed.stderr.trim() || installed.stdout.slice(-2000)}`,
    );
  }
}

/** Whether the text of an os-release file is that of Debian or of a distribution made from it. */
export function isDebianLike(osRelease: string): boolean {
  return /^ID(?:_LIKE)?=.*\bdebian\b/m.test(osRelease);
}
