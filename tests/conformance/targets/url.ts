// A target that is already up somewhere and serves the fixture's function: all that we have of it is its address.

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

/** @throws Error if the address is not one of plain HTTP without a path. */
export function urlTarget({ url, secret, manifest, version }: UrlOptions): Target {
  const { host, port } = parseAddress(url);
  const abilities: Ability[] = ['control', 'logs', ...(manifest === undefined ? [] : (['entrypoint'] as const))];
  const server: Server = {
    host,
    port,
    secret,
    readLogs: (id) => collectLogs({ host, port, secret, id }),
    [Symbol.asyncDispose]: async () => {},
  };
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

function parseAddress(url: string): { host: string; port: number } {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== 'http:' || parsed.pathname !== '/' || parsed.search !== '') {
    throw new Error(
      `--url takes the address of a server, such as http://127.0.0.1:3000, and not ${JSON.stringify(url)}.`,
    );
  }
  return { host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(parsed.port || '80') };
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
