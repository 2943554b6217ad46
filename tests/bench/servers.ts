// Starts what is compared, all in the same image and confined alike: our server, the bare one, and a container that
// only sleeps.

import path from 'node:path';
import type Docker from 'dockerode';
import { imageTarget } from '../conformance/targets/image.ts';
import { runContainer } from '../conformance/targets/image/container.ts';
import type { Ended, RunOptions } from '../conformance/targets/target.ts';
import { untilAnswered } from './answer.ts';
import type { Subject } from './subjects.ts';

export const LABEL = 'bench';
export const SECRET = 'bench-secret';

export interface Started extends AsyncDisposable {
  host: string;
  port: number;
  secret: string;
  /** How long the engine took to create and start the container. */
  engineMs: number;
  /** Resolves with the time from asking for the container to its first answer with status 200. */
  firstAnswerMs(): Promise<number>;
  exec(command: readonly string[]): Promise<Ended>;
}

export interface Servers extends AsyncDisposable {
  /** The file of the built hello function. */
  artifact: string;
  /** The folder of the bare server, built if it must be. */
  bareCode: string;
  startOurs(): Promise<Started>;
  startBare(): Promise<Started>;
  startSleep(): Promise<Started>;
}

/**
 * Builds the hello function by the image's own lifecycle, and the bare server if it needs to be. Throws what a build
 * said if it fails.
 */
export async function openServers({ docker, subject }: { docker: Docker; subject: Subject }): Promise<Servers> {
  const { image, fixtureFolder, bareBuild, bareCommand, bareFolder, helloFolder } = subject;
  const { manifest, version } = subject.target;
  await using resources = new AsyncDisposableStack();
  const target = resources.use(await imageTarget({ image, fixtureFolder, manifest, version: version.version }));
  if (target.image === undefined) throw new Error(`${image} is no image.`);
  const { makeFolder, build, run } = target.image;
  const built = await build({ source: helloFolder, label: LABEL });
  if (built.exitCode !== 0) throw new Error(`The hello function cannot be built:\n${built.output}`);
  const bareCode = await makeFolder(bareFolder);
  if (bareBuild) {
    const { exitCode, output } = await run(bareBuild, bareCode);
    if (exitCode !== 0) throw new Error(`The bare server cannot be built:\n${output}`);
  }

  const start = async (options: RunOptions): Promise<Started> => {
    const began = performance.now();
    const running = await runContainer({ docker, image, options: { ...options, label: LABEL } });
    const engineMs = performance.now() - began;
    const { host, port, exec, remove, ended } = running;
    // Containers end by being removed here, sometimes before the engine has begun to watch for it.
    ended.catch(() => {});
    return {
      host,
      port,
      secret: SECRET,
      engineMs,
      firstAnswerMs: async () => {
        await untilAnswered({ running, secret: SECRET });
        return performance.now() - began;
      },
      exec,
      [Symbol.asyncDispose]: remove,
    };
  };

  const owned = resources.move();
  return {
    artifact: path.join(built.folder, 'code.tar.gz'),
    bareCode,
    startOurs: async () =>
      start({
        command: ['bash', 'helpers/start.sh', manifest.start],
        environment: { OPEN_RUNTIMES_SECRET: SECRET },
        mounts: { '/mnt/code': built.folder, '/mnt/logs': await makeFolder(), '/mnt/telemetry': await makeFolder() },
      }),
    startBare: () => start({ command: bareCommand, mounts: { '/mnt/code': bareCode } }),
    startSleep: () => start({ command: ['sleep', 'infinity'] }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
