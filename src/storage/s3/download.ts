// Reads an object into a file, and checks that what came is what was stored.

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { writeWhole } from '../copy.ts';
import { DIGEST } from './upload.ts';

/** The client checks the storage's own checksum where there is one; objects that we stored carry ours as well. */
export async function downloadObject({
  client,
  bucket,
  key,
  file,
  signal,
}: {
  client: S3Client;
  bucket: string;
  key: string;
  file: string;
  signal: AbortSignal;
}): Promise<number> {
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  const body = answer.Body as Readable;
  try {
    return await writeWhole({
      source: verified({ body, digest: answer.Metadata?.[DIGEST] }),
      to: file,
      durable: false,
      signal,
    });
  } finally {
    body.destroy();
  }
}

async function* verified({ body, digest }: { body: Readable; digest: string | undefined }): AsyncGenerator<Buffer> {
  const hash = digest === undefined ? undefined : createHash('sha256');
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash?.update(chunk);
    yield chunk;
  }
  if (hash && hash.digest('hex') !== digest)
    throw new Error('what came is not what was stored: its SHA-256 is another.');
}
