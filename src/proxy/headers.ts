// Headers as lists of names and values: which belong to one connection only, how they are found and collected.

// These speak of one connection (RFC 9110, section 7.6.1), or of a framing that each connection does anew.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
]);

/** Names and values by turns, as Node.js has them. */
export type RawHeaders = string[];

/**
 * Whether a header is meant for the other end rather than for the next hop. `named` are the headers that `Connection`
 * lists, which are those of one connection as well. All names in lower case.
 */
export function isEndToEnd({ name, named }: { name: string; named: readonly string[] }): boolean {
  return !HOP_BY_HOP.has(name) && (named.length === 0 || !named.includes(name) || name === 'host');
}

/** The headers of a head that has been read. */
export function rawHeaders({ fields }: { fields: readonly string[] }): RawHeaders {
  return fields.filter((_entry, index) => index % 3 !== 0);
}

/** The headers that `passes` lets through, which gets what `isEndToEnd` gets. */
export function filterHeaders({ raw, passes }: { raw: RawHeaders; passes: typeof isEndToEnd }): RawHeaders {
  const named = namedByConnection(raw);
  return pairs(raw)
    .filter(([name]) => passes({ name, named }))
    .flatMap(([, given, value]) => [given, value]);
}

/** `name` in lower case. */
export function hasHeader(raw: RawHeaders, name: string): boolean {
  return pairs(raw).some(([lower]) => lower === name);
}

/** By lower-case name; repeated ones become a list. */
export function collectHeaders(raw: RawHeaders): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, , value] of pairs(raw)) {
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return headers;
}

/** Lower-case name, name as given, value. */
function pairs(raw: RawHeaders): [string, string, string][] {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, index) => {
    const name = raw[index * 2] ?? '';
    return [name.toLowerCase(), name, raw[index * 2 + 1] ?? ''];
  });
}

function namedByConnection(raw: RawHeaders): string[] {
  const values = pairs(raw)
    .filter(([name]) => name === 'connection')
    .map(([, , value]) => value);
  return values
    .join(',')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}
