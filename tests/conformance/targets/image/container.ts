// One container on the engine: started, watched, asked, ended.

import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { Ended, RunOptions } from '../target.ts';
import { toContainer } from './confinement.ts';

// Container addresses are reached from Linux hosts only; elsewhere the engine lives in a virtual machine.
const PUBLISH = process.platform !== 'linux';
const PORT = '3000/tcp';

export interface Running {
  /** The engine's own name of it. */
  id: string;
  host: string;
  port: number;
  /** Resolves when it has ended, by itself or not. */
  ended: Promise<Ended>;
  output(): Promise<string>;
  /** In the container's working directory, or in another folder of it. */
  exec(command: readonly string[], folder?: string): Promise<Ended>;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a container and returns at once. Throws the engine's own error. */
export async function runContainer({
  docker,
  image,
  options,
  network,
}: {
  docker: Docker;
  image: string;
  options: RunOptions;
  network?: string | undefined;
}): Promise<Running> {
  const container = await docker.createContainer(toContainer({ image, options, publish: PUBLISH, network }));
  try {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const published = NetworkSettings.Ports[PORT]?.[0];
    const output = () => readOutput({ docker, container });
    const ended = waitForEnd({ container, output });
    // Not every case asks how its container ended; an engine that went away is told to those that do.
    ended.catch(() => {});
    return {
      id: container.id,
      host: published?.HostIp ?? NetworkSettings.Networks.bridge?.IPAddress ?? '',
      port: published === undefined ? 3000 : Number(published.HostPort),
      ended,
      output,
      exec: (command, folder) => execute({ docker, container, command, folder }),
      signal: async (name) => void (await container.kill({ signal: name })),
      remove: () => remove(container),
    };
  } catch (error) {
    await remove(container);
    throw error;
  }
}

async function waitForEnd({
  container,
  output,
}: {
  container: Docker.Container;
  output: () => Promise<string>;
}): Promise<Ended> {
  const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
  return { exitCode, output: await output().catch(() => '') };
}

/** What it said until now; following the output would wait for the next line of a container that says no more. */
async function readOutput({ docker, container }: { docker: Docker; container: Docker.Container }): Promise<string> {
  const said = await container.logs({ stdout: true, stderr: true, follow: false });
  return collect({ docker, stream: Readable.from([said]) });
}

async function execute({
  docker,
  container,
  command,
  folder,
}: {
  docker: Docker;
  container: Docker.Container;
  command: readonly string[];
  folder: string | undefined;
}): Promise<Ended> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
    ...(folder !== undefined && { WorkingDir: folder }),
  });
  const output = await collect({ docker, stream: await exec.start({ hijack: true, stdin: false }) });
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output };
}

/** The engine sends both outputs in frames over one connection. */
async function collect({ docker, stream }: { docker: Docker; stream: NodeJS.ReadableStream }): Promise<string> {
  const chunks: Buffer[] = [];
  const sink = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(stream, sink, sink);
  await finished(stream.resume());
  return Buffer.concat(chunks).toString('utf8');
}

async function remove(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  });
}
