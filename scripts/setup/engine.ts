// Finds a Docker Engine, or installs and starts one where that is possible.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import Docker from 'dockerode';
import { $ } from 'zx';
import { poll } from '../../src/lib/poll.ts';
import type { Say, Steps } from '../console/steps.ts';
import { installPackages, whyNoPackages } from './packages.ts';
import { removeStalePidFiles } from './stale.ts';

const PROBE_MS = 3_000;
const START_MS = 60_000;
const DAEMON_LOG = '/var/log/dockerd.log';

/** A client of an engine that answers. Whoever has none installed gets one, or is told what to do. */
export async function ensureEngine(steps: Steps): Promise<Docker> {
  return steps.run('Docker Engine', async (say) => {
    const found = await connect();
    if (found) return { value: found, note: `found, ${await describe(found)}` };
    const obstacle = process.env.DOCKER_HOST
      ? `nothing answers at DOCKER_HOST=${process.env.DOCKER_HOST}`
      : await whyNoPackages();
    if (obstacle) throw new Error(advice(obstacle));
    const missing = !existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd');
    // The engine loads a profile for its containers if the kernel has AppArmor; that needs the parser.
    const names = [
      'docker.io',
      'iptables',
      'ca-certificates',
      ...(existsSync('/sys/kernel/security/apparmor') ? ['apparmor'] : []),
    ];
    if (missing) await installPackages({ names, say });
    const docker = (await connect()) ?? (await startDaemon(say));
    return { value: docker, note: `${missing ? 'installed and started' : 'started'}, ${await describe(docker)}` };
  });
}

/** A client of the first socket that answers. Other parts of this process find the same engine through DOCKER_HOST. */
async function connect(): Promise<Docker | undefined> {
  if (process.env.DOCKER_HOST) return (await answers({})) ? new Docker() : undefined;
  for (const socketPath of sockets()) {
    if (existsSync(socketPath) && (await answers({ socketPath }))) {
      process.env.DOCKER_HOST = `unix://${socketPath}`;
      return new Docker();
    }
  }
  return undefined;
}

/** Where engines listen: the usual place, Docker Desktop, and an engine that runs without root. */
function sockets(): string[] {
  const rootless = process.env.XDG_RUNTIME_DIR ? [`${process.env.XDG_RUNTIME_DIR}/docker.sock`] : [];
  return ['/var/run/docker.sock', `${homedir()}/.docker/run/docker.sock`, ...rootless];
}

async function answers(where: { socketPath?: string }): Promise<boolean> {
  return new Docker({ ...where, timeout: PROBE_MS }).ping().then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EACCES')
        throw new Error(`${where.socketPath} is a Docker Engine's, but you may not use it. Join the group "docker".`, {
          cause: error,
        });
      return false;
    },
  );
}

async function startDaemon(say: Say): Promise<Docker> {
  say(`starting dockerd, log in ${DAEMON_LOG}`);
  if (existsSync('/run/systemd/system')) {
    await $({ quiet: true })`systemctl start docker`;
    return waitForSocket({ failed: new AbortController().signal });
  }
  await removeStalePidFiles();
  const log = openSync(DAEMON_LOG, 'a');
  // A session of its own, so that it outlives us and the terminal.
  const daemon = spawn('dockerd', { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new AbortController();
  void once(daemon, 'exit').then(
    () => ended.abort(),
    (error: unknown) => ended.abort(error),
  );
  const docker = await waitForSocket({ failed: ended.signal });
  daemon.unref();
  return docker;
}

async function waitForSocket({ failed }: { failed: AbortSignal }): Promise<Docker> {
  const signal = AbortSignal.any([failed, AbortSignal.timeout(START_MS)]);
  try {
    return await poll({ look: connect, firstPauseMs: 10, longestPauseMs: 200, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(daemonTrouble(await readFile(DAEMON_LOG, 'utf8').catch(() => '')), { cause: error });
  }
}

/** What to do about a daemon that does not come up, from the end of its log. */
export function daemonTrouble(log: string): string {
  const end = log.trimEnd().split('\n').slice(-5).join('\n');
  const hint = /iptables/.test(end)
    ? '\nIts firewall rules could not be set. Try the other kind: update-alternatives --set iptables ' +
      '/usr/sbin/iptables-legacy'
    : '';
  return `The Docker Engine did not start.${hint}\nThe end of ${DAEMON_LOG}:\n${end}`;
}

function advice(obstacle: string): string {
  return [
    `No Docker Engine answers, and none can be installed from here: ${obstacle}.`,
    'Install Docker Engine 20.10 or later (https://docs.docker.com/engine/install/) and start it,',
    'or set DOCKER_HOST to one that runs elsewhere.',
  ].join('\n');
}

async function describe(docker: Docker): Promise<string> {
  return `version ${(await docker.version()).Version}`;
}
