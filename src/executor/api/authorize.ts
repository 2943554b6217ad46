// Lets in who knows the executor's secret.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ExecutorError } from '../errors.ts';

/** The second word of Authorization must be the secret; hashes of both are compared, since those have equal lengths. */
export function authorize({ secret }: { secret: string }): RequestHandler {
  const expected = digest(secret);
  return (request, _response, next) => {
    const [, given = ''] = (request.headers.authorization ?? '').split(/\s+/);
    if (!timingSafeEqual(digest(given), expected)) throw new ExecutorError({ type: 'general_unauthorized' });
    next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
