// What a standby must be like to become a certain runtime; many runtimes have no such standby and start from scratch.

import type { RuntimeSpec } from '../runtimes/runtime.ts';

/** Standbys of one shape can take each other's place. */
export interface Shape {
  image: string;
  version: string;
  /** Cores. */
  cpus: number;
  /** MiB. */
  memory: number;
  /** `warm`: its server has booted, if the image can do that. `cold`: it waits before it boots its server. */
  mode: 'warm' | 'cold';
}

export const STANDBY_COMMAND = 'bash helpers/start.sh "bash helpers/server.sh"';

/**
 * What a caller may let run in a container and still find done by a standby: the artifact is laid ready, then the start
 * follows.
 */
const ARCHIVE = String.raw`code\.(?:tar\.gz|tar|sqfs|gz)`;
const LAYING = String.raw`(?:(?:cp|mv|ln -sf?) /tmp/(?:${ARCHIVE}|code\.\*) /mnt/code/(?:${ARCHIVE})? ?&& ?)?`;
const STARTING = String.raw`(?:exec )?(?:nohup )?(?:bash )?helpers/start\.sh (["'])(?:bash )?helpers/server\.sh\1`;
const RECOGNISED = new RegExp(`^${LAYING}${STARTING}$`);

// Programs look at these when they start, so that they mean nothing to one that has started.
const READ_AT_START = [
  /^(?:NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|NODE_COMPILE_CACHE|NODE_DEBUG|NODE_NO_WARNINGS|NODE_V8_COVERAGE)$/,
  /^(?:UV_THREADPOOL_SIZE|DENO_\w+|BUN_\w+)$/,
  /^(?:PYTHON\w*|PERL5?\w*|RUBY\w*|GEM_\w+|BUNDLE_\w+|LUA_\w+|PHPRC|PHP_INI_\w+|TCL\w+|R_\w+)$/,
  /^(?:JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|JAVA_HOME|MONO_\w+|DOTNET_\w+|ERL_\w+|ELIXIR_\w+)$/,
  /^(?:GOGC|GOMEMLIMIT|GODEBUG|GOMAXPROCS|GOTRACEBACK|RUST_BACKTRACE)$/,
  /^(?:LD_\w+|LC_\w+|LANG|LANGUAGE|TZ|MALLOC_\w+|GLIBC_TUNABLES|OMP_\w+|OPENSSL_\w+|SSL_CERT_\w+)$/,
  /^(?:PATH|HOME|TMPDIR|BASH_ENV|SHELLOPTS|BASHOPTS|IFS)$/,
];

export function shapeOf({
  image,
  version,
  cpus,
  memory,
  variables,
  source,
  runtimeEntrypoint,
  restartPolicy,
}: RuntimeSpec): Shape | undefined {
  // A container that has another name than that which its mounts tell of cannot be started again.
  if (source === '' || restartPolicy !== 'no' || !isRecognised(runtimeEntrypoint)) return undefined;
  const mode = Object.keys(variables).some(isReadAtStart) ? 'cold' : 'warm';
  return { image, version, cpus, memory, mode };
}

function isReadAtStart(name: string): boolean {
  return READ_AT_START.some((pattern) => pattern.test(name));
}

export function isRecognised(command: string): boolean {
  return RECOGNISED.test(command.trim().replaceAll(/\s+/g, ' ').replaceAll('/usr/local/server/helpers/', 'helpers/'));
}

export function keyOf({ image, version, cpus, memory, mode }: Shape): string {
  return [image, version, cpus, memory, mode].join(' ');
}
