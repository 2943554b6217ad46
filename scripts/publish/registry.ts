// Speaks to a container registry about manifests and tags (https://distribution.github.io/distribution/spec/api/).

import type { Credentials } from './credentials.ts';

const PATIENCE_MS = 20_000;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** A tag, or a digest, in a repository of the registry. */
export interface Reference {
  repository: string;
  reference: string;
}

export interface StoredManifest {
  digest: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Registry {
  /** Host and port, the first part of an image's full name. */
  host: string;
  credentials: Credentials | undefined;
  /** Throws if the registry does not answer or does not let us in. */
  check(): Promise<void>;
  read(reference: Reference): Promise<StoredManifest | undefined>;
  tags(repository: string): Promise<string[]>;
  write(request: { to: Reference; manifest: StoredManifest }): Promise<void>;
  /** Whether the registry removed it; many do not allow that. */
  remove(reference: Reference): Promise<boolean>;
}

export function createRegistry({
  host,
  credentials,
}: {
  host: string;
  credentials?: Credentials | undefined;
}): Registry {
  // As the Docker Engine does: what is on this machine need not be encrypted.
  const base = `${/^(?:localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`;
  const ask = (path: string, init: RequestInit = {}) =>
    authorizedFetch({ url: `${base}/v2/${path}`, init, credentials });
  return {
    host,
    credentials,
    async check() {
      const response = await ask('').catch((cause: unknown) => {
        throw new Error(`The registry ${host} does not answer.`, { cause });
      });
      if (response.status === 401)
        throw new Error(`The registry ${host} does not let you in. Log in first: docker login ${host}`);
      if (!response.ok) throw new Error(`${host} answers with status ${response.status}, not as a registry.`);
    },
    async read(reference) {
      const response = await ask(manifestPath(reference), { headers: { accept: MANIFEST_TYPES.join(', ') } });
      if (response.status === 404) return undefined;
      await demandOk(response);
      return {
        digest: response.headers.get('docker-content-digest') ?? '',
        type: response.headers.get('content-type') ?? '',
        bytes: new Uint8Array(await response.arrayBuffer()),
      };
    },
    async write({ to, manifest }) {
      await demandOk(
        await ask(manifestPath(to), {
          method: 'PUT',
          headers: { 'content-type': manifest.type },
          body: manifest.bytes,
        }),
      );
    },
    async tags(repository) {
      const response = await ask(`${repository}/tags/list`);
      if (response.status === 404) return [];
      await demandOk(response);
      return ((await response.json()) as { tags: string[] | null }).tags ?? [];
    },
    async remove(reference) {
      return (await ask(manifestPath(reference), { method: 'DELETE' })).ok;
    },
  };
}

function manifestPath({ repository, reference }: Reference): string {
  return `${repository}/manifests/${reference}`;
}

/** Sends a request, and once more with what the registry asks for when it answers 401. */
async function authorizedFetch({
  url,
  init,
  credentials,
}: {
  url: string;
  init: RequestInit;
  credentials: Credentials | undefined;
}): Promise<Response> {
  const send = (headers: Record<string, string>) =>
    fetch(url, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...headers },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  const first = await send({});
  const challenge = first.headers.get('www-authenticate');
  if (first.status !== 401 || !challenge) return first;
  const authorization = await answerChallenge({ challenge, credentials });
  return authorization ? send({ authorization }) : first;
}

/** `Basic …` from the login itself, or `Bearer …` with a token that the login, or nobody's, gets. */
async function answerChallenge({
  challenge,
  credentials,
}: {
  challenge: string;
  credentials: Credentials | undefined;
}): Promise<string | undefined> {
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const { realm, ...parameters } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  if (!realm) return undefined;
  const response = await fetch(`${realm}?${new URLSearchParams(parameters)}`, {
    headers: basic ? { authorization: basic } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) return undefined;
  const { token, access_token: accessToken } = (await response.json()) as { token?: string; access_token?: string };
  return `Bearer ${token ?? accessToken}`;
}

async function demandOk(response: Response): Promise<void> {
  if (!response.ok)
    throw new Error(`${response.url} was answered with ${response.status}: ${(await response.text()).slice(0, 500)}`);
}
