// Tests which line of apt's sources names the mirror.

import { expect, test } from 'vitest';
import { mirrorIn } from '../../../../scripts/setup/mirror.ts';

test.each([
  [
    'Types: deb\n# http://old.example/\nURIs: http://mirror.example/debian\nSuites: a\n\nTypes: deb\n' +
      'URIs: http://other.example/\n',
    'http://mirror.example/debian',
  ],
  ['# deb http://old.example/ a main\ndeb http://mirror.example/debian a main\n', 'http://mirror.example/debian'],
  ['deb [signed-by=/a.gpg arch=amd64] http://mirror.example/debian a main\n', 'http://mirror.example/debian'],
  ['#URIs: http://mirror.example/debian\n', undefined],
  ['', undefined],
])('%j names %j', (text, mirror) => {
  expect(mirrorIn(text)).toBe(mirror);
});
