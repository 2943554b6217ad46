// What the tests of isolation and faults do with an executor: deploy their own fixtures, call them, and look what is
// left.

import { execFile } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { openEngine } from './engine.ts';
import type { ExecutorProcess } from './executor-process.ts';

const FIXTURES = path.join(import.meta.dirname, '../e2e/fixtures');
const docker = openEngine();

export interface Answer {
  statusCode: number;
  headers: Record<string, string | string[]>;
  body: string;
  logs: string;
  errors: string;
}

/** Puts a fixture into the executor's storage; returns its key. These need no build. */
export async function pack({ executor, fixture }: { executor: ExecutorProcess; fixture: string }): Promise<string> {
  const name = `${fixture}.tar.gz`;
  await promisify(execFile)('tar', [
    '-czf',
    `${executor.folder}/storage/${name}`,
    '-C',
    path.join(FIXTURES, fixture),
    '.',
  ]);
  return name;
}

export interface Call {
  executor: ExecutorProcess;
  id: string;
  [parameter: string]: unknown;
}

/** An execution of the function that is a shell, of which `script` is run. */
export async function runInFunction({
  script,
  ...call
}: Call & { script: string }): Promise<{ code: number | string; output: string }> {
  const answer = await execute({ source: 'shell.tar.gz', method: 'POST', body: script, ...call });
  if (answer.statusCode !== 200) throw new Error(`The probe did not run: ${JSON.stringify(answer)}`);
  return JSON.parse(answer.body) as { code: number | string; output: string };
}

/** Of a server of its own that stands in the place of the image's. */
export const ODD = {
  source: 'odd.tar.gz',
  runtimeEntrypoint: 'tar -xzf /tmp/code.tar.gz -C src/function && exec bash src/function/start.sh',
};

export async function execute(call: Call): Promise<Answer> {
  return (await (await request(call)).json()) as Answer;
}

export function request({ executor, id, ...parameters }: Call): Promise<Response> {
  const body = { image: executor.image, entrypoint: executor.entrypoint, ...parameters };
  return executor.call({
    method: 'POST',
    path: `/v1/runtimes/${id}/executions`,
    body,
    headers: { 'x-executor-response-format': '0.11.0' },
  });
}

/** All that one could still find of a runtime, and what the executor holds open of any: nothing, when all is well. */
export async function left({ executor, id }: { executor: ExecutorProcess; id: string }): Promise<string[]> {
  const listed = await docker.listContainers({
    all: true,
    filters: { label: [`open-runtimes.owner=${executor.name}`] },
  });
  const containers = listed.flatMap(({ Names }) => Names.map((name) => name.slice(1)));
  const folders = await readdir(`${executor.folder}/work`);
  return [
    ...[...containers, ...folders].filter((name) => name === `${executor.name}-${id}`),
    ...(await openFiles({ executor, id })),
  ];
}

/** The same, once a removal that is under way has had its time. */
export async function leftAtLast(of: { executor: ExecutorProcess; id: string }): Promise<string[]> {
  const gone = async () => {
    const found = await left(of);
    if (found.length > 0) throw new Error(`This is left: ${found.join(', ')}`);
  };
  await vi.waitFor(gone, { timeout: 40_000, interval: 20 }).catch(() => {});
  return left(of);
}

async function openFiles({
  executor: { pid, folder, name },
  id,
}: {
  executor: ExecutorProcess;
  id: string;
}): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const files = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')),
  );
  return files.filter(
    (file) => file.startsWith(`${folder}/work/${name}-${id}/`) || file.startsWith(`${folder}/storage/`),
  );
}
