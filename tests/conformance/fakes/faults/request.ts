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
  {
    name: 'leaves header names as they came',
    faults: { headerName: (name) => name },
    caughtBy: ['header-names-arrive-in-lower-case', 'repeated-header-is-joined'],
  },
  {
    name: 'keeps the last of repeated headers',
    faults: { joinHeader: (name, values) => (name === 'cookie' ? values.join('; ') : (values.at(-1) ?? '')) },
    caughtBy: ['repeated-header-is-joined'],
  },
  {
    name: 'joins headers without a space',
    faults: { joinHeader: (name, values) => values.join(name === 'cookie' ? '; ' : ',') },
    caughtBy: ['repeated-header-is-joined'],
  },
  {
    name: 'joins cookies with a comma',
    faults: { joinHeader: (_name, values) => values.join(', ') },
    caughtBy: ['repeated-cookies-are-joined'],
  },
  {
    name: 'tidies cookies',
    faults: {
      joinHeader: (name, values) =>
        name === 'cookie' ? values.join('; ').split(/;\s*/).filter(Boolean).join('; ') : values.join(', '),
    },
    caughtBy: ['cookie-arrives-as-sent'],
  },
  {
    name: 'loses empty headers',
    faults: {
      enforce: (own, enforced) => ({
        ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== '')),
        ...enforced,
      }),
    },
    caughtBy: ['header-value-may-be-empty'],
  },
  {
    name: 'shows control headers to functions',
    faults: { hidesHeader: () => false },
    caughtBy: ['reserved-headers-do-not-reach-the-function'],
  },
  {
    name: 'hides only the control headers that it knows',
    faults: {
      hidesHeader: (name) =>
        ['secret', 'timeout', 'logging', 'log-id'].some((known) => name === `x-open-runtimes-${known}`),
    },
    caughtBy: ['reserved-headers-do-not-reach-the-function'],
  },
  {
    name: 'enforces no headers',
    faults: { enforcedHeaders: () => ({}) },
    caughtBy: ['enforced-headers-override', 'enforced-header-value-*'],
  },
  {
    name: 'lets callers override enforced headers',
    faults: { enforce: (own, enforced) => ({ ...enforced, ...own }) },
    caughtBy: ['enforced-headers-override'],
  },
  {
    name: 'keeps the case of enforced names',
    faults: {
      enforcedHeaders: (json) =>
        CORRECT.enforcedHeaders(json)['x-enforced'] === undefined
          ? {}
          : { ...CORRECT.enforcedHeaders(json), 'X-Enforced': 'yes' },
    },
    caughtBy: ['enforced-headers-override', 'enforced-header-value-*'],
  },
  {
    name: 'drops reserved headers that are enforced',
    faults: {
      enforcedHeaders: (json) =>
        Object.fromEntries(
          Object.entries(CORRECT.enforcedHeaders(json)).filter(([name]) => !name.startsWith('x-open-runtimes-')),
        ),
    },
    caughtBy: ['enforced-headers-override'],
  },
  {
    name: 'fails on invalid enforced headers',
    faults: {
      enforcedHeaders: (json) => (json === '' ? {} : CORRECT.enforcedHeaders(JSON.stringify(JSON.parse(json)))),
    },
    caughtBy: ['enforced-headers-invalid', 'every-answer-names-one-log-id'],
  },
  {
    name: 'takes a list for enforced headers',
    faults: { enforcedHeaders: (json) => (json.startsWith('[') ? { 0: 'x-enforced' } : CORRECT.enforcedHeaders(json)) },
    caughtBy: ['enforced-headers-list'],
  },
  {
    name: 'knows the usual methods only',
    faults: {
      method: (method) =>
        ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].includes(method) ? method : 'GET',
    },
    caughtBy: ['method-propfind', 'method-purge'],
  },
  {
    name: 'shows methods in lower case',
    faults: { method: (method) => method.toLowerCase() },
    caughtBy: ['method-*', 'body-with-*', 'body-in-*', 'body-of-length-*', 'body-of-no-chunks-*', 'body-not-*'],
  },
  {
    name: 'ignores the forwarded scheme',
    faults: { scheme: () => 'http' },
    caughtBy: [
      'address-https',
      'url-https',
      'address-https-default-port',
      'url-https-default-port',
      'address-https-port-80',
      'url-https-port-80',
    ],
  },
  {
    name: 'takes https for the scheme by default',
    faults: { scheme: (forwarded) => forwarded ?? 'https' },
    caughtBy: [
      'address-port',
      'url-port',
      'address-no-port',
      'url-no-port',
      'address-default-port',
      'url-default-port',
      'address-http-port-443',
      'url-http-port-443',
      'address-ipv6-port',
      'url-ipv6-port',
      'address-ipv6',
      'url-ipv6',
      'address-ipv4',
      'url-ipv4',
      'address-without-host',
      'url-is-not-decoded-1',
      'url-is-not-decoded-2',
    ],
  },
  {
    name: 'knows one default port',
    faults: {
      splitHost: (host, scheme) => ({
        ...CORRECT.splitHost(host, scheme),
        ...(/:\d+$/.test(host) ? {} : { port: 80 }),
      }),
    },
    caughtBy: ['address-https', 'url-https'],
  },
  {
    name: 'splits hosts at the first colon',
    faults: {
      splitHost: (host, scheme) => ({
        host: host.split(':')[0] ?? '',
        port: Number(host.split(':')[1] ?? (scheme === 'https' ? 443 : 80)) || 0,
      }),
    },
    caughtBy: ['address-ipv6-port', 'url-ipv6-port', 'address-ipv6', 'url-ipv6'],
  },
  {
    name: 'takes the last digits of a host for its port',
    faults: {
      splitHost: (host, scheme) => {
        const [, name = '', port = ''] = /^(.*?):?(\d*)$/.exec(host) ?? [];
        return { host: name, port: Number(port) || CORRECT.splitHost('', scheme).port };
      },
    },
    caughtBy: ['address-ipv4', 'url-ipv4'],
  },
  {
    name: 'leaves the port in the host',
    faults: { splitHost: (host, scheme) => ({ ...CORRECT.splitHost(host, scheme), host }) },
    caughtBy: [
      'address-port',
      'url-port',
      'address-default-port',
      'url-default-port',
      'address-https-default-port',
      'url-https-default-port',
      'address-https-port-80',
      'url-https-port-80',
      'address-http-port-443',
      'url-http-port-443',
      'address-ipv6-port',
      'url-ipv6-port',
    ],
  },
  {
    name: 'calls a missing host localhost',
    faults: { splitHost: (host, scheme) => CORRECT.splitHost(host === '' ? 'localhost' : host, scheme) },
    caughtBy: ['address-without-host'],
  },
  {
    name: 'decodes paths',
    faults: { path: (target) => decode(CORRECT.path(target).replaceAll('+', '%2B')) },
    caughtBy: ['logs-of-an-encoded-id-are-none', 'path-encoded', 'path-encoded-question-mark', 'url-is-not-decoded-1'],
  },
  {
    name: 'normalises paths',
    faults: {
      path: (target) =>
        target.startsWith('/__opr') ? CORRECT.path(target) : new URL(`http://x${CORRECT.path(target)}`).pathname,
    },
    caughtBy: ['path-dots-and-slashes', 'url-is-not-decoded-1'],
  },
  {
    name: 'ends query strings at a second question mark',
    faults: { queryString: (target) => target.split('?')[1] ?? '' },
    caughtBy: [
      'query-string-second-question-mark',
      'url-is-not-decoded-2',
      'query-table-11',
      'query-table-24',
      'query-random-03',
      'query-random-04',
      'query-random-06',
      'query-random-07',
      'query-random-11',
      'query-random-12',
      'query-random-13',
      'query-random-14',
      'query-random-16',
      'query-random-18',
      'query-random-19',
      'query-random-20',
    ],
  },
  {
    name: 'decodes query strings',
    faults: { queryString: (target) => decode(CORRECT.queryString(target)) },
    caughtBy: [
      'query-string-query-encoded',
      'url-is-not-decoded-1',
      'query-table-12',
      'query-table-13',
      'query-random-03',
      'query-random-04',
      'query-random-11',
      'query-random-12',
      'query-random-15',
    ],
  },
  {
    name: 'decodes queries',
    faults: {
      query: (text) =>
        Object.fromEntries(Object.entries(CORRECT.query(text)).map(([name, value]) => [decode(name), decode(value)])),
    },
    caughtBy: [
      'query-table-12',
      'query-table-13',
      'query-random-03',
      'query-random-04',
      'query-random-07',
      'query-random-11',
      'query-random-12',
      'query-random-13',
      'query-random-15',
    ],
  },
  {
    name: 'takes the first of repeated names',
    faults: { query: (text) => CORRECT.query(text.split('&').toReversed().join('&')) },
    caughtBy: ['query-table-03', 'query-table-04', 'query-table-15'],
  },
  {
    name: 'keeps empty names',
    faults: {
      query: (text) => ({
        ...CORRECT.query(text),
        ...(text.split('&').some((part) => part.startsWith('=')) && { '': 'x' }),
      }),
    },
    caughtBy: ['query-table-07', 'query-table-08', 'query-table-10', 'query-random-02', 'query-random-09'],
  },
  {
    name: 'drops names without a value',
    faults: {
      query: (text) =>
        CORRECT.query(
          text
            .split('&')
            .filter((part) => part.includes('='))
            .join('&'),
        ),
    },
    caughtBy: [
      'query-example',
      'query-table-04',
      'query-table-05',
      'query-random-01',
      'query-random-03',
      'query-random-04',
      'query-random-05',
      'query-random-06',
      'query-random-07',
      'query-random-08',
      'query-random-10',
      'query-random-11',
      'query-random-12',
      'query-random-14',
      'query-random-15',
      'query-random-16',
      'query-random-17',
    ],
  },
  {
    name: 'splits values at every equals sign',
    faults: {
      query: (text) =>
        Object.fromEntries(
          text
            .split('&')
            .map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? ''])
            .filter(([name]) => name !== ''),
        ),
    },
    caughtBy: ['query-example', 'query-table-18', 'query-table-24', 'query-random-13', 'query-random-18'],
  },
  {
    name: 'splits queries at semicolons too',
    faults: { query: (text) => CORRECT.query(text.replaceAll(';', '&')) },
    caughtBy: ['query-table-17', 'query-table-18'],
  },
  {
    name: 'stumbles over names of members',
    faults: { query: (text) => Object.assign({}, CORRECT.query(text)) },
    caughtBy: ['query-table-22'],
  },
  {
    name: 'always names the port in urls',
    faults: {
      url: ({ scheme, host, port, path, queryString }) =>
        `${scheme}://${host}:${port}${path}${queryString === '' ? '' : `?${queryString}`}`,
    },
    caughtBy: [
      'url-no-port',
      'url-default-port',
      'url-https',
      'url-https-default-port',
      'url-ipv6',
      'url-ipv4',
      'url-is-not-decoded-1',
      'url-is-not-decoded-2',
    ],
  },
  {
    name: 'leaves the query out of urls',
    faults: { url: (line) => CORRECT.url({ ...line, queryString: '' }) },
    caughtBy: ['url-*'],
  },
  { name: 'decodes urls', faults: { url: (line) => decode(CORRECT.url(line)) }, caughtBy: ['url-is-not-decoded-1'] },
];
