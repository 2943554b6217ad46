// Cases of docs/contract.md, sections 1 and 9, on the processes of a container: how they end, and what they may do.

import { setTimeout as pause } from 'node:timers/promises';
import { CERTIFICATE_VARIABLES_LABEL, START_VARIABLES_LABEL } from '../../../src/contract/image-labels.ts';
import type { Finding, FixtureStep, ImageCase } from '../case.ts';
import type { Container } from '../targets/target.ts';
import { ask } from './ask.ts';
import { same, serveFixture, withSharedServer } from './examine.ts';
import { soon } from '../soon.ts';

// Of all processes but those that look.
const PRIVILEGES =
  `for p in /proc/[0-9]*; do case $(cat $p/comm) in sh|cat|grep|sort|tr) ;; *) grep -hE ` +
  // Processes may end while they are looked at.
  `'^(Uid|CapEff|CapBnd|NoNewPrivs)' $p/status ;; esac; done 2> /dev/null | sort -u | tr -s '\\t' ' '`;
const ORPHANS = 'cat /proc/[0-9]*/stat | grep -E "\\((sleep|bash)\\) [A-Z]" | wc -l';
const TOOLS = ['bash', 'tar', 'unzip', 'zstd', 'mksquashfs', 'unsquashfs', 'script', 'setpriv'];
const FOLDERS = [
  'helpers',
  'hooks',
  'src',
  'src/function',
  '/usr/local/build',
  '/mnt/code',
  '/mnt/logs',
  '/mnt/telemetry',
];

/** Returns when there is something in both of a request's log files, or will not be any more. */
async function untilLogged(container: Container, id: string): Promise<void> {
  await soon({ look: () => container.readLogs(id), holds: ({ logs, errors }) => logs !== '' && errors !== '' });
}

interface Orders {
  steps: readonly FixtureStep[];
  signal?: AbortSignal;
}

/** What the function answers or, since its server may be about to end, what became of the call. */
function outcomeOf(container: Container, { steps, signal }: Orders): Promise<string> {
  const headers = { 'x-conformance-steps': JSON.stringify(steps) };
  return ask(container, { headers, ...(signal && { signal }) }).catch((error: Error) => error.message);
}

const stopping: ImageCase[] = [
  {
    name: 'sigterm-lets-requests-finish-and-exits-with-0',
    covers: 'Stopping',
    core: true,
    async examine(image) {
      await using container = await serveFixture({ image, environment: {} });
      const steps: FixtureStep[] = [
        ['print', 'working'],
        ['sleep', 1000],
        ['reply', { kind: 'text', body: 'finished' }],
      ];
      const answer = outcomeOf(container, { steps });
      // A second request that is answered says that the first one has arrived.
      await pause(200);
      await container.signal('SIGTERM');
      const got = [await answer, (await container.ended).exitCode];
      return same({ clause: this.covers, what: 'answer and exit code', expected: ['finished', 0], got });
    },
  },
  {
    name: 'sigterm-ends-idle-connections',
    covers: 'Stopping',
    async examine(image) {
      await using container = await serveFixture({ image, environment: {} });
      // The connection of this answer stays open on our side.
      await ask(container);
      await container.signal('SIGTERM');
      const ended = await Promise.race([
        container.ended.then(({ exitCode }) => exitCode),
        pause(5_000, 'still there after 5 s'),
      ]);
      return same({ clause: this.covers, what: 'exit code', expected: 0, got: ended });
    },
  },
  ...[3, 0].map((code): ImageCase => ({
    name: `function-that-exits-with-${code}-ends-no-server-silently`,
    covers: 'Crashing',
    async examine(image) {
      await using container = await serveFixture({ image, environment: {} });
      await outcomeOf(container, { steps: [['exit', code]] });
      // Either the server has ended, visibly, or it lives and answers the next request.
      const over = new AbortController();
      const after = await Promise.race([
        container.ended.then(({ exitCode }) => exitCode),
        answersAgain(container, over.signal),
      ]);
      over.abort();
      const good = after === 'answers' || (typeof after === 'number' && after !== 0);
      return good
        ? []
        : [
            {
              clause: this.covers,
              what: 'what became of the server',
              expected: 'an exit code other than 0, or an answer to the next request',
              got: String(after),
            },
          ];
    },
  })),
];

const keeping: ImageCase[] = [
  {
    name: 'what-was-logged-outlives-a-server-that-is-killed',
    covers: 'Log files',
    async examine(image) {
      await using container = await serveFixture({ image, environment: {} });
      const steps: FixtureStep[] = [
        ['log', 'before'],
        ['error', 'oh'],
        ['sleep', 60_000],
      ];
      const headers = { 'x-conformance-steps': JSON.stringify(steps), 'x-open-runtimes-log-id': 'killed' };
      const answer = ask(container, { headers }).catch(() => {});
      await untilLogged(container, 'killed');
      await container.signal('SIGKILL');
      await Promise.all([answer, container.ended]);
      const got = await container.readLogs('killed');
      return same({ clause: this.covers, what: 'logs', expected: { logs: 'before\n', errors: 'oh\n' }, got });
    },
  },
];

async function answersAgain(container: Container, signal: AbortSignal): Promise<string> {
  while (!signal.aborted) {
    const text = await outcomeOf(container, { steps: [['reply', { kind: 'text', body: 'again' }]], signal });
    if (text === 'again') return 'answers';
    await pause(20);
  }
  return 'nobody waits for it any more';
}

const processOne: ImageCase[] = [
  {
    name: 'orphans-are-reaped',
    covers: 'Process one',
    examine: (image) =>
      withSharedServer(image, async (container) => {
        await container.exec(['bash', '-c', '(sleep 0.1 & sleep 0.1 &) ; exit 0']);
        const left = await soon({
          look: async () => (await container.exec(['sh', '-c', ORPHANS])).output.trim(),
          holds: (count) => count === '0',
        });
        return same({ clause: 'Process one', what: 'orphans that are still there', expected: '0', got: left });
      }),
  },
];

/** How many files all processes of a container have open, but those that look. */
async function countOpenFiles(container: Container): Promise<number> {
  // Processes may end while they are looked at.
  const { output } = await container.exec([
    'sh',
    '-c',
    'for p in /proc/[0-9]*; do case $(cat $p/comm) in sh|cat|ls) ;; *) ls $p/fd ;; esac; done 2> /dev/null | wc -l',
  ]);
  return Number(output);
}

const refusals: ImageCase[] = [
  {
    name: 'refusals-leave-no-open-file',
    covers: 'Refusals leave nothing',
    examine: (image) =>
      withSharedServer(image, async (container) => {
        const refuse = (headers: Record<string, string>) =>
          ask(container, { headers: { connection: 'close', ...headers } });
        await refuse({});
        // Who boots while requests are refused opens files of its own.
        await ask(container, { headers: { 'x-open-runtimes-secret': container.secret } });
        const before = await countOpenFiles(container);
        for (let i = 0; i < 30; i += 1) {
          await refuse({});
          await refuse({ 'x-open-runtimes-secret': container.secret, 'x-open-runtimes-timeout': 'soon' });
        }
        // The server may need a moment to notice that the last connection is closed.
        const after = await soon({ look: () => countOpenFiles(container), holds: (count) => count <= before });
        return after <= before
          ? []
          : same({ clause: 'Refusals leave nothing', what: 'open files', expected: before, got: after });
      }),
  },
];

const confinement: ImageCase[] = [undefined, 'root'].map((user): ImageCase => ({
  name: user === undefined ? 'image-works-without-root-and-capabilities' : 'image-gives-up-root-by-itself',
  covers: 'Confinement',
  core: true,
  async examine(image) {
    if (user === undefined) return withSharedServer(image, examinePrivileges);
    await using container = await serveFixture({ image, environment: {}, user });
    return await examinePrivileges(container);
  },
}));

async function examinePrivileges(container: Container): Promise<Finding[]> {
  const { output } = await container.exec(['sh', '-c', PRIVILEGES]);
  const expected = 'CapBnd: 0000000000000000\nCapEff: 0000000000000000\nNoNewPrivs: 1\nUid: 10001 10001 10001 10001\n';
  return same({ clause: 'Confinement', what: 'user and privileges of all processes', expected, got: output });
}

const image: ImageCase[] = [
  {
    name: 'image-has-the-folders-of-the-contract',
    covers: 'Folders',
    async examine(examined) {
      const { output } = await examined.run([
        'bash',
        '-c',
        `for folder in ${FOLDERS.join(' ')}; do [[ -d $folder ]] || echo "$folder is missing"; done; ls -A ` +
          `/usr/local/build`,
      ]);
      return same({ clause: this.covers, what: 'folders', expected: '', got: output });
    },
  },
  {
    name: 'image-says-which-variables-count-at-the-start',
    covers: 'Labels',
    async examine(examined) {
      const labels = await examined.readLabels();
      const names = (labels[START_VARIABLES_LABEL] ?? '').split(' ');
      const missing = ['LD_*', 'PATH', 'TZ', ...(examined.manifest?.startVariables ?? [])].filter(
        (name) => !names.includes(name),
      );
      return same({ clause: this.covers, what: 'names that are missing', expected: [], got: missing });
    },
  },
  {
    name: 'image-says-where-certificates-are-named',
    covers: 'Labels',
    async examine(examined) {
      const labels = await examined.readLabels();
      const names = (labels[CERTIFICATE_VARIABLES_LABEL] ?? '').split(' ');
      const missing = ['SSL_CERT_FILE', ...(examined.manifest?.certificateVariables ?? [])].filter(
        (name) => !names.includes(name),
      );
      return same({ clause: this.covers, what: 'names that are missing', expected: [], got: missing });
    },
  },
  {
    name: 'image-has-its-tools',
    covers: 'Tools',
    async examine(examined) {
      const tools = [...TOOLS, ...(examined.manifest?.tools ?? [])];
      const { output } = await examined.run([
        'bash',
        '-c',
        `for tool in ${tools.join(' ')}; do command -v $tool > /dev/null || echo "$tool is missing"; done`,
      ]);
      return same({ clause: this.covers, what: 'tools', expected: '', got: output });
    },
  },
];

export const processCases: readonly ImageCase[] = [
  ...stopping,
  ...keeping,
  ...processOne,
  ...refusals,
  ...confinement,
  ...image,
];
