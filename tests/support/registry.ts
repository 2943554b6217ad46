// A real container registry on loopback, for as long as a test needs it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningRegistry extends AsyncDisposable {
  host: string;
}

/** Whom a registry with a login lets in. */
export const LOGIN = { username: 'somebody', password: 'pull-secret' };
// The password as the registry wants to have it, in bcrypt.
const HTPASSWD = `${LOGIN.username}:$2b$05$VLZ.SES2yBweLK0LNXqrO.4TbM9NxjKVObBOXV3MvBph2enqVb/fC\n`;

/** Starts Debian's `docker-registry` on a free port, with its data in a temporary folder. */
export async function startRegistry({ login = false }: { login?: boolean } = {}): Promise<RunningRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), 'open-runtimes-registry-'));
  const config = path.join(folder, 'config.json');
  const users = path.join(folder, 'htpasswd');
  await writeFile(users, HTPASSWD);
  await writeFile(
    config,
    JSON.stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: path.join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0' },
      ...(login && { auth: { htpasswd: { realm: 'test', path: users } } }),
    }),
  );
  const registry = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await listeningPort(registry.stderr);
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      registry.kill();
      if (registry.exitCode === null && registry.signalCode === null) await once(registry, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The registry says where it listens in its log. */
async function listeningPort(log: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: log })) {
    const port = /listening on [^"]*:(\d+)/.exec(line)?.[1];
    if (port) {
      log.resume();
      return port;
    }
  }
  throw new Error('docker-registry ended before it listened.');
}
