// Cases of docs/contract.md, section 10, on symbolic links in what a build has made.

import type { ImageCase } from '../case.ts';
import { buildFixture, builtFixture, contains, inFolder, lookInto, same } from './examine.ts';

// Whatever a language makes of the source, this folder becomes the artifact as it is.
const OUTPUT = { OPEN_RUNTIMES_OUTPUT_DIRECTORY: 'output' };

/** By where they lead: scripts that make a link, and what the build says of it. */
const LEAVING: Record<string, { script: string; says: string }> = {
  'an-absolute-name': { script: 'ln -s /etc/passwd out', says: 'The link "out" leads to "/etc/passwd"' },
  'a-folder-above': { script: 'mkdir a; ln -s ../../x a/out', says: 'The link "a/out" leads to "../../x"' },
  'another-link': {
    script: 'mkdir -p a/b; ln -s ../.. a/b/root; ln -s b/root/.. a/out',
    says: 'The link "a/out" leads to "b/root/.."',
  },
};

const leaving = Object.entries(LEAVING).map(([what, { script, says }]): ImageCase => ({
  name: `build-with-a-link-that-leaves-by-${what}-fails-and-names-it`,
  covers: 'Links',
  async examine(image) {
    const install = `mkdir output; cd output; ${script}`;
    const { exitCode, output, folder } = await buildFixture({ image, install, environment: OUTPUT });
    const artifact = await lookInto({ image, folder, script: 'ls -d code.* 2> /dev/null' });
    return [
      ...same({ clause: this.covers, what: 'exit code', expected: 1, got: exitCode }),
      ...contains({
        clause: this.covers,
        what: 'output',
        text: output,
        parts: [says, 'Put a copy of what it leads to in its place, or remove it.'],
      }),
      ...same({ clause: this.covers, what: 'artifacts', expected: '', got: artifact }),
    ];
  },
}));

/** By what they say: the text of a link at `a/link`, and that in the artifact. */
const STAYING: Record<string, { text: string; becomes: string }> = {
  relative: { text: '../target', becomes: '../target' },
  dangling: { text: '../not-there', becomes: '../not-there' },
  absolute: { text: '/usr/local/build/output/target', becomes: '../target' },
  'leading-out-and-in': { text: '../../output/target', becomes: '../target' },
};

const staying = Object.entries(STAYING).map(([what, { text, becomes }]): ImageCase => ({
  name: `link-inside-that-is-${what}-reaches-the-function`,
  covers: 'Links',
  async examine(image) {
    const install = `mkdir -p output/a; echo found > output/target; ln -s ${text} output/a/link`;
    const { folder } = await builtFixture({ image, install, environment: OUTPUT });
    const unpacked = await inFolder({ image, from: folder, script: 'tar -xzf code.tar.gz ./a' });
    const got = await lookInto({ image, folder: unpacked, script: 'readlink a/link' });
    return same({ clause: this.covers, what: 'link in the artifact', expected: `${becomes}\n`, got });
  },
}));

export const linkCases: readonly ImageCase[] = [...leaving, ...staying];
