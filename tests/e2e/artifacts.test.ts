// Artifacts that are none, that are far larger than they look, or that want to write where they must not: each is
// refused with the reason, and nothing of it is left.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { leftAtLast, request } from '../support/tenant.ts';

const MAX_DISK = 64;
let executor: ExecutorProcess;

beforeAll(async () => {
  executor = await executorProcess({ OPR_EXECUTOR_MAX_DISK: String(MAX_DISK) });
});
afterAll(() => executor?.[Symbol.asyncDispose]());

/** Puts what a script makes into the storage, as `artifact.tar.gz`. */
const make = (script: string) => promisify(execFile)('bash', ['-ec', script], { cwd: `${executor.folder}/storage` });

/**
 * What the caller of a function with this artifact is told, whether it was started for this call or stood by for any;
 * and what is left then.
 */
async function callWith(source: string): Promise<{ status: number; type?: string; words: string; remains: string[] }> {
  const response = await request({ executor, id: 'bad', source });
  const { type = '', message = '' } = (await response.json()) as { type?: string; message?: string };
  return { status: response.status, type, words: message, remains: await leftAtLast({ executor, id: 'bad' }) };
}

const failed = (words: RegExp) => ({
  status: 400,
  type: 'runtime_failed',
  words: expect.stringMatching(words),
  remains: [],
});
const refused = (reason: string) =>
  failed(
    new RegExp(
      `^Runtime failed: its process ended with exit code 1 and the exit message: Error: The code archive was ` +
        `refused[:,] ${reason}`,
    ),
  );

test('one that is not an archive', async () => {
  await writeFile(`${executor.folder}/storage/random.tar.gz`, randomBytes(10_000));
  expect(await callWith('random.tar.gz')).toEqual(refused('tar: This does not look like a tar archive'));
});

test('one that is cut off', async () => {
  await make('head -c 1M /dev/urandom > file; tar -czf cut.tar.gz file');
  await truncate(`${executor.folder}/storage/cut.tar.gz`, 500_000);
  expect(await callWith('cut.tar.gz')).toEqual(refused('tar: Unexpected EOF in archive'));
});

test('one that is empty, and one that is not there', async () => {
  await writeFile(`${executor.folder}/storage/empty.tar.gz`, '');
  expect(await callWith('empty.tar.gz')).toEqual(refused('tar: This does not look like a tar archive'));
  expect(await callWith('missing.tar.gz')).toEqual(failed(/There is no object missing\.tar\.gz/));
});

test.each(['gzip', 'zstd'])(
  'one whose only file (%s) is larger than the disk that a runtime may take',
  async (compression) => {
    await make(`truncate -s 160M zeros; tar --${compression} -cf bomb.tar.gz zeros; rm zeros`);
    expect(await callWith('bomb.tar.gz')).toEqual(refused('it cannot be unpacked'));
  },
);

test.each([
  {
    what: 'is larger than the disk that a runtime may take',
    script:
      `for i in {1..5}; do truncate -s ${MAX_DISK / 2}M zeros-$i; done; tar -cf - zeros-* | gzip -1 > ` +
      `slow.tar.gz; rm zeros-*`,
  },
  {
    what: 'has more files than a runtime may have',
    script: 'mkdir many; (cd many; touch {1..18000}); tar -czf slow.tar.gz many; rm -r many',
  },
])('one that $what in many files is ended soon after', async ({ script }) => {
  await make(script);
  expect((await callWith('slow.tar.gz')).remains).toEqual([]);
});

test.each([
  {
    what: 'names a file above its folder',
    reason: 'tar: Removing leading `../../../../../',
    script: 'echo evil > x; tar -czPf climbing.tar.gz --transform "s,^x,../../../../../tmp/evil," x',
  },
  {
    what: 'names a file by an absolute path',
    reason: 'tar: Removing leading `/',
    script: 'echo evil > x; tar -czPf climbing.tar.gz --transform "s,^x,/tmp/evil," x',
  },
  {
    what: 'has a link that leads out',
    reason: 'a link leaves its folder: x',
    script: 'ln -sfn /etc x; tar -czf climbing.tar.gz x',
  },
  {
    what: 'has a link that leads up',
    reason: 'a link leaves its folder: x',
    script: 'ln -sfn ../../../../.. x; tar -czf climbing.tar.gz x',
  },
  {
    what: 'writes through a link of its own',
    reason: 'tar: x/evil: Cannot open: Not a directory',
    script:
      'rm -rf x y; mkdir y; ln -s /tmp x; tar -cf climbing.tar x; echo evil > y/evil; tar -rPf ' +
      'climbing.tar --transform "s,^y,x," y/evil; gzip -f climbing.tar',
  },
  {
    what: 'has a hard link to a file that is not its own',
    reason: "tar: Removing leading `/' from hard link targets",
    script: 'rm -rf x; echo a > x; ln -f x z; tar -czPf climbing.tar.gz --transform "flags=h;s,^x,/etc/passwd," x z',
  },
])('one that $what', async ({ script, reason }) => {
  await make(script);
  expect(await callWith('climbing.tar.gz')).toEqual(refused(reason));
  expect(existsSync('/tmp/evil')).toBe(false);
});
