// Cases of docs/contract.md, section 10, on builds; those on the build cache have a file of their own.

import { stripVTControlCharacters } from 'node:util';
import type { ImageCase } from '../case.ts';
import type { Image } from '../targets/target.ts';
import { ask } from './ask.ts';
import { buildFixture, builtFixture, contains, inFolder, lookInto, same } from './examine.ts';

const NO_SOURCE = "Error: No source code found. Ensure your source isn't empty.";
const NO_OUTPUT = "Error: No build output found. Ensure your output directory isn't empty.";
const PHASES = [
  'Environment preparation started.',
  'Environment preparation finished.',
  'Build command execution started.',
  'Build command execution finished.',
  'Build packaging started.',
  'Build packaging finished.',
  'Build finished.',
];

const phases: ImageCase[] = [
  {
    name: 'build-says-its-phases-in-order',
    covers: 'Build phases',
    core: true,
    async examine(image) {
      const { output } = await builtFixture({ image });
      // Colours stand outside of the text.
      const plain = stripVTControlCharacters(output);
      return contains({
        clause: this.covers,
        what: 'output',
        text: plain,
        parts: PHASES.map((phase) => `[open-runtimes] ${phase}`),
      });
    },
  },
  {
    name: 'build-stages-dot-files',
    covers: 'Build phases',
    async examine(image) {
      const { exitCode } = await buildFixture({
        image,
        prepare: 'echo hidden > .hidden',
        install: 'grep -q hidden .hidden',
      });
      return same({ clause: this.covers, what: 'exit code', expected: 0, got: exitCode });
    },
  },
  {
    name: 'install-command-runs-under-bash-in-the-work-folder',
    covers: 'Install command',
    async examine(image) {
      const { output } = await builtFixture({ image, install: '[[ -n $BASH_VERSION ]] && echo "in <$PWD>"' });
      return contains({ clause: this.covers, what: 'output', text: output, parts: ['in </usr/local/build>'] });
    },
  },
  {
    name: 'install-command-sees-the-variables-that-the-build-was-given',
    covers: 'Install command',
    async examine(image) {
      // Names that a build script is likely to use for itself.
      const environment = {
        PLAIN: 'a value',
        INPUT_FOLDER: 'mine',
        ARTIFACTS: 'also mine',
        status: '7',
        'with.dots': 'named so',
      };
      const { output } = await builtFixture({
        image,
        environment,
        install:
          'for name in PLAIN INPUT_FOLDER ARTIFACTS status; do printf "<%s>" "${!name}"; done; env | grep ' +
          '"^with.dots="',
      });
      return contains({
        clause: this.covers,
        what: 'output',
        text: output,
        parts: ['<a value><mine><also mine><7>with.dots=named so'],
      });
    },
  },
  {
    name: 'install-command-that-fails-ends-the-build-with-its-exit-code',
    covers: 'Install command',
    core: true,
    async examine(image) {
      const { exitCode, folder } = await buildFixture({ image, install: 'exit 7' });
      const artifact = await lookInto({ image, folder, script: 'ls -d code.* 2> /dev/null' });
      return [
        ...same({ clause: this.covers, what: 'exit code', expected: 7, got: exitCode }),
        ...same({ clause: this.covers, what: 'artifact', expected: '', got: artifact }),
      ];
    },
  },
  {
    name: 'build-of-an-empty-source-fails',
    covers: 'Build errors',
    async examine(image) {
      const { exitCode, output } = await image.build({ source: await inFolder({ image }), install: '' });
      return [
        ...same({ clause: this.covers, what: 'exit code', expected: 1, got: exitCode }),
        ...contains({ clause: this.covers, what: 'output', text: output, parts: [NO_SOURCE] }),
      ];
    },
  },
  ...['nothing', '../..'].map((directory): ImageCase => ({
    name: `build-with-the-output-directory-${directory === 'nothing' ? 'empty' : 'outside'}-fails`,
    covers: 'Build errors',
    async examine(image) {
      const { exitCode, output } = await buildFixture({
        image,
        install: 'mkdir nothing',
        environment: { OPEN_RUNTIMES_OUTPUT_DIRECTORY: directory },
      });
      return [
        ...same({ clause: this.covers, what: 'exit code', expected: 1, got: exitCode }),
        ...contains({ clause: this.covers, what: 'output', text: output, parts: [NO_OUTPUT] }),
      ];
    },
  })),
];

const settings: ImageCase[] = [
  {
    name: 'artifact-records-three-settings',
    covers: 'Recorded settings',
    async examine(image) {
      const { folder } = await builtFixture({ image, environment: { OPEN_RUNTIMES_CLEANUP: 'a=b c' } });
      const recorded = await lookInto({ image, folder, script: 'tar -xzOf code.tar.gz ./.open-runtimes' });
      const lines = recorded
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^(OPEN_RUNTIMES_ENTRYPOINT)=.+$/, '$1=…'));
      return same({
        clause: this.covers,
        what: '.open-runtimes',
        expected: [
          'OPEN_RUNTIMES_ENTRYPOINT=…',
          'OPEN_RUNTIMES_CLEANUP=a=b c',
          // The default.
          'OPEN_RUNTIMES_BUILD_COMPRESSION=gzip',
        ],
        got: lines,
      });
    },
  },
  {
    name: 'recorded-values-are-never-run-as-shell',
    covers: 'Recorded settings',
    async examine(image) {
      const hostile = '$(touch /mnt/logs/ran) `touch /mnt/logs/ran`"; touch /mnt/logs/ran; \'';
      const { folder } = await builtFixture({ image, environment: { OPEN_RUNTIMES_CLEANUP: hostile } });
      await using container = await image.serve({ artifact: folder });
      await container.ready();
      return same({
        clause: this.covers,
        what: 'files that the values would make',
        expected: [],
        got: await container.listLogFiles?.(),
      });
    },
  },
  {
    name: 'recorded-entrypoint-wins-at-start',
    covers: 'Variables',
    async examine(image) {
      const { folder } = await builtFixture({ image });
      await using container = await image.serve({
        artifact: folder,
        environment: { OPEN_RUNTIMES_ENTRYPOINT: 'another-file' },
      });
      await container.ready();
      return same({ clause: this.covers, what: 'answer', expected: 'ready', got: await ask(container) });
    },
  },
];

const contents: ImageCase[] = [
  {
    name: 'archives-at-the-top-are-left-out-of-the-artifact',
    covers: 'Compression',
    async examine(image) {
      const { folder } = await builtFixture({
        image,
        prepare: 'mkdir below; for name in code.sqfs code.tar code.gz; do echo x > $name; echo x > below/$name; done',
      });
      const listed = await lookInto({
        image,
        folder,
        script: 'tar -tzf code.tar.gz | grep "code\\." | sort | tr "\\n" " "',
      });
      const expected = image.manifest?.pack === 'binary' ? '' : './below/code.gz ./below/code.sqfs ./below/code.tar ';
      return same({ clause: this.covers, what: 'archives in the artifact', expected, got: listed });
    },
  },
  {
    name: 'output-directory-becomes-the-root-of-the-artifact',
    covers: 'Output directory',
    async examine(image) {
      const build = await buildFixture({
        image,
        prepare: 'mkdir -p out/sub; echo x > out/sub/file',
        environment: { OPEN_RUNTIMES_OUTPUT_DIRECTORY: './out' },
      });
      const listed = await lookInto({
        image,
        folder: build.folder,
        script: 'tar -tzf code.tar.gz | grep -v "/$" | sort | tr "\\n" " "',
      });
      return same({
        clause: this.covers,
        what: 'files of the artifact',
        expected: './.open-runtimes ./sub/file ',
        got: listed,
      });
    },
  },
  ...[undefined, '1'].map((most): ImageCase => ({
    name: most === undefined ? 'build-manifest-lists-the-files' : 'build-manifest-keeps-its-limit',
    covers: 'Build manifest',
    async examine(image) {
      const prepare =
        'mkdir -p node_modules/x "a b"; echo > node_modules/x/y; printf x > "a b/quote\\".txt"; echo > code.gz';
      const limit: Record<string, string> = most === undefined ? {} : { OPEN_RUNTIMES_BUILD_MANIFEST_MAX_FILES: most };
      const { folder } = await builtFixture({
        image,
        prepare,
        environment: { OPEN_RUNTIMES_BUILD_MANIFEST: '/mnt/code/manifest.json', ...limit },
      });
      const { version, files } = JSON.parse(await lookInto({ image, folder, script: 'cat manifest.json' })) as {
        version: number;
        files: string[];
      };
      const unwanted = files.filter((file) => file.startsWith('node_modules') || file === 'code.gz');
      const expected =
        most === undefined ? image.manifest?.pack === 'binary' || files.includes('a b/quote".txt') : files.length === 1;
      return same({
        clause: this.covers,
        what: 'manifest',
        expected: { version: 1, unwanted: [], files: true },
        got: { version, unwanted, files: expected || files },
      });
    },
  })),
  {
    name: 'build-manifest-that-cannot-be-written-fails-no-build',
    covers: 'Build manifest',
    async examine(image) {
      const { exitCode } = await buildFixture({
        image,
        environment: { OPEN_RUNTIMES_BUILD_MANIFEST: '/no/such/folder/manifest.json' },
      });
      return same({ clause: this.covers, what: 'exit code', expected: 0, got: exitCode });
    },
  },
];

/** By word: the files at the top of the output, and the first bytes of the artifact in hexadecimal. */
const COMPRESSIONS: Record<string, { files: string; magic: string }> = {
  gzip: { files: 'code.tar.gz', magic: '1f8b' },
  none: { files: 'code.tar.gz', magic: '2e2f' },
  zstd: { files: 'code.tar.gz', magic: '28b52ffd' },
  squashfs: { files: 'code.sqfs', magic: '68737173' },
  skip: { files: '.extracted', magic: '' },
  auto: { files: 'code.tar.gz', magic: '2e2f' },
  unheard: { files: 'code.tar.gz', magic: '1f8b' },
};

const compressions = Object.entries(COMPRESSIONS).map(([compression, { files, magic }]): ImageCase => ({
  name: `artifact-with-compression-${compression}-is-made-and-found-again`,
  covers: 'Compression',
  ...(compression === 'gzip' && { core: true }),
  async examine(image) {
    const { folder } = await builtFixture({ image, environment: { OPEN_RUNTIMES_BUILD_COMPRESSION: compression } });
    const script =
      `ls -d code.* .extracted 2> /dev/null | tr -d "\\n"; echo; head --bytes ${magic.length / 2} ${files} ` +
      `| od -An -tx1 | tr -d " \\n"`;
    const [found, bytes] = (await lookInto({ image, folder, script })).split('\n');
    await using container = await image.serve({ artifact: folder, environment: {} });
    await container.ready();
    const answer = await ask(container);
    const expected = compression === 'auto' && (await isLarge({ image, folder })) ? COMPRESSIONS.gzip?.magic : magic;
    return same({
      clause: this.covers,
      what: 'files, first bytes and the answer of the function',
      expected: [files, expected, 'ready'],
      got: [found, bytes, answer],
    });
  },
}));

const LARGE_BYTES = 5_120 * 1_024;

/** Compiled programs differ by language on which side of the limit they are. */
async function isLarge({ image, folder }: { image: Image; folder: string }): Promise<boolean> {
  return Number(await lookInto({ image, folder, script: 'tar -xOf code.tar.gz | wc -c' })) >= LARGE_BYTES;
}

export const buildingCases: readonly ImageCase[] = [...phases, ...settings, ...contents, ...compressions];
