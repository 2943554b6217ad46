// Keeps what a run of the whole suite found, for the README and for those who ask what has changed since.

import path from 'node:path';
import { addExamined, toEntry } from '../../ci/examined.ts';
import { HASH_LABEL, sourceHash, tagsOf } from '../../scripts/build/image.ts';
import { select, type Target } from '../../scripts/build/select.ts';
import { contentHash } from '../../scripts/test/content-hash.ts';
import { openEngine } from '../support/engine.ts';
import type { Run } from './run.ts';
import { FIRST_ANSWER } from './targets/image/serve.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** @throws Error for an image that no manifest names, or that was made from other sources. */
export async function recordRun(run: Run): Promise<void> {
  const docker = openEngine();
  const target = await targetOf(run.target);
  const { Size: bytes, Config } = await docker.getImage(run.target).inspect();
  if (Config.Labels?.[HASH_LABEL] !== (await sourceHash({ docker, target })))
    throw new Error(`${run.target} was not built from what is here now, so nothing is recorded: npm run build first.`);
  const on = new Date().toISOString().slice(0, 10);
  const hash = await contentHash({ target });
  const entry = toEntry({ run, startMs: run.startTimes[FIRST_ANSWER] ?? 0, bytes, on, hash });
  await addExamined({ root: ROOT, entries: { [run.target]: entry } });
}

async function targetOf(image: string): Promise<Target> {
  const found = (await select({ words: [] })).find((target) => tagsOf(target).includes(image));
  if (found === undefined) throw new Error(`No manifest names the image ${image}, so nothing is recorded of it.`);
  return found;
}
