// Finds out which runtime a folder of code is for and which of its files is the function.

import path from 'node:path';
import { type Target, targetName } from '../build/select.ts';

export interface Detection {
  target: Target;
  entrypoint: string;
}

interface DetectRequest {
  /** What is at the top of the folder. */
  files: string[];
  /** All images there are, for each runtime its default first. */
  targets: Target[];
  /** `name` or `name:version`, if the user has said so. */
  runtime?: string | undefined;
  entrypoint?: string | undefined;
}

/** Throws an Error that says what to add to the command when the folder alone does not tell. */
export function detect({ files, targets, runtime, entrypoint }: DetectRequest): Detection {
  const target = runtime ? named({ targets, runtime }) : recognised({ files, targets });
  return { target, entrypoint: entrypoint ?? findEntrypoint({ files, target }) };
}

function named({ targets, runtime }: { targets: Target[]; runtime: string }): Target {
  const target = targets.find((candidate) => runtime === candidate.manifest.name || runtime === targetName(candidate));
  if (!target) throw new Error(`There is no runtime "${runtime}". There are: ${targets.map(targetName).join(' ')}`);
  return target;
}

function recognised({ files, targets }: { files: string[]; targets: Target[] }): Target {
  const defaults = targets.filter(({ manifest, version }) => manifest.versions[0] === version);
  const byEntrypoint = defaults.filter(({ manifest }) => files.includes(manifest.entrypoint));
  const candidates =
    byEntrypoint.length > 0
      ? byEntrypoint
      : defaults.filter(({ manifest }) => files.some((file) => hasSign({ manifest, file })));
  const [target] = candidates;
  if (candidates.length === 1 && target) return target;
  const which = candidates.length > 1 ? candidates : defaults;
  throw new Error(
    [
      candidates.length > 1
        ? 'The code could be for several runtimes.'
        : `The language was not recognised from the files: ${files.slice(0, 10).join(' ')}`,
      `Say which it is: --runtime NAME. There are: ${which.map(({ manifest }) => manifest.name).join(' ')}`,
    ].join('\n'),
  );
}

function findEntrypoint({ files, target: { manifest } }: { files: string[]; target: Target }): string {
  if (files.includes(manifest.entrypoint)) return manifest.entrypoint;
  const extension = path.extname(manifest.entrypoint);
  const candidates = files.filter((file) => path.extname(file) === extension);
  if (candidates.length === 1 && candidates[0]) return candidates[0];
  throw new Error(`There is no ${manifest.entrypoint}. Say which file is the function: --entrypoint FILE`);
}

function hasSign({ manifest, file }: { manifest: Target['manifest']; file: string }): boolean {
  return manifest.detect.some((pattern) => path.matchesGlob(file, pattern));
}
