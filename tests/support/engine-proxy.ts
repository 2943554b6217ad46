// Stands between a client and the Docker Engine, so that a test can take the engine away and give it back.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from './engine.ts';
import { openProxy, type Proxy } from './proxy.ts';

export interface EngineProxy extends Omit<Proxy, 'port'> {
  /** A value for DOCKER_HOST. */
  address: string;
}

export async function openEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const path = join(folder, 'docker.sock');
  const proxy = await openProxy({ from: { path }, to: { path: await engineSocket() } });
  return {
    address: `unix://${path}`,
    takeAway: proxy.takeAway,
    silence: proxy.silence,
    giveBack: proxy.giveBack,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The socket of the engine that clients find by default. */
export async function engineSocket(): Promise<string> {
  const { socketPath } = openEngine().modem as { socketPath?: string | (() => Promise<string>) };
  const path = typeof socketPath === 'function' ? await socketPath() : socketPath;
  if (path === undefined)
    throw new Error('These tests need an engine at a socket of this host; DOCKER_HOST names another one.');
  return path;
}
