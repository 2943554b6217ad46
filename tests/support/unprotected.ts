// A container as careless operators run them: root, with privileges, with the engine's socket and the host's processes
// in sight, on the engine's default network. Probes of isolation must succeed in it.

import { runCommand } from '../../src/adapters/docker/run.ts';
import { engineSocket } from './engine-proxy.ts';
import { openEngine } from './engine.ts';

export interface Unprotected extends AsyncDisposable {
  /** Runs a script in a shell; returns what it wrote. */
  run(script: string): Promise<string>;
}

export async function openUnprotected({
  image,
  owner,
  folder,
}: {
  image: string;
  owner: string;
  folder: string;
}): Promise<Unprotected> {
  const docker = openEngine();
  const socket = await engineSocket();
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sleep', 'infinity'],
    User: '0:0',
    Labels: { 'open-runtimes.owner': owner },
    HostConfig: {
      // What privileges come to; not all machines on which this runs could grant all of them.
      CapAdd: ['SYS_ADMIN', 'SYS_PTRACE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      PidMode: 'host',
      Binds: [`${socket}:/var/run/docker.sock`, `${folder}/work:/work`],
    },
  });
  await container.start();
  return {
    run: async (script) => {
      const { output } = await runCommand({
        docker,
        container,
        command: ['bash', '-c', script],
        maxOutputBytes: 100_000,
        signal: AbortSignal.timeout(30_000),
      });
      return output.toString();
    },
    [Symbol.asyncDispose]: () => container.remove({ force: true }),
  };
}
