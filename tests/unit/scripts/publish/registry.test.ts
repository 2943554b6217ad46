// Tests how a registry is asked, with the ways in which registries let people in.

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createRegistry } from '../../../../scripts/publish/registry.ts';

async function serve(handler: http.RequestListener): Promise<AsyncDisposable & { host: string }> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

const credentials = { username: 'me', password: 'secret' };
const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;

test('a login is sent to a registry that asks for it', async () => {
  await using server = await serve(({ headers }, response) => {
    if (headers.authorization === basic) response.end();
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
  });
  await createRegistry({ host: server.host, credentials }).check();
  await expect(createRegistry({ host: server.host }).check()).rejects.toThrow(
    `Log in first: docker login ${server.host}`,
  );
});

test('a login is changed into a token where the registry wants one', async () => {
  await using server = await serve(({ url, headers }, response) => {
    if (url === '/token?service=s&scope=repository%3Aa%3Apull' && headers.authorization === basic)
      response.end('{"token": "t"}');
    else if (headers.authorization === 'Bearer t')
      response.writeHead(200, { 'docker-content-digest': 'sha256:d', 'content-type': 'x/y' }).end('{}');
    else
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="http://${headers.host}/token",service="s",scope="repository:a:pull"`,
        })
        .end();
  });
  const manifest = await createRegistry({ host: server.host, credentials }).read({ repository: 'a', reference: '1' });
  expect(manifest).toMatchObject({ digest: 'sha256:d', type: 'x/y' });
});

test('a name that is not there is nothing', async () => {
  await using server = await serve((_request, response) => void response.writeHead(404).end());
  expect(await createRegistry({ host: server.host }).read({ repository: 'a', reference: '1' })).toBeUndefined();
});

test('something that is no registry is named', async () => {
  await using server = await serve((_request, response) => void response.writeHead(500).end());
  await expect(createRegistry({ host: server.host }).check()).rejects.toThrow(
    `${server.host} answers with status 500, not as a registry.`,
  );
});
