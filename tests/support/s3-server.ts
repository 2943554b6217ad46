// A real S3-compatible server on loopback, for as long as a test needs it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { s3ServerIsInstalled, s3ServerProgram } from '../../scripts/test/s3-server.ts';
import { temporaryFolder } from './folder.ts';
import { freePorts } from '../../src/lib/ports.ts';

export interface S3Server extends AsyncDisposable {
  endpoint: string;
  /** A client that may do everything. */
  client: S3Client;
  /** The DSN of a bucket on this server, or on another. */
  dsn(request: { bucket: string; key?: string; secret?: string; at?: string }): string;
}

const OWNER = { accessKey: 'the-key', secretKey: 'a/secret+with@signs' };
/** May read, and nothing else. */
export const READER = { accessKey: 'the-reader', secretKey: 'reader-secret' };
const PORTS = [
  'master.port',
  'master.port.grpc',
  'volume.port',
  'volume.port.grpc',
  'filer.port',
  'filer.port.grpc',
  's3.port',
  's3.port.grpc',
  'admin.port',
  'admin.port.grpc',
];

/** Starts SeaweedFS, with its data in a temporary folder and with empty buckets. */
export async function startS3Server({ buckets }: { buckets: string[] }): Promise<S3Server> {
  if (!(await s3ServerIsInstalled()))
    throw new Error('The S3-compatible server for tests is missing; "npm test" installs it.');
  const program = await s3ServerProgram();
  const folder = await temporaryFolder({ 'data/.keep': '' });
  const identities = [
    { name: 'owner', credentials: [OWNER], actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'] },
    { name: 'reader', credentials: [READER], actions: ['Read', 'List'] },
  ];
  await writeFile(path.join(folder.path, 's3.json'), JSON.stringify({ identities }));
  const ports = await freePorts(PORTS.length);
  const endpoint = `http://127.0.0.1:${ports[PORTS.indexOf('s3.port')]}`;
  const options = [
    '-ip=127.0.0.1',
    '-ip.bind=127.0.0.1',
    `-dir=${folder.path}/data`,
    '-master.volumeSizeLimitMB=64',
    `-s3.config=${folder.path}/s3.json`,
    '-s3.iam=false',
    '-s3.autoCreateBucket=false',
    '-s3.port.iceberg=0',
    '-s3.port.lance=0',
    '-webdav=false',
    '-admin.ui=false',
    ...PORTS.map((name, index) => `-${name}=${ports[index]}`),
  ];
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: OWNER.accessKey, secretAccessKey: OWNER.secretKey },
  });
  const server = spawn(program, ['mini', ...options], { cwd: folder.path, stdio: 'ignore' });
  while (!(await answers(endpoint))) {
    if (server.exitCode !== null)
      throw new Error(`The S3-compatible server ended with exit code ${server.exitCode} before it listened.`);
    await pause(10);
  }
  for (const Bucket of buckets) await client.send(new CreateBucketCommand({ Bucket }));
  return {
    endpoint,
    client,
    dsn: ({ bucket, key = OWNER.accessKey, secret = OWNER.secretKey, at = endpoint }) =>
      `s3://${encodeURIComponent(key)}:${encodeURIComponent(secret)}@localhost/${bucket}` +
      `?region=us-east-1&url=${encodeURIComponent(at)}`,
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      // It would leave these behind, wherever its folders are.
      await Promise.all(
        PORTS.map((name, index) =>
          rm(`/tmp/seaweedfs-${name.replace('.port', '').replace('.', '-')}-${ports[index]}.sock`, { force: true }),
        ),
      );
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** It refuses whoever has no key once it knows its own keys. */
async function answers(endpoint: string): Promise<boolean> {
  const response = await fetch(endpoint).catch(() => undefined);
  return response?.status === 403;
}
