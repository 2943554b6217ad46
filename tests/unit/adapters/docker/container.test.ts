// What is asked of the engine for an instance, where that cannot be seen from inside the instance.

import { expect, test } from 'vitest';
import { toContainer, toExit } from '../../../../src/adapters/docker/container.ts';

const spec = {
  name: 'some',
  image: 'image:1',
  command: ['serve', '--now'],
  hostname: 'host',
  environment: { EMPTY: '', ASSIGNED: 'a=b\nc' },
  labels: { 'open-runtimes.owner': 'an impostor', colour: 'green' },
  mounts: [],
  cpus: 16,
  memory: 128,
  restartPolicy: 'no',
} as const;
const make = (published: boolean) =>
  toContainer({ spec: { ...spec, command: [...spec.command], mounts: [] }, owner: 'me', network: 'net', published });

test('the command replaces whatever the image would start, and the environment is passed as it is', () => {
  expect(make(false)).toMatchObject({ Entrypoint: ['serve', '--now'], Cmd: [], Env: ['EMPTY=', 'ASSIGNED=a=b\nc'] });
});

test('labels cannot claim another owner', () => {
  expect(make(false).Labels).toEqual({ 'open-runtimes.owner': 'me', colour: 'green' });
});

test('endless output is cut off, swapping is off, and cores may be more than the host has', () => {
  expect(make(false).HostConfig).toMatchObject({
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    Memory: 128 * 1024 * 1024,
    MemorySwap: 128 * 1024 * 1024,
    CpuPeriod: 100_000,
    CpuQuota: 1_600_000,
  });
});

test.each([
  { published: true, bindings: { '3000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
  { published: false, bindings: undefined },
])('ports are on loopback and only where asked for: $published', ({ published, bindings }) => {
  expect(make(published).HostConfig?.PortBindings).toEqual(bindings);
});

test.each([
  { code: 137, memoryExhausted: true, outOfMemory: true },
  { code: 143, memoryExhausted: true, outOfMemory: false },
  { code: 137, memoryExhausted: false, outOfMemory: false },
])(
  'an exit with $code, memory exhausted $memoryExhausted, is out of memory: $outOfMemory',
  ({ outOfMemory, ...exit }) => {
    expect(toExit(exit)).toEqual({ code: exit.code, outOfMemory });
  },
);
