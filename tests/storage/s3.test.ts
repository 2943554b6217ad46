// The storage in a bucket keeps the promises of the port, on a real server.

import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { openStorage } from '../../src/storage/open.ts';
import { type S3Server, startS3Server } from '../support/s3-server.ts';
import { testStorage } from './contract.ts';

let server: S3Server;
let opened = 0;
beforeAll(async () => {
  server = await startS3Server({ buckets: ['contract'] });
});
afterAll(() => server[Symbol.asyncDispose]());

testStorage({
  title: 'in a bucket',
  harness: {
    open: async () => openStorage({ dsn: server.dsn({ bucket: `contract/below/${(opened += 1)}` }) }),
    everything: async () => {
      const place = { Bucket: 'contract', Prefix: `below/${opened}/` };
      const [{ Contents = [] }, { Uploads = [] }] = await Promise.all([
        server.client.send(new ListObjectsV2Command(place)),
        server.client.send(new ListMultipartUploadsCommand(place)),
      ]);
      return [...Contents.map(({ Key }) => Key ?? ''), ...Uploads.map(({ Key }) => `unfinished ${Key}`)];
    },
  },
});
