// Finds the user's login for a registry where `docker login` put it.

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { $ } from 'zx';

export interface Credentials {
  username: string;
  password: string;
}

interface DockerConfig {
  auths?: Record<string, { auth?: string }>;
  credsStore?: string;
  credHelpers?: Record<string, string>;
}

/** The login for a host, or undefined if there is none. */
export async function findCredentials({
  host,
  environment,
}: {
  host: string;
  environment: NodeJS.ProcessEnv;
}): Promise<Credentials | undefined> {
  const folder = environment.DOCKER_CONFIG ?? path.join(homedir(), '.docker');
  const text = await readFile(path.join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const config = JSON.parse(text) as DockerConfig;
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  if (helper) return askHelper({ helper, host });
  const auth = config.auths?.[host]?.auth;
  return auth ? decode(auth) : undefined;
}

/** Programs such as docker-credential-pass keep logins; they take the host on stdin and answer in JSON. */
async function askHelper({ helper, host }: { helper: string; host: string }): Promise<Credentials | undefined> {
  const answer = await $({ input: host, nothrow: true, quiet: true })`${`docker-credential-${helper}`} get`;
  if (answer.exitCode !== 0) return undefined;
  const { Username, Secret } = JSON.parse(answer.stdout) as { Username: string; Secret: string };
  return { username: Username, password: Secret };
}

function decode(auth: string): Credentials {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
