// What a DSN says of a bucket.

import { expect, test } from 'vitest';
import { readS3Dsn } from '../../../../src/storage/s3/dsn.ts';

const read = (rest: string) => readS3Dsn(new URL(`s3://key:secret@${rest}`));

test.each([
  { rest: 's3.example.com/bucket', endpoint: 'https://s3.example.com/' },
  { rest: 's3.example.com:9000/bucket?insecure=true', endpoint: 'http://s3.example.com:9000/' },
  { rest: '[::1]:9000/bucket?insecure=true', endpoint: 'http://[::1]:9000/' },
  { rest: 'localhost/bucket?url=http%3A%2F%2Fminio%3A9000', endpoint: 'http://minio:9000/' },
  {
    rest: 'localhost/bucket?url=https%3A%2F%2Fs3.example.com%2Fat%2F&insecure=true',
    endpoint: 'https://s3.example.com/at/',
  },
  { rest: 'localhost/bucket?url=minio:9000&insecure=true', endpoint: 'http://minio:9000/' },
  { rest: 'localhost:9000/bucket?insecure=true', endpoint: 'http://localhost:9000/' },
  { rest: 'localhost/bucket?insecure=true', endpoint: 'http://localhost/' },
  { rest: 'localhost/bucket', endpoint: undefined },
  { rest: 's3.amazonaws.com/bucket', endpoint: undefined },
  { rest: 's3.eu-west-1.amazonaws.com/bucket', endpoint: undefined },
  { rest: 'amazonaws.com.example/bucket', endpoint: 'https://amazonaws.com.example/' },
])('$rest is at $endpoint', ({ rest, endpoint }) => {
  expect(read(rest).endpoint).toBe(endpoint);
});

test.each([
  { rest: 'host/bucket', region: 'us-east-1', name: 'bucket', prefix: '' },
  { rest: 'host/bucket/?region=eu-central-1', region: 'eu-central-1', name: 'bucket', prefix: '' },
  { rest: 'host/bucket/deep/er%20still/?region=', region: 'us-east-1', name: 'bucket', prefix: 'deep/er still/' },
])('$rest names the bucket $name, the prefix "$prefix" and the region $region', ({ rest, ...said }) => {
  expect(read(rest)).toMatchObject(said);
});

test('keys and secrets are decoded', () => {
  expect(readS3Dsn(new URL('s3://k%40y:s%2Fe%2Bc+r%25t@host/bucket'))).toMatchObject({
    accessKeyId: 'k@y',
    secretAccessKey: 's/e+c+r%t',
  });
});
