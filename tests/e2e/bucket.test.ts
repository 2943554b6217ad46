// An executor whose storage is a bucket on a real server: builds, serves, says what is wrong while it is away, and is
// measured meanwhile.

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { freePorts } from '../../src/lib/ports.ts';
import { openProxy, type Proxy } from '../support/proxy.ts';
import { type S3Server, startS3Server } from '../support/s3-server.ts';

let server: S3Server;
let proxy: Proxy;
let executor: ExecutorProcess;
let metrics: string;
let artifact: string | undefined;

beforeAll(async () => {
  server = await startS3Server({ buckets: ['functions'] });
  proxy = await openProxy({
    from: { host: '127.0.0.1' },
    to: { host: '127.0.0.1', port: Number(new URL(server.endpoint).port) },
  });
  const [port = 0] = await freePorts(1);
  metrics = `http://127.0.0.1:${port}/metrics`;
  const storage = server.dsn({ bucket: 'functions/all', at: `http://127.0.0.1:${proxy.port}` });
  executor = await executorProcess({
    OPR_EXECUTOR_CONNECTION_STORAGE: storage,
    OPR_EXECUTOR_METRICS: String(port),
    OPR_EXECUTOR_STANDBY_MAX: '0',
  });
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function executes(id: string) {
  const { image, entrypoint } = executor;
  const response = await executor.call({
    method: 'POST',
    path: `/v1/runtimes/${id}/executions`,
    body: { image, entrypoint, source: artifact },
  });
  return {
    status: response.status,
    ...((await response.json()) as { statusCode?: number; type?: string; message?: string }),
  };
}

test('a build takes its source from the bucket and leaves its artifact there', async () => {
  const { image, entrypoint, install } = executor;
  const source = execFileSync('tar', ['-cz', '-C', path.join(executor.fixture, 'function'), '.']);
  await server.client.send(new PutObjectCommand({ Bucket: 'functions', Key: 'all/source.tar.gz', Body: source }));
  const command = `tar -zxf /tmp/code.tar.gz -C /mnt/code && bash helpers/build.sh "${install}"`;
  const body = {
    runtimeId: 'build',
    image,
    entrypoint,
    source: '/source.tar.gz',
    destination: '/artifacts',
    command,
    remove: true,
  };
  const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body });
  ({ path: artifact } = (await response.json()) as { path?: string });
  const { Contents = [] } = await server.client.send(
    new ListObjectsV2Command({ Bucket: 'functions', Prefix: 'all/artifacts/' }),
  );
  expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(/^all\/artifacts\/[0-9a-f]{13}\.tar\.gz$/)]);
});

test('a function is served from it', async () => {
  expect(await executes('served')).toMatchObject({ status: 200, statusCode: 200 });
});

test('while it is away, cold starts say so, leave nothing, warm functions answer; then all is as before', async () => {
  await proxy.takeAway();
  expect(await executes('away')).toMatchObject({
    status: 400,
    type: 'runtime_failed',
    message: expect.stringMatching(/does not answer/),
  });
  expect(await (await executor.call({ path: '/v1/runtimes/away' })).json()).toMatchObject({
    type: 'runtime_not_found',
  });
  expect(await executes('served')).toMatchObject({ status: 200 });
  await proxy.giveBack();
  expect(await executes('away')).toMatchObject({ status: 200, statusCode: 200 });
});

test('its metrics tell all of that', async () => {
  const text = await (await fetch(metrics)).text();
  expect(text).toContain('opr_executor_build_seconds_count{result="ok"} 1\n');
  expect(text).toContain('opr_executor_cold_start_seconds_count{kind="scratch"} 3\n');
  expect(text).toContain('opr_executor_errors_total{type="runtime_failed"} 1\n');
  expect(text).toContain('opr_executor_instances{state="running"} 2\n');
});
