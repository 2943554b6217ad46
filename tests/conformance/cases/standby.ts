// Cases of docs/contract.md, section 13: containers that start before there is a function for them.

import { setTimeout as pause } from 'node:timers/promises';
import type { Finding, FixtureStep, ImageCase } from '../case.ts';
import { READY_LINE } from '../../../src/contract/messages.ts';
import { FUNCTION_FOLDER } from '../../../src/contract/paths.ts';
import type { Container } from '../targets/target.ts';
import { openConnection } from '../wire/connection.ts';
import { encodeRequest } from '../wire/request.ts';
import { ask } from './ask.ts';
import { builtFixture, inFolder, lookInto, same } from './examine.ts';
import { standBy } from './stand-by.ts';

const MODES = ['cold', 'warm'] as const;
const SECRET = 'came-through-the-gate';
const PROMPT_MS = 5_000;

async function answerOf(
  container: Container,
  { steps, secret = SECRET }: { steps?: readonly FixtureStep[]; secret?: string } = {},
): Promise<string> {
  const headers = { 'x-open-runtimes-secret': secret, ...(steps && { 'x-conformance-steps': JSON.stringify(steps) }) };
  return ask(container, { headers });
}

const functions = MODES.map((mode): ImageCase => ({
  name: `standby-${mode}-becomes-a-function`,
  covers: 'Message at the gate',
  core: true,
  async examine(image) {
    const { folder } = await builtFixture({ image });
    await using waiting = await standBy({ image, mode, from: folder });
    const { container } = waiting;
    await waiting.open({ OPEN_RUNTIMES_SECRET: SECRET });
    await container.ready();
    const got = [await answerOf(container), (await answerOf(container, { secret: 'another' })).split('.')[0]];
    return same({
      clause: this.covers,
      what: 'answers with its secret and with another',
      expected: ['ready', 'Unauthorized'],
      got,
    });
  },
}));

/** By name: what the container was given, what comes through the gate, what the function must see. */
const VARIABLES: Record<string, { given?: string; sent?: string; seen: string }> = {
  PLAIN: { sent: 'a value', seen: 'a value' },
  EMPTY: { sent: '', seen: '' },
  LINES: { sent: 'one\ntwo\n', seen: 'one\ntwo\n' },
  EQUALS: { sent: '=a=b=', seen: '=a=b=' },
  UNICODE: { sent: 'žluť 🐎', seen: 'žluť 🐎' },
  SHELL: { sent: '$(exit 3) `exit 3` "\'\\', seen: '$(exit 3) `exit 3` "\'\\' },
  LONG: { sent: 'x'.repeat(100_000), seen: 'x'.repeat(100_000) },
  'with.dots-and-dashes': { sent: 'named so', seen: 'named so' },
  // Names that a start script is likely to use for itself.
  name: { sent: 'mine', seen: 'mine' },
  POLLS: { sent: '7', seen: '7' },
  USER_ID: { sent: '8', seen: '8' },
  SERVER_PORT: { given: '9', seen: '9' },
  REPLACED: { given: 'old', sent: 'new', seen: 'new' },
  KEPT: { given: 'as given', seen: 'as given' },
  OPEN_RUNTIMES_STANDBY: { seen: '' },
  OPEN_RUNTIMES_STANDBY_FD: { seen: '' },
};

function variables(which: 'given' | 'sent'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, values]) => (values[which] === undefined ? [] : [[name, values[which]]])),
  );
}

const environments = MODES.map((mode): ImageCase => ({
  name: `standby-${mode}-takes-the-whole-environment`,
  covers: 'Message at the gate',
  async examine(image) {
    const { folder } = await builtFixture({ image });
    await using waiting = await standBy({ image, mode, from: folder, environment: variables('given') });
    await waiting.open({ ...variables('sent'), OPEN_RUNTIMES_SECRET: SECRET });
    await waiting.container.ready();
    const findings: Finding[] = [];
    for (const [name, { seen }] of Object.entries(VARIABLES)) {
      const got = await answerOf(waiting.container, { steps: [['env', name]] });
      findings.push(...same({ clause: this.covers, what: `variable ${name}`, expected: seen, got }));
    }
    return findings;
  },
}));

const TRACES =
  `ls -A /mnt/standby; ls -l /proc/[0-9]*/fd 2> /dev/null | grep /mnt/standby; cat /proc/[0-9]*/comm | ` +
  `grep ^bash$`;

const traces = MODES.map((mode): ImageCase => ({
  name: `standby-${mode}-leaves-no-trace-of-its-gate`,
  covers: 'Waiting at the gate',
  async examine(image) {
    const { folder } = await builtFixture({ image });
    const telemetry = await inFolder({ image, script: 'echo local_download=0.123 > timings.txt' });
    await using waiting = await standBy({ image, mode, from: folder, mounts: { '/mnt/telemetry': telemetry } });
    await waiting.open({ OPEN_RUNTIMES_SECRET: SECRET });
    await waiting.container.ready();
    const shape = (await waiting.timings()).replaceAll(/(?<=^(?:extract|prepare|startup)=)\d+\.\d{3}$/gm, 'N');
    const { output } = await waiting.container.exec(['sh', '-c', TRACES]);
    return [
      ...same({
        clause: 'Message at the gate',
        what: 'timings',
        expected: 'local_download=0.123\nextract=N\nprepare=N\nstartup=N\n',
        got: shape,
      }),
      ...same({ clause: this.covers, what: 'files, open pipes and shells that are left', expected: '', got: output }),
    ];
  },
}));

const warm: ImageCase = {
  name: 'standby-warm-lets-connections-wait',
  covers: 'Warm standby',
  needs: ['warm-standby'],
  async examine(image) {
    const { folder } = await builtFixture({ image });
    await using waiting = await standBy({ image, mode: 'warm', from: folder });
    const { container } = waiting;
    using connection = await openConnection(container);
    let answered = false;
    const request = encodeRequest({ request: { target: '/' }, server: { ...container, secret: SECRET }, logId: null });
    const answer = connection.exchange(request).then((response) => {
      answered = true;
      return response;
    });
    answer.catch(() => {});
    const before = [(await container.output()).includes(READY_LINE), answered];
    await waiting.open({ OPEN_RUNTIMES_SECRET: SECRET });
    const { status, body } = await answer;
    return [
      ...same({
        clause: this.covers,
        what: 'ready line and answer before the gate was open',
        expected: [false, false],
        got: before,
      }),
      ...same({ clause: this.covers, what: 'answer', expected: [200, 'ready'], got: [status, body.toString()] }),
    ];
  },
};

/** By what happens at the gate: the artifact's script and whether anything is written. */
const FAILURES: Record<string, { covers: string; script: string; writes: boolean; exitCodes: readonly number[] }> = {
  'closed-with-nothing-written': {
    covers: 'Empty message',
    script: 'echo x > file; tar -cf code.tar file',
    writes: false,
    exitCodes: [1],
  },
  'opened-without-an-artifact': { covers: 'Failed start from standby', script: 'true', writes: true, exitCodes: [1] },
  'opened-for-an-unsafe-archive': {
    covers: 'Failed start from standby',
    script: 'ln -s /etc/passwd link; tar -cf code.tar link',
    writes: true,
    exitCodes: [1],
  },
};

const failures = MODES.flatMap((mode) =>
  Object.entries(FAILURES).map(([what, { covers, script, writes, exitCodes }]): ImageCase => ({
    name: `standby-${mode}-gate-${what}-ends-it`,
    covers,
    async examine(image) {
      const unpacked = await inFolder({ image });
      const from = await inFolder({ image, script });
      const mounts = { [FUNCTION_FOLDER]: unpacked };
      await using waiting = await standBy({ image, mode, from, mounts, unreachable: true });
      await waiting.open(writes ? { PLAIN: 'a value' } : undefined);
      const { exitCode, output } = await waiting.container.ended;
      const got = [
        exitCodes.includes(exitCode) ? 'as it should be' : exitCode,
        output.includes(READY_LINE),
        await lookInto({ image, folder: unpacked, script: 'find . -mindepth 1' }),
      ];
      return same({
        clause: this.covers,
        what: 'exit code, ready line, unpacked files',
        expected: ['as it should be', false, ''],
        got,
      });
    },
  })),
);

const stopping = MODES.map((mode): ImageCase => ({
  name: `standby-${mode}-is-stopped-by-sigterm`,
  covers: 'Stopping while waiting',
  async examine(image) {
    await using waiting = await standBy({ image, mode, from: await inFolder({ image }), unreachable: true });
    await waiting.container.signal('SIGTERM');
    const exitCode = await Promise.race([
      waiting.container.ended.then((end) => end.exitCode),
      pause(PROMPT_MS, `still there after ${PROMPT_MS} ms`),
    ]);
    return [0, 143].includes(Number(exitCode))
      ? []
      : same({ clause: this.covers, what: 'exit code', expected: '0 or 143', got: exitCode });
  },
}));

export const standbyCases: readonly ImageCase[] = [
  ...functions,
  ...environments,
  ...traces,
  warm,
  ...failures,
  ...stopping,
];
