// Stand-ins for what a function must not reach: a cloud's metadata service, at an address of this host and at one
// behind it, and a host in the outside world. All of it is on this machine, on interfaces that are made for the test.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const BRIDGE = 'oprt-metadata';
const OUTSIDE = 'oprt-outside';

export const METADATA_HERE = '169.254.169.254';
export const METADATA_BEHIND = '169.254.170.2';
/** In a network for documentation (RFC 5737). */
export const ELSEWHERE = '198.51.100.2';
export const PORT = 8080;

const SERVE =
  `require('node:http').createServer((_, response) => response.end('here')).listen(${PORT}, () => ` +
  `console.log('listening'))`;

/** They take root and Linux, as the rules do that keep functions away from them. */
export const canHaveSurroundings = process.platform === 'linux' && process.getuid?.() === 0;

export async function openSurroundings(): Promise<AsyncDisposable> {
  await close();
  await ip(`link add ${BRIDGE} type bridge`, `addr add ${METADATA_HERE}/32 dev ${BRIDGE}`, `link set ${BRIDGE} up`);
  await ip(
    `netns add ${OUTSIDE}`,
    `link add ${OUTSIDE} type veth peer name eth0 netns ${OUTSIDE}`,
    `addr add 198.51.100.1/30 dev ${OUTSIDE}`,
    `link set ${OUTSIDE} up`,
    `route add ${METADATA_BEHIND}/32 via ${ELSEWHERE} dev ${OUTSIDE} onlink`,
    `-n ${OUTSIDE} link set lo up`,
    `-n ${OUTSIDE} addr add ${ELSEWHERE}/30 dev eth0`,
    `-n ${OUTSIDE} addr add ${METADATA_BEHIND}/32 dev eth0`,
    `-n ${OUTSIDE} link set eth0 up`,
    `-n ${OUTSIDE} route add default via 198.51.100.1`,
  );
  const metadata = createServer((_request, response) => response.end('here')).listen(PORT, METADATA_HERE);
  await once(metadata, 'listening');
  const outside = spawn('ip', ['netns', 'exec', OUTSIDE, process.execPath, '-e', SERVE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(outside.stdout, 'data');
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(outside, 'exit');
      outside.kill('SIGKILL');
      await ended;
      metadata.close().closeAllConnections();
      await close();
    },
  };
}

/** Also what a test that was killed has left. */
async function close(): Promise<void> {
  for (const command of [`link del ${BRIDGE}`, `link del ${OUTSIDE}`, `netns del ${OUTSIDE}`])
    await ip(command).catch(() => {});
}

async function ip(...commands: string[]): Promise<void> {
  for (const command of commands) await promisify(execFile)('ip', command.split(' '));
}
