// How the fake turns an HTTP request into what a function sees; each function is one thing that a faulty fake does
// wrong.

import { isUtf8 } from 'node:buffer';

export interface RequestLine {
  scheme: string;
  host: string;
  port: number;
  path: string;
  queryString: string;
}

export const request = {
  method: (method: string): string => method,
  headerName: (name: string): string => name.toLowerCase(),
  /** From a string whose characters are bytes. */
  headerText(value: string): string {
    const bytes = Buffer.from(value, 'latin1');
    return isUtf8(bytes) ? bytes.toString('utf8') : value;
  },
  joinHeader: (name: string, values: readonly string[]): string => values.join(name === 'cookie' ? '; ' : ', '),
  hidesHeader: (name: string): boolean => name.startsWith('x-open-runtimes-'),
  enforcedHeaders(json: string): Record<string, string> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch {
      return {};
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [
        name.toLowerCase(),
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    );
  },
  enforce: (own: Record<string, string>, enforced: Record<string, string>): Record<string, string> => ({
    ...own,
    ...enforced,
  }),
  scheme: (forwarded: string | undefined): string => forwarded ?? 'http',
  splitHost(host: string, scheme: string): { host: string; port: number } {
    const port = /:(\d+)$/.exec(host)?.[1];
    const usual = scheme === 'https' ? 443 : 80;
    return port === undefined ? { host, port: usual } : { host: host.slice(0, -port.length - 1), port: Number(port) };
  },
  path: (target: string): string => target.split('?', 1)[0] ?? '',
  queryString(target: string): string {
    const at = target.indexOf('?');
    return at < 0 ? '' : target.slice(at + 1);
  },
  query(queryString: string): Record<string, string> {
    const pairs = queryString.split('&').map((part): [string, string] => {
      const [name = '', ...rest] = part.split('=');
      return [name, rest.join('=')];
    });
    return Object.fromEntries(pairs.filter(([name]) => name.length > 0));
  },
  url({ scheme, host, port, path, queryString }: RequestLine): string {
    const shown = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
    return `${scheme}://${host}${shown}${path}${queryString === '' ? '' : `?${queryString}`}`;
  },
  bodyBytes: (bytes: Buffer, _contentType: string): Buffer => bytes,
  bodyText: (bytes: Buffer): string => bytes.toString('utf8'),
  bodyRaw: (text: string): string => text,
  bodyJson(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new Error('the body is not JSON', { cause });
    }
  },
  isJson: (contentType: string): boolean => contentType.toLowerCase().startsWith('application/json'),
  emptyJson: (): unknown => ({}),
  /** Whether a body in chunks, or with this method, is read at all. */
  readsBody: (_method: string, _chunked: boolean): boolean => true,
};
