// Faulty fakes: the request that a function sees.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

export const requestFaults: readonly Fault[] = [
  { name: 'capitalises header names', faults: { joinHeader: CORRECT.joinHeader, enforce: (own, enforced) => ({ ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name === 'x-mixed-case' ? 'X-Mixed-CASE' : name, value])), ...enforced }) }, caughtBy: [] },
  { name: 'keeps the last of repeated headers', faults: { joinHeader: (name, values) => (name === 'cookie' ? values.join('; ') : (values.at(-1) ?? '')) }, caughtBy: [] },
  { name: 'joins headers without a space', faults: { joinHeader: (name, values) => values.join(name === 'cookie' ? '; ' : ',') }, caughtBy: [] },
  { name: 'joins cookies with a comma', faults: { joinHeader: (_name, values) => values.join(', ') }, caughtBy: [] },
  { name: 'tidies cookies', faults: { joinHeader: (name, values) => (name === 'cookie' ? values.join('; ').split(/;\s*/).filter(Boolean).join('; ') : values.join(', ')) }, caughtBy: [] },
  { name: 'loses empty headers', faults: { enforce: (own, enforced) => ({ ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== '')), ...enforced }) }, caughtBy: [] },
  { name: 'shows control headers to functions', faults: { hidesHeader: () => false }, caughtBy: [] },
  { name: 'hides only the control headers that it knows', faults: { hidesHeader: (name) => ['secret', 'timeout', 'logging', 'log-id'].some((known) => name === `x-open-runtimes-${known}`) }, caughtBy: [] },
  { name: 'enforces no headers', faults: { enforcedHeaders: () => ({}) }, caughtBy: [] },
  { name: 'lets callers override enforced headers', faults: { enforce: (own, enforced) => ({ ...enforced, ...own }) }, caughtBy: [] },
  { name: 'keeps the case of enforced names', faults: { enforcedHeaders: (json) => (CORRECT.enforcedHeaders(json)['x-enforced'] === undefined ? {} : { ...CORRECT.enforcedHeaders(json), 'X-Enforced': 'yes' }) }, caughtBy: [] },
  { name: 'drops reserved headers that are enforced', faults: { enforcedHeaders: (json) => Object.fromEntries(Object.entries(CORRECT.enforcedHeaders(json)).filter(([name]) => !name.startsWith('x-open-runtimes-'))) }, caughtBy: [] },
  { name: 'fails on invalid enforced headers', faults: { enforcedHeaders: (json) => (json === '' ? {} : CORRECT.enforcedHeaders(JSON.stringify(JSON.parse(json)))) }, caughtBy: [] },
  { name: 'takes a list for enforced headers', faults: { enforcedHeaders: (json) => (json.startsWith('[') ? { 0: 'x-enforced' } : CORRECT.enforcedHeaders(json)) }, caughtBy: [] },
  { name: 'knows the usual methods only', faults: { method: (method) => (['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].includes(method) ? method : 'GET') }, caughtBy: [] },
  { name: 'shows methods in lower case', faults: { method: (method) => method.toLowerCase() }, caughtBy: [] },
  { name: 'ignores the forwarded scheme', faults: { scheme: () => 'http' }, caughtBy: [] },
  { name: 'takes https for the scheme by default', faults: { scheme: (forwarded) => forwarded ?? 'https' }, caughtBy: [] },
  { name: 'knows one default port', faults: { splitHost: (host, scheme) => ({ ...CORRECT.splitHost(host, scheme), ...(/:\d+$/.test(host) ? {} : { port: 80 }) }) }, caughtBy: [] },
  { name: 'splits hosts at the first colon', faults: { splitHost: (host, scheme) => ({ host: host.split(':')[0] ?? '', port: Number(host.split(':')[1] ?? (scheme === 'https' ? 443 : 80)) || 0 }) }, caughtBy: [] },
  { name: 'leaves the port in the host', faults: { splitHost: (host, scheme) => ({ ...CORRECT.splitHost(host, scheme), host }) }, caughtBy: [] },
  { name: 'calls a missing host localhost', faults: { splitHost: (host, scheme) => CORRECT.splitHost(host === '' ? 'localhost' : host, scheme) }, caughtBy: [] },
  { name: 'decodes paths', faults: { path: (target) => decode(CORRECT.path(target).replaceAll('+', '%2B')) }, caughtBy: [] },
  { name: 'normalises paths', faults: { path: (target) => (target.startsWith('/__opr') ? CORRECT.path(target) : new URL(`http://x${CORRECT.path(target)}`).pathname) }, caughtBy: [] },
  { name: 'ends query strings at a second question mark', faults: { queryString: (target) => target.split('?')[1] ?? '' }, caughtBy: [] },
  { name: 'decodes query strings', faults: { queryString: (target) => decode(CORRECT.queryString(target)) }, caughtBy: [] },
  { name: 'decodes queries', faults: { query: (text) => Object.fromEntries(Object.entries(CORRECT.query(text)).map(([name, value]) => [decode(name), decode(value)])) }, caughtBy: [] },
  { name: 'takes the first of repeated names', faults: { query: (text) => CORRECT.query(text.split('&').toReversed().join('&')) }, caughtBy: [] },
  { name: 'keeps empty names', faults: { query: (text) => ({ ...CORRECT.query(text), ...(text.split('&').some((part) => part.startsWith('=')) && { '': 'x' }) }) }, caughtBy: [] },
  { name: 'drops names without a value', faults: { query: (text) => CORRECT.query(text.split('&').filter((part) => part.includes('=')).join('&')) }, caughtBy: [] },
  { name: 'splits values at every equals sign', faults: { query: (text) => Object.fromEntries(text.split('&').map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']).filter(([name]) => name !== '')) }, caughtBy: [] },
  { name: 'splits queries at semicolons too', faults: { query: (text) => CORRECT.query(text.replaceAll(';', '&')) }, caughtBy: [] },
  { name: 'stumbles over names of members', faults: { query: (text) => Object.assign({}, CORRECT.query(text)) }, caughtBy: [] },
  { name: 'always names the port in urls', faults: { url: ({ scheme, host, port, path, queryString }) => `${scheme}://${host}:${port}${path}${queryString === '' ? '' : `?${queryString}`}` }, caughtBy: [] },
  { name: 'leaves the query out of urls', faults: { url: (line) => CORRECT.url({ ...line, queryString: '' }) }, caughtBy: [] },
  { name: 'decodes urls', faults: { url: (line) => decode(CORRECT.url(line)) }, caughtBy: [] },
  { name: 'turns bytes into text and back', faults: { bodyBytes: (bytes) => Buffer.from(bytes.toString('utf8')) }, caughtBy: [] },
  { name: 'turns bytes of texts into text and back', faults: { bodyBytes: (bytes, type) => (type.startsWith('text/') ? Buffer.from(bytes.toString('utf8')) : bytes) }, caughtBy: [] },
  { name: 'reads text as Latin-1', faults: { bodyText: (bytes) => bytes.toString('latin1') }, caughtBy: [] },
  { name: 'trims text', faults: { bodyText: (bytes) => bytes.toString('utf8').trim() }, caughtBy: [] },
  { name: 'has no raw body', faults: { bodyRaw: () => '' }, caughtBy: [] },
  { name: 'makes nothing of an invalid JSON body', faults: { bodyJson: (text) => { try { return JSON.parse(text) as unknown; } catch { return null; } } }, caughtBy: [] },
  { name: 'does not name JSON when a body is invalid', faults: { bodyJson: (text) => { try { return JSON.parse(text) as unknown; } catch { throw new Error('invalid body'); } } }, caughtBy: [] },
  { name: 'knows JSON by its exact type only', faults: { isJson: (type) => type === 'application/json' }, caughtBy: [] },
  { name: 'knows JSON in lower case only', faults: { isJson: (type) => type.startsWith('application/json') }, caughtBy: [] },
  { name: 'takes anything that mentions JSON for it', faults: { isJson: (type) => type.toLowerCase().includes('json') }, caughtBy: [] },
  { name: 'makes nothing of an empty JSON body', faults: { emptyJson: () => null }, caughtBy: [] },
  { name: 'reads no body with GET', faults: { readsBody: (method) => method !== 'GET' }, caughtBy: [] },
  { name: 'reads no body with DELETE', faults: { readsBody: (method) => method !== 'DELETE' }, caughtBy: [] },
  { name: 'reads no chunks', faults: { readsBody: (_method, chunked) => !chunked }, caughtBy: [] },
];
