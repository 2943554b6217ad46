// Tests what is kept of a run of the conformance suite.

import { expect, test } from 'vitest';
import { addExamined, readExamined, toEntry } from '../../../ci/examined.ts';
import { temporaryFolder } from '../../support/folder.ts';

const outcomes = ['pass', 'pass', 'exempt', 'fail', 'error'] as const;
const entry = toEntry({
  run: { results: outcomes.map((outcome) => ({ outcome })) },
  startMs: 250.4,
  bytes: 123_456_789,
  on: '2026-01-01',
  hash: 'abc',
});

test('an entry counts outcomes, is in megabytes and milliseconds, and knows what it is about', () => {
  expect(entry).toEqual({
    on: '2026-01-01',
    megabytes: 123,
    startMs: 250,
    passed: 2,
    exempt: 1,
    failed: 2,
    hash: 'abc',
  });
});

test('entries replace those of the same images and leave the others', async () => {
  await using folder = await temporaryFolder({ 'docs/images.json': JSON.stringify({ 'a:1': entry, 'c:1': entry }) });
  await addExamined({ root: folder.path, entries: { 'c:1': { ...entry, failed: 0 }, 'b:1': entry } });
  expect(await readExamined(folder.path)).toEqual({ 'a:1': entry, 'b:1': entry, 'c:1': { ...entry, failed: 0 } });
});

test('where nothing was examined, nothing is known', async () => {
  await using folder = await temporaryFolder({});
  expect(await readExamined(folder.path)).toEqual({});
});
