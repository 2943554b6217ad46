// Tells which paths are for whoever runs the container, in whatever way they are spelled (docs/contract.md, section 2).

const RESERVED_SEGMENT = '__opr';
const ESCAPE = /%([0-9a-f]{2})/gi;
// Some servers decode twice; nobody means anything by more.
const MOST_DECODINGS = 4;

/**
 * Whether any server could take a request's target, which begins with a slash, for `/__opr` or a path below it. Servers
 * differ in what they decode, merge and resolve, and in which order; so one that goes up and names it anywhere is too.
 */
export function isReservedPath(target: string): boolean {
  const query = target.indexOf('?');
  const raw = query === -1 ? target : target.slice(0, query);
  if (raw.includes('%')) return leadsThere(decoded(raw));
  return /__opr/i.test(raw) && leadsThere(raw);
}

function leadsThere(path: string): boolean {
  const segments = path
    .toLowerCase()
    .split(/[/\\]/)
    .map(bare)
    .filter((segment) => segment !== '' && segment !== '.');
  const at = segments.indexOf(RESERVED_SEGMENT);
  if (at <= 0) return at === 0;
  // Readers of URLs take what follows two slashes for a host.
  return segments.includes('..') || (at === 1 && /^[/\\]{2}/.test(path));
}

/** Without parameters, without what an escape has kept from ending the path, and without what nobody sees. */
function bare(segment: string): string {
  // oxlint-disable-next-line no-control-regex
  return segment.replace(/[;?#].*$/s, '').replaceAll(/[\x00-\x20\x7f]/g, '');
}

function decoded(path: string): string {
  let text = path;
  for (let count = 0; count < MOST_DECODINGS && text.includes('%'); count += 1)
    text = text.replaceAll(ESCAPE, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return text;
}
