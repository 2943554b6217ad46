// The programs that are measured beside the gateway, and those that measure: from Debian, or built from Go modules.

import { exec, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Steps } from '../../../scripts/console/steps.ts';
import { installPackages, whyNoPackages } from '../../../scripts/setup/packages.ts';

const run = promisify(execFile);
const shell = promisify(exec);
const FOLDER = path.join(import.meta.dirname, '../../../results/tools');
const PACKAGES = ['wrk', 'haproxy'];
const MODULES = { vegeta: 'github.com/tsenart/vegeta/v12@v12.12.0', queue: 'knative.dev/serving/cmd/queue@v0.43.0' };

/** Paths of programs. */
export interface Tools {
  vegeta: string;
  queueProxy: string;
  reverseProxy: string;
}

export async function ensureTools(steps: Steps): Promise<Tools> {
  await steps.run('wrk and HAProxy', async (say) => {
    const missing = await missingPackages();
    if (missing.length === 0) return { value: undefined, note: 'found' };
    const obstacle = await whyNoPackages();
    if (obstacle) throw new Error(`${missing.join(' and ')} cannot be installed from here: ${obstacle}.`);
    await installPackages({ names: missing, say });
    return { value: undefined, note: 'installed' };
  });
  return steps.run('Go’s ReverseProxy, Knative’s queue-proxy, vegeta', async (say, signal) => {
    const env = { ...process.env, GOBIN: FOLDER, GOFLAGS: '-buildvcs=false' };
    for (const [name, module] of Object.entries(MODULES)) {
      if (existsSync(path.join(FOLDER, name))) continue;
      say(`go install ${module}`);
      await shell(`go install ${module}`, { env, signal, maxBuffer: 64 * 1024 * 1024 });
    }
    const reverseProxy = path.join(FOLDER, 'reverse-proxy');
    await shell(`go build -o ${JSON.stringify(reverseProxy)} .`, {
      cwd: path.join(import.meta.dirname, 'reverse-proxy'),
      env,
      signal,
    });
    return {
      value: { vegeta: path.join(FOLDER, 'vegeta'), queueProxy: path.join(FOLDER, 'queue'), reverseProxy },
      note: 'built',
    };
  });
}

/** wrk ends with exit code 1 when it only says its version. */
async function missingPackages(): Promise<string[]> {
  const present = await Promise.all(
    PACKAGES.map((name) =>
      run(name, ['-v']).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
      ),
    ),
  );
  return PACKAGES.filter((_name, index) => !present[index]);
}
