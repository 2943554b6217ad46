// A target that is already up somewhere and serves the fixture's function, perhaps behind a gateway: all that we have
// of it is its address.

import type { Manifest } from '../../../src/manifest/schema.ts';
import { exemptionsOf } from './exemptions.ts';
import { openConnection } from '../wire/connection.ts';
import { encodeRequest } from '../wire/request.ts';
import type { Ability, Logs, Server, Target } from './target.ts';

interface UrlOptions {
  url: string;
  /** Empty if it checks none. */
  secret: string;
  /** What it is, if it is one of ours. */
  manifest?: Manifest | undefined;
  version?: string | undefined;
}

/** @throws Error if the address is not one of plain HTTP, without a path or with that of a function at a gateway. */
export function urlTarget({ url, secret, manifest, version }: UrlOptions): Target {
  const { host, port, base } = parseAddress(url);
  const common = { host, port, secret, [Symbol.asyncDispose]: async () => {} };
  // A gateway keeps to itself what control headers and paths of the system are for.
  const server: Server =
    base === undefined ? { ...common, readLogs: (id) => collectLogs({ host, port, secret, id }) } : { ...common, base };
  const abilities: Ability[] = [
    ...(base === undefined ? (['control', 'logs'] as const) : []),
    ...(manifest === undefined ? [] : (['entrypoint'] as const)),
  ];
  return {
    name: url,
    abilities: new Set(abilities),
    exceptions: exemptionsOf({ manifest, version }),
    ...(manifest !== undefined && { entrypoint: manifest.entrypoint }),
    checks: [],
    start: async () => server,
    [Symbol.asyncDispose]: async () => {},
  };
}

function parseAddress(url: string): { host: string; port: number; base?: string } {
  const parsed = URL.parse(url);
  const base = /^\/functions\/[^/]+(?=\/?$)/.exec(parsed?.pathname ?? '')?.[0];
  const isFunction = parsed?.pathname === '/' || base !== undefined;
  if (parsed === null || parsed.protocol !== 'http:' || !isFunction || parsed.search !== '') {
    throw new Error(
      `--url takes the address of a server, such as http://127.0.0.1:3000, or of a function at a gateway, ` +
        `such as http://127.0.0.1:8080/functions/mine, and not ${JSON.stringify(url)}.`,
    );
  }
  const address = { host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(parsed.port || '80') };
  return base === undefined ? address : { ...address, base };
}

/** Over the contract's own path, which also removes them. */
async function collectLogs({
  host,
  port,
  secret,
  id,
}: {
  host: string;
  port: number;
  secret: string;
  id: string;
}): Promise<Logs> {
  using connection = await openConnection({ host, port });
  const request = encodeRequest({
    request: { target: `/__opr/logs/${id}` },
    server: { host, port, secret },
    logId: null,
  });
  const response = await connection.exchange(request);
  const parsed = response.status === 200 ? (JSON.parse(response.body.toString('utf8')) as Partial<Logs>) : {};
  if (typeof parsed.logs !== 'string' || typeof parsed.errors !== 'string') {
    throw new Error(`/__opr/logs/${id} answered ${response.status} ${response.body.toString('utf8')} and not the logs`);
  }
  return { logs: parsed.logs, errors: parsed.errors };
}
