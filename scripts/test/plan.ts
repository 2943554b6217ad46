// Which images `npm test` builds and examines, and how closely: what has changed since it was last examined in full is
// examined in full again, and of the rest a few are by sample, so that a run keeps its time however many images there
// are.

import type { Examined } from '../../ci/examined.ts';
import { imagesOf } from '../../src/manifest/names.ts';
import { type Target, targetName } from '../build/select.ts';
import { shuffle } from './draw.ts';

// An image takes about a minute and a half in full and half a minute by sample, its build included.
const MOST_IN_FULL = 8;
const MOST_CHANGED_BY_SAMPLE = 16;
const MOST_UNCHANGED = 8;
const LEAST_UNCHANGED = 4;

export interface Plan {
  full: Target[];
  sample: Target[];
  /** Have changed, and are only examined by sample or not at all: there are too many. */
  unproved: Target[];
  /** What is not looked at: the record stands for what has not changed. */
  left: Target[];
}

export interface PlanRequest {
  targets: readonly Target[];
  examined: Examined;
  /** The content hash of each, by its name. */
  hashes: ReadonlyMap<string, string>;
  seed: string;
}

export function plan({ targets, examined, hashes, seed }: PlanRequest): Plan {
  const proved = (target: Target): boolean => isProved({ target, examined, hash: hashes.get(targetName(target)) });
  const ordered = inOrder({ targets, seed });
  const changed = ordered.filter((target) => !proved(target));
  const unchanged = ordered.filter(proved);
  const most = Math.max(LEAST_UNCHANGED, MOST_UNCHANGED - changed.length);
  const full = changed.slice(0, MOST_IN_FULL);
  const sample = [...changed.slice(MOST_IN_FULL, MOST_IN_FULL + MOST_CHANGED_BY_SAMPLE), ...unchanged.slice(0, most)];
  return {
    full,
    sample,
    unproved: changed.slice(MOST_IN_FULL),
    left: ordered.filter((target) => !full.includes(target) && !sample.includes(target)),
  };
}

/** All of them, whatever time it takes: in full what has changed, by sample what has not. */
export function planAll({ targets, examined, hashes }: PlanRequest): Plan {
  const [full, sample] = [false, true].map((proved) =>
    targets.filter((target) => isProved({ target, examined, hash: hashes.get(targetName(target)) }) === proved),
  ) as [Target[], Target[]];
  return { full, sample, unproved: [], left: [] };
}

/** Whether all images of a version have passed the whole suite just as they are. */
export function isProved({
  target: { manifest, version },
  examined,
  hash,
}: {
  target: Target;
  examined: Examined;
  hash: string | undefined;
}): boolean {
  return imagesOf(manifest, version).every(
    ({ name }) => examined[name] !== undefined && examined[name].failed === 0 && examined[name].hash === hash,
  );
}

/** The runtime of those who have not chosen one first, other default versions next, each in the seed's order. */
function inOrder({ targets, seed }: { targets: readonly Target[]; seed: string }): Target[] {
  return shuffle({ seed, of: targets, name: targetName }).toSorted((a, b) => rank(a) - rank(b));
}

function rank({ manifest, version }: Target): number {
  if (version !== manifest.versions[0]) return 2;
  return manifest.default ? 0 : 1;
}
