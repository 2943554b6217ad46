// The Docker adapter fetches images from a real registry that wants a login, and says why when it cannot.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { type DockerOptions, openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { openEngine } from '../../support/engine.ts';
import { LOGIN, type RunningRegistry, startRegistry } from '../../support/registry.ts';

const owner = `opr-test-${randomUUID().slice(0, 8)}`;
const docker = openEngine();
let registry: RunningRegistry;
let image: string;
let adapter: Adapter | undefined;

beforeAll(async () => {
  registry = await startRegistry({ login: true });
  image = `${registry.host}/${owner}:1`;
  const archive = execFileSync('tar', ['-C', import.meta.dirname, '-c', 'pull.test.ts']);
  await finish(await docker.importImage(Readable.from([archive]), { repo: `${registry.host}/${owner}`, tag: '1' }));
  await finish(await docker.getImage(image).push({ authconfig: { ...LOGIN, serveraddress: registry.host } }));
  await docker.getImage(image).remove();
});
afterEach(async () => {
  await adapter?.[Symbol.asyncDispose]();
  for (const tag of ['1', '2'])
    await docker
      .getImage(`${registry.host}/${owner}:${tag}`)
      .remove({ force: true })
      .catch(() => {});
});
afterAll(async () => {
  await purgeDocker({ owner });
  await registry[Symbol.asyncDispose]();
});

async function open(options: Partial<DockerOptions>): Promise<Adapter> {
  adapter = await openDockerAdapter({ owner, networks: [owner], ...options });
  return adapter;
}

function finish(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
  );
}

/** How often the engine has fetched the image, by its own account. */
async function pullsDuring(action: () => Promise<unknown>): Promise<number> {
  const since = Date.now() / 1000;
  await action();
  const events = (await docker.getEvents({
    since,
    until: Date.now() / 1000 + 0.001,
    filters: { type: ['image'], event: ['pull'] },
  })) as Readable;
  const text = (await events.toArray()).join('');
  return text.split('\n').filter((line) => line.includes(image)).length;
}

test('a login for the registry of an image is used', async () => {
  const { pull } = await open({ credentials: { registry: registry.host, ...LOGIN } });
  await pull({ image });
  expect((await docker.getImage(image).inspect()).RepoTags).toEqual([image]);
});

test('those who want one image at once share one pull, and whoever comes later finds it there', async () => {
  const { pull } = await open({ credentials: { registry: registry.host, ...LOGIN } });
  expect(await pullsDuring(() => Promise.all(Array.from({ length: 5 }, () => pull({ image }))))).toBe(1);
  expect(await pullsDuring(() => pull({ image }))).toBe(0);
});

test.each([
  { what: 'no login', credentials: undefined, message: /no basic auth.*was given no user name/ },
  {
    what: 'the login of another registry',
    credentials: { registry: 'docker.io', ...LOGIN },
    message: /no basic auth.*was given no user name/,
  },
  {
    what: 'a wrong password',
    credentials: { username: LOGIN.username, password: 'hidden' },
    message: /unauthorized.*was given the user name somebody/,
  },
])('with $what the image is missing, and the reason is said without the password', async ({ credentials, message }) => {
  const { pull } = await open({ credentials: credentials && { registry: registry.host, ...credentials } });
  await expect(pull({ image })).rejects.toMatchObject({
    name: 'AdapterError',
    code: 'image_missing',
    message: expect.stringMatching(message),
  });
  await expect(pull({ image })).rejects.not.toThrow('hidden');
});

test('a pull that failed is tried again by the next who wants the image', async () => {
  const { pull } = await open({ credentials: { registry: registry.host, ...LOGIN } });
  const other = `${registry.host}/${owner}:2`;
  await expect(pull({ image: other })).rejects.toMatchObject({
    code: 'image_missing',
    message: expect.stringContaining('manifest unknown'),
  });
  await pull({ image });
  await docker.getImage(image).tag({ repo: `${registry.host}/${owner}`, tag: '2' });
  await expect(pull({ image: other })).resolves.toEqual({ labels: {} });
});

test('a registry that does not answer is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { pull } = await open({ pullTimeoutMs: 300 });
  const missing = `127.0.0.1:${(silent.address() as AddressInfo).port}/silent:1`;
  await expect(pull({ image: missing })).rejects.toMatchObject({
    code: 'image_missing',
    message: expect.stringContaining('longer than 0.3 s'),
  });
  silent.close();
});

test('closing the adapter ends its pulls', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { pull, [Symbol.asyncDispose]: close } = await open({});
  const pulling = pull({ image: `127.0.0.1:${(silent.address() as AddressInfo).port}/silent:1` });
  pulling.catch(() => {});
  await once(silent, 'connection');
  await close();
  await expect(pulling).rejects.toMatchObject({ name: 'AdapterError' });
  silent.close();
});
