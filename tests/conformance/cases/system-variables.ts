// Cases of docs/contract.md, section 8, on variables that programs of the system read: a function may be given them,
// and the image's own programs work all the same.

import type { ImageCase } from '../case.ts';
import { builtFixture, contains, same } from './examine.ts';

/** By name, what breaks programs that have them. */
const BREAKING: Readonly<Record<string, string>> = {
  PATH: '/nowhere/bin',
  LD_PRELOAD: '/nowhere/library.so',
  TAR_OPTIONS: '--no-such-option',
  GLOBIGNORE: '*',
  POSIXLY_CORRECT: '1',
  PERL5OPT: '-MNoSuchModule',
  TMPDIR: '/nowhere',
};

const building: ImageCase = {
  name: 'build-works-whatever-system-variables-it-is-given',
  covers: 'System variables',
  core: true,
  async examine(image) {
    const tools = ['tar', ...(image.manifest?.tools ?? [])];
    const { output } = await builtFixture({
      image,
      environment: { ...BREAKING, OPEN_RUNTIMES_BUILD_MANIFEST: '/mnt/code/manifest.json' },
      install:
        `printf "<%s>" "$PATH" "$TAR_OPTIONS"; for tool in ${tools.join(' ')}; do ` +
        'command -v $tool > /dev/null || echo "$tool is missing"; done; echo done',
    });
    return [
      ...contains({
        clause: this.covers,
        what: 'output',
        text: output,
        parts: ['</nowhere/bin:', '><--no-such-option>done', 'Build finished.'],
      }),
      ...same({
        clause: this.covers,
        what: 'tells of trouble',
        expected: false,
        got: output.includes('warning: /mnt'),
      }),
    ];
  },
};

const starting = Object.entries(BREAKING).map(([name, value]): ImageCase => ({
  name: `start-works-with-a-variable-${name.toLowerCase().replaceAll('_', '-')}-of-the-function`,
  covers: 'System variables',
  async examine(image) {
    const { folder } = await builtFixture({ image });
    await using container = await image.serve({ artifact: folder, environment: { [name]: value } });
    await container.ready();
    const response = await fetch(`http://${container.host}:${container.port}/`, {
      headers: { 'x-conformance-steps': JSON.stringify([['env', name]]) },
    });
    const expected = name === 'PATH' ? `${value}:` : value;
    const got = await response.text();
    return same({ clause: this.covers, what: `${name} of the function`, expected, got: got.slice(0, expected.length) });
  },
}));

export const systemVariableCases: readonly ImageCase[] = [building, ...starting];
