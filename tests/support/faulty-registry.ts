// A proxy before a registry that refuses to change the names of one repository.

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes everything on but PUTs of manifests to a repository whose name starts with `refused`. */
export async function refuseNames({
  registry,
  refused,
}: {
  registry: string;
  refused: string;
}): Promise<AsyncDisposable & { host: string }> {
  const [hostname = '', port = ''] = registry.split(':');
  const server = http.createServer((request, response) => {
    if (request.method === 'PUT' && request.url?.startsWith(`/v2/${refused}`) && request.url.includes('/manifests/')) {
      request.resume();
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"errors":[{"code":"DENIED","message":"on purpose"}]}');
      return;
    }
    const onward = http.request(
      { hostname, port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
