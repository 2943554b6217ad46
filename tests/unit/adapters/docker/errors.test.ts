// What becomes of the errors of the engine and of its client.

import { expect, test } from 'vitest';
import { AdapterError } from '../../../../src/adapters/adapter.ts';
import { attempt } from '../../../../src/adapters/docker/errors.ts';

const answer = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) - ${message}`), { statusCode, json: { message } });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const failing = (error: unknown) =>
  attempt('start it', async () => {
    throw error;
  });

test.each([
  {
    error: answer(404, 'No such image: some:1'),
    code: 'image_missing',
    message: 'Could not start it: No such image: some:1. Build or pull the image first.',
  },
  {
    error: answer(404, 'network some not found'),
    code: 'failed',
    message: 'Could not start it: network some not found',
  },
  {
    error: answer(409, 'Conflict. The container name "/a" is already in use'),
    code: 'name_taken',
    message: 'Could not start it: Conflict. The container name "/a" is already in use',
  },
  { error: answer(409, 'container is paused'), code: 'failed', message: 'Could not start it: container is paused' },
  {
    error: answer(500, 'no space left on device'),
    code: 'failed',
    message: 'Could not start it: no space left on device',
  },
  { error: system('ENOENT'), code: 'unavailable', message: expect.stringContaining('systemctl start docker') },
  { error: system('ECONNREFUSED'), code: 'unavailable', message: expect.stringContaining('DOCKER_HOST') },
  { error: 'not even an error', code: 'failed', message: 'Could not start it: not even an error' },
])('$error becomes $code', async ({ error, code, message }) => {
  const result = failing(error);
  await expect(result).rejects.toBeInstanceOf(AdapterError);
  await expect(result).rejects.toMatchObject({ code, message, cause: error });
});

test("an adapter's own error passes unchanged", async () => {
  const error = new AdapterError({ code: 'not_found', message: 'There is no such instance.' });
  await expect(failing(error)).rejects.toBe(error);
});
