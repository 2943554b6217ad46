// Cases of docs/contract.md, section 11, on starts: finding, refusing and unpacking artifacts, and what comes after.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding, ImageCase } from '../case.ts';
import type { Container, Image } from '../targets/target.ts';
import { FUNCTION_FOLDER } from '../../../src/contract/paths.ts';
import { ask } from './ask.ts';
import { builtFixture, contains, inFolder, lookInto, same, serveFixture, withSharedServer } from './examine.ts';
import { soon } from '../soon.ts';

/** The answer of a function that was started from an artifact, with what the start said. */
async function startAndAsk({
  image,
  artifact,
  start,
}: {
  image: Image;
  artifact: string;
  start?: string;
}): Promise<{ answer: string; said: string }> {
  await using container = await image.serve({ artifact, environment: {}, ...(start !== undefined && { start }) });
  await container.ready();
  const answer = await ask(container);
  // What a container says is complete when it has ended; before, its log may be behind.
  await container.signal('SIGKILL');
  return { answer, said: (await container.ended).output };
}

const RENAMED = ['code.tar', 'code.gz', 'code.sqfs'].map((name): ImageCase => ({
  name: `artifact-named-${name.replace('.', '-')}-is-told-by-its-bytes`,
  covers: 'Finding the artifact',
  async examine(image) {
    const { folder } = await builtFixture({ image });
    const artifact = await inFolder({ image, from: folder, script: `mv code.tar.gz ${name}` });
    const { answer, said } = await startAndAsk({ image, artifact });
    return [
      ...same({ clause: this.covers, what: 'answer', expected: 'ready', got: answer }),
      ...contains({
        clause: this.covers,
        what: 'output',
        text: said,
        parts: ['Code extraction started.', 'Code extraction finished.', 'Runtime started.'],
      }),
    ];
  },
}));

const finding: ImageCase[] = [
  {
    name: 'artifacts-are-looked-for-in-order',
    covers: 'Finding the artifact',
    async examine(image) {
      const { folder } = await builtFixture({ image });
      const artifact = await inFolder({
        image,
        from: folder,
        script: 'mv code.tar.gz code.tar; echo broken > code.tar.gz; echo broken > code.gz',
      });
      return same({
        clause: this.covers,
        what: 'answer',
        expected: 'ready',
        got: (await startAndAsk({ image, artifact })).answer,
      });
    },
  },
  {
    name: 'files-that-are-extracted-already-are-linked',
    covers: 'Finding the artifact',
    async examine(image) {
      const { folder } = await builtFixture({ image, environment: { OPEN_RUNTIMES_BUILD_COMPRESSION: 'skip' } });
      const { said } = await startAndAsk({ image, artifact: folder });
      return contains({
        clause: this.covers,
        what: 'output',
        text: said,
        parts: ['Code already extracted, skipping extraction.', 'Runtime started.'],
      });
    },
  },
  {
    name: 'start-without-an-artifact-fails',
    covers: 'Finding the artifact',
    core: true,
    async examine(image) {
      await using container = await image.serve({ artifact: await inFolder({ image }), unreachable: true });
      const { exitCode, output } = await container.ended;
      return [
        ...same({ clause: this.covers, what: 'exit code', expected: 1, got: exitCode }),
        ...contains({ clause: this.covers, what: 'output', text: output, parts: ['Code archive not found.'] }),
      ];
    },
  },
];

/** By what is wrong with them: scripts that make `code.tar`. */
const UNSAFE: Record<string, string> = {
  'absolute-names': 'echo x > file; tar -cPf code.tar --transform "s,^,/tmp/," file',
  'names-that-climb-out': 'echo x > file; tar -cPf code.tar --transform "s,^,../," file',
  'links-to-absolute-names': 'ln -s /etc/passwd link; tar -cf code.tar link',
  'links-that-climb-out': 'mkdir below; ln -s ../../outside below/link; tar -cf code.tar below',
  'links-through-links': 'mkdir -p a/b; ln -s ../.. a/b/root; ln -s b/root/.. a/out; tar -cf code.tar a',
  'hard-links-that-climb-out':
    'echo x > file; ln file other; tar -cPf code.tar --transform "flags=h;s,^,../../," file other',
};

const unsafe = Object.entries(UNSAFE).map(([what, script]): ImageCase => ({
  name: `archive-with-${what}-is-refused`,
  covers: 'Unsafe archives',
  async examine(image) {
    const artifact = await inFolder({ image, script });
    const target = await inFolder({ image });
    await using container = await image.serve({
      artifact,
      mounts: { [FUNCTION_FOLDER]: target },
      unreachable: true,
    });
    const { exitCode } = await container.ended;
    return [
      ...same({ clause: this.covers, what: 'exit code', expected: 1, got: exitCode }),
      ...same({
        clause: this.covers,
        what: 'unpacked files',
        expected: '',
        got: await lookInto({ image, folder: target, script: 'find . -mindepth 1' }),
      }),
    ];
  },
}));

const DEFAULT_START = 'bash helpers/server.sh';
const commands = [DEFAULT_START, 'helpers/server.sh', 'source /etc/profile && bash helpers/server.sh'].map(
  (start): ImageCase => ({
    name: `start-command-${start.replaceAll(/[^a-z]+/g, '-')}-leaves-no-shell`,
    covers: 'Start command',
    async examine(image) {
      const shared = start === (image.manifest?.start ?? DEFAULT_START);
      if (shared) return withSharedServer(image, examineShells);
      await using container = await serveFixture({ image, start });
      return await examineShells(container);
    },
  }),
);

// As executors name it that were written before there was a front.
const SERVER_ALONE = 'printf %s "${OPEN_RUNTIMES_SERVER_COMMAND#* -- }"';
const serverAlone: ImageCase = {
  name: 'start-command-of-the-server-alone',
  covers: 'Start command',
  async examine(image) {
    const { output: start } = await image.run(['bash', '-c', SERVER_ALONE]);
    await using container = await serveFixture({ image, start });
    return await examineShells(container);
  },
};

async function examineShells(container: Container): Promise<Finding[]> {
  await readTimings(container);
  const { output } = await container.exec(['sh', '-c', 'cat /proc/[0-9]*/comm | grep -c ^bash$']);
  return same({ clause: 'Start command', what: 'shells that are left', expected: '0\n', got: output });
}

/** The timings, once the last of them is there: it is written when the port answers, which is when we may ask. */
function readTimings(container: Container): Promise<string> {
  return soon({
    look: async () => (await container.exec(['cat', '/mnt/telemetry/timings.txt'])).output,
    holds: (text) => text.includes('startup='),
  });
}

const timings: ImageCase[] = [
  {
    name: 'start-writes-its-timings-after-those-that-are-there',
    covers: 'Start timings',
    core: true,
    async examine(image) {
      const { folder } = await builtFixture({ image });
      const telemetry = await inFolder({ image, script: 'echo local_download=0.123 > timings.txt' });
      await using container = await image.serve({ artifact: folder, mounts: { '/mnt/telemetry': telemetry } });
      await container.ready();
      const shape = (await readTimings(container)).replaceAll(/(?<=^(?:extract|prepare|startup)=)\d+\.\d{3}$/gm, 'N');
      return same({
        clause: this.covers,
        what: 'timings',
        expected: 'local_download=0.123\nextract=N\nprepare=N\nstartup=N\n',
        got: shape,
      });
    },
  },
  {
    name: 'start-as-root-writes-timings-into-a-file-of-another-user',
    covers: 'Start timings',
    async examine(image) {
      const { folder } = await builtFixture({ image });
      const telemetry = await image.makeFolder();
      // The suite's own user is not the one that the start becomes.
      await writeFile(path.join(telemetry, 'timings.txt'), 'local_download=0.123\n', { mode: 0o644 });
      const mounts = { '/mnt/telemetry': telemetry };
      await using container = await image.serve({ artifact: folder, user: 'root', mounts });
      await container.ready();
      const keys = (await readTimings(container)).replaceAll(/=.*$/gm, '');
      const expected = 'local_download\nextract\nprepare\nstartup\n';
      return same({ clause: this.covers, what: 'keys of the timings', expected, got: keys });
    },
  },
  {
    name: 'start-says-when-its-timings-cannot-be-written',
    covers: 'Start timings',
    async examine(image) {
      const { folder } = await builtFixture({ image });
      const telemetry = await inFolder({
        image,
        script: 'echo local_download=0.123 > timings.txt; chmod 444 timings.txt',
      });
      await using container = await image.serve({ artifact: folder, mounts: { '/mnt/telemetry': telemetry } });
      await container.ready();
      await container.signal('SIGKILL');
      const { output } = await container.ended;
      const parts = ['Timings warning: /mnt/telemetry/timings.txt cannot be written by user 10001.'];
      return contains({ clause: this.covers, what: 'output', text: output, parts });
    },
  },
];

export const startingCases: readonly ImageCase[] = [
  ...finding,
  ...RENAMED,
  ...unsafe,
  ...commands,
  serverAlone,
  ...timings,
];
