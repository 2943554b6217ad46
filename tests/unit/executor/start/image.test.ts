// Tests that a missing image is fetched when an instance of it is to start.

import { expect, test, vi } from 'vitest';
import { type Adapter, AdapterError, type AdapterErrorCode } from '../../../../src/adapters/adapter.ts';
import { withImage } from '../../../../src/executor/start/image.ts';
import { silentLog } from '../../../../src/lib/log.ts';

const never = new AbortController().signal;

function attempt({
  code,
  pull = async () => ({ labels: {} }),
  signal = never,
}: {
  code?: AdapterErrorCode;
  pull?: Adapter['pull'];
  signal?: AbortSignal;
}) {
  const start = vi.fn<() => Promise<string>>(async () => 'started');
  if (code) start.mockRejectedValueOnce(new AdapterError({ code, message: 'on purpose' }));
  const pulls = vi.fn<Adapter['pull']>(pull);
  return {
    start,
    pulls,
    done: withImage({
      executor: { adapter: { pull: pulls } as unknown as Adapter, log: silentLog },
      image: 'some:image',
      signal,
      start,
    }),
  };
}

test('an image that is there is not pulled', async () => {
  const { start, pulls, done } = attempt({});
  expect(await done).toBe('started');
  expect([start.mock.calls.length, pulls.mock.calls.length]).toEqual([1, 0]);
});

test('a missing image is pulled, and then it starts', async () => {
  const { start, pulls, done } = attempt({ code: 'image_missing' });
  expect(await done).toBe('started');
  expect([start.mock.calls.length, pulls.mock.calls]).toEqual([2, [[{ image: 'some:image' }]]]);
});

test('an image that cannot be had says why, and nothing is started again', async () => {
  const { start, done } = attempt({
    code: 'image_missing',
    pull: async () => {
      throw new AdapterError({ code: 'image_missing', message: 'denied' });
    },
  });
  await expect(done).rejects.toThrow('denied');
  expect(start).toHaveBeenCalledOnce();
});

test('other failures of a start have nothing to do with images', async () => {
  const { pulls, done } = attempt({ code: 'failed' });
  await expect(done).rejects.toThrow('on purpose');
  expect(pulls).not.toHaveBeenCalled();
});

test('whoever leaves does not wait for the image', async () => {
  const leaving = new AbortController();
  const { start, pulls, done } = attempt({
    code: 'image_missing',
    pull: () => new Promise(() => {}),
    signal: leaving.signal,
  });
  await expect.poll(() => pulls.mock.calls.length).toBeGreaterThan(0);
  leaving.abort(new Error('left'));
  await expect(done).rejects.toThrow('left');
  expect(start).toHaveBeenCalledOnce();
});
