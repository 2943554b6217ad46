// Cases of docs/contract.md about an image as a whole: that it builds and serves, what it says when it is ready, its
// names.

import path from 'node:path';
import { READY_LINE } from '../../../src/contract/messages.ts';
import { imagesOf } from '../../../src/manifest/names.ts';
import type { Finding, ImageCase } from '../case.ts';
import { show } from '../check/match.ts';
import type { Build, Container, Image } from '../targets/target.ts';
import { soon } from '../soon.ts';
import { openConnection } from '../wire/connection.ts';

async function buildFixture(image: Image): Promise<Build> {
  const build = await image.build({ source: path.join(image.fixtureFolder, 'function') });
  if (build.exitCode !== 0) throw new Error(`the fixture cannot be built:\n${build.output}`);
  return build;
}

/** What it said until the ready line, or until it is clear that there is none. */
function untilReadyLine(container: Container): Promise<string> {
  return soon({ look: container.output, holds: (said) => said.includes(READY_LINE) });
}

export const imageShapeCases: readonly ImageCase[] = [
  {
    name: 'image-has-both-scripts-in-its-working-directory',
    covers: 'One image builds and serves',
    core: true,
    async examine(image) {
      const { output } = await image.run(['bash', '-c', 'pwd; ls helpers/build.sh helpers/start.sh']);
      const expected = '/usr/local/server\nhelpers/build.sh\nhelpers/start.sh\n';
      return output === expected
        ? []
        : [
            {
              clause: 'One image builds and serves',
              what: 'working directory and scripts',
              expected: show(expected),
              got: show(output),
            },
          ];
    },
  },
  {
    name: 'ready-line-means-that-the-port-is-bound',
    covers: 'Ready line',
    async examine(image) {
      await using container = await image.serve({ artifact: (await buildFixture(image)).folder });
      const said = await untilReadyLine(container);
      if (!said.includes(READY_LINE))
        return [{ clause: 'Ready line', what: 'output', expected: show(READY_LINE), got: show(said) }];
      return connectNow(container);
    },
  },
  {
    name: 'image-has-a-name-of-the-contract',
    covers: 'Image names',
    needs: ['manifest'],
    async examine({ name, manifest }) {
      const names = manifest?.versions
        .flatMap((version) => imagesOf(manifest, version))
        .flatMap((image) => [image.name, image.alias]);
      return names?.includes(name) === true
        ? []
        : [
            {
              clause: 'Image names',
              what: 'name of the image',
              expected: names?.join(', ') ?? 'one that its manifest says',
              got: name,
            },
          ];
    },
  },
];

async function connectNow(container: Container): Promise<Finding[]> {
  try {
    (await openConnection(container))[Symbol.dispose]();
    return [];
  } catch (error) {
    return [
      {
        clause: 'Ready line',
        what: 'connection right after the line',
        expected: 'accepted',
        got: (error as Error).message,
      },
    ];
  }
}
