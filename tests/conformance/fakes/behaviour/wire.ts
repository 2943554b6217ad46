// How the fake reads connections and answers what is no message; each part is one thing that a faulty fake does wrong.

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

export const wire = {
  /** What the server reads and writes instead of the bare connection. */
  through: (socket: Socket): Duplex => socket,
  /** Takes what Node.js can make sense of for a message. */
  lenient: false,
  malformedStatus: 400,
  answersAfterMalformed: false,
  answersHalfClosed: true,
  isHost: (host: string): boolean => HOST.test(host),
  mayHaveHosts: (count: number): boolean => count <= 1,
  isVersion: (version: string): boolean => version === '1.1' || version === '1.0',
  /** Serves the others as well when a caller has left within its request, or before it was answered. */
  survivesLeavers: true,
  takesHalfBody: (_chunked: boolean, _bytes: number): boolean => false,
};

/** Whether the fake takes a message, beyond what Node.js looks at. */
export function isSound({ rawHeaders, httpVersion }: IncomingMessage, behaviour: typeof wire): boolean {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
  return behaviour.isVersion(httpVersion) && behaviour.mayHaveHosts(hosts.length) && hosts.every(behaviour.isHost);
}
