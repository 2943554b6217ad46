// Publishes a real image to a registry on loopback, pulls it back by its name and examines what came.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageName } from '../../src/manifest/names.ts';
import { buildImages } from '../../scripts/build/images.ts';
import { RUNTIMES_FOLDER, select, type Target } from '../../scripts/build/select.ts';
import { createSteps } from '../../scripts/console/steps.ts';
import { publish } from '../../scripts/publish/publish.ts';
import { createRegistry } from '../../scripts/publish/registry.ts';
import { openEngine } from '../support/engine.ts';
import { type RunningRegistry, startRegistry } from '../support/registry.ts';

// An image that no manifest names is asked without the manifest's exceptions, so by what has none.
const CASES = ['reply-map-with-body-only', 'thrown-error-is-logged', 'generated-log-id', 'head-reaches-the-function'];

const docker = openEngine();
const steps = createSteps({ screen: { write: () => true } });
let running: RunningRegistry;

beforeAll(async () => {
  running = await startRegistry();
});
afterAll(() => running[Symbol.asyncDispose]());

async function defaultTarget(): Promise<Target> {
  const found = (await select({ words: [] })).find(({ manifest }) => manifest.default);
  if (!found) throw new Error('No manifest says that its runtime is the default.');
  return found;
}

test('an image that is pulled back by its name keeps the contract', { timeout: 300_000 }, async () => {
  const target = await defaultTarget();
  await buildImages({ docker, targets: [target], steps });
  await publish({ docker, registry: createRegistry({ host: running.host }), targets: [target], steps, dryRun: false });
  const name = `${running.host}/${imageName(target.manifest, target.version)}`;
  await new Promise<void>((resolve, reject) => {
    docker
      .pull(name)
      .then((stream) => docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())), reject);
  });
  try {
    const fixture = path.join(RUNTIMES_FOLDER, target.manifest.name, 'fixture');
    const suite = ['tests/conformance/main.ts', '--image', name, '--fixture', fixture, '--case', ...CASES];
    const { stdout } = await promisify(execFile)(process.execPath, suite, {
      cwd: path.join(import.meta.dirname, '../..'),
    });
    expect(stdout).toMatch(/^\d+ passed, 0 failed$/m);
  } finally {
    await docker.getImage(name).remove();
  }
});
