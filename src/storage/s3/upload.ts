// Writes a file to an object: in one request, or in parts of which only a few are in memory at once.
//
// Not with the SDK's own `lib-storage`: after an abort that lets requests go on, so that the object may still change.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { openRegular } from '../copy.ts';

/** Under which an object's SHA-256 is kept with it. Not every storage has checksums of whole objects. */
export const DIGEST = 'sha256';

const PART_BYTES = 8 * 1024 * 1024;
const MAX_PARTS = 10_000;
const PARTS_AT_ONCE = 3;
const CLEAN_UP_MS = 10_000;

interface Upload {
  client: S3Client;
  bucket: string;
  key: string;
  signal: AbortSignal;
}

/** Returns the number of bytes. */
export async function uploadObject({ file, ...upload }: Upload & { file: string }): Promise<number> {
  upload.signal.throwIfAborted();
  await using source = await openRegular(file);
  const { size } = await source.stat();
  if (size <= PART_BYTES) await putWhole({ ...upload, source, size });
  else await putParts({ ...upload, source, size });
  return size;
}

interface Source {
  source: FileHandle;
  size: number;
}

async function putWhole({ client, bucket, key, signal, source, size }: Upload & Source): Promise<void> {
  const body = await readPart({ source, from: 0, length: size });
  const digest = createHash('sha256').update(body).digest('hex');
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, Metadata: { [DIGEST]: digest } }), {
    abortSignal: signal,
  });
}

async function putParts({ client, bucket, key, signal, source, size }: Upload & Source): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  const digest = await digestOf({ source, size, signal });
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, Metadata: { [DIGEST]: digest }, ChecksumAlgorithm: 'CRC32' }),
    { abortSignal: signal },
  );
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const partBytes = Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS));
  const numbers = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index + 1).values();
  const parts: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];

  async function work(): Promise<void> {
    for (const PartNumber of numbers) {
      either.throwIfAborted();
      const from = (PartNumber - 1) * partBytes;
      const Body = await readPart({ source, from, length: Math.min(partBytes, size - from) });
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ ...target, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }),
        { abortSignal: either },
      );
      parts.push({ PartNumber, ETag, ChecksumCRC32 });
    }
  }

  const workers = Array.from({ length: PARTS_AT_ONCE }, work);
  try {
    await Promise.all(workers);
    const MultipartUpload = { Parts: parts.toSorted((a, b) => a.PartNumber - b.PartNumber) };
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }), {
      abortSignal: signal,
    });
  } catch (error) {
    stopping.abort();
    await Promise.allSettled(workers);
    // A storage that has gone away keeps the parts; docs/operations.md says how buckets get rid of them.
    await client
      .send(new AbortMultipartUploadCommand({ ...target, UploadId }), { abortSignal: AbortSignal.timeout(CLEAN_UP_MS) })
      .catch(() => {});
    throw error;
  }
}

async function digestOf({ source, size, signal }: Source & { signal: AbortSignal }): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.createReadStream({
    autoClose: false,
    start: 0,
    end: size - 1,
    highWaterMark: 256 * 1024,
    signal,
  }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function readPart({
  source,
  from,
  length,
}: {
  source: FileHandle;
  from: number;
  length: number;
}): Promise<Buffer> {
  const part = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await source.read(part, filled, length - filled, from + filled);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read.');
    filled += bytesRead;
  }
  return part;
}
