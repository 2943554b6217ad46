// The objects of one bucket, through the SDK and within limits.

import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { downloadObject } from './download.ts';
import type { Bucket } from './dsn.ts';
import { uploadObject } from './upload.ts';

/** Milliseconds, but for `attempts`. */
export interface Limits {
  connect: number;
  /** For an answer, and for the pauses of a stream in either direction. */
  silence: number;
  /** How often a request is sent until it is answered; pauses between grow. */
  attempts: number;
}

/** A file of this host and an object. */
interface Copy {
  file: string;
  key: string;
  signal: AbortSignal;
}

export interface Objects {
  /** Both return the number of bytes, and throw what the SDK throws. */
  download(copy: Copy): Promise<number>;
  upload(copy: Copy): Promise<number>;
  remove(request: { key: string }): Promise<unknown>;
  close(): void;
}

export function openObjects(
  { endpoint, region, name, accessKeyId, secretAccessKey }: Bucket,
  { connect, silence, attempts }: Limits,
): Objects {
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Whoever runs a storage of his own rarely has a host name for each bucket.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connect, socketTimeout: silence },
  });
  return {
    download: (copy) => downloadObject({ client, bucket: name, ...copy }),
    upload: (copy) => uploadObject({ client, bucket: name, ...copy }),
    remove: ({ key }) => client.send(new DeleteObjectCommand({ Bucket: name, Key: key })),
    close: () => client.destroy(),
  };
}
