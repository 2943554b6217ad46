// Finds a socket that whoever started this process listens on for it, as systemd does (sd_listen_fds(3)).

const FIRST_DESCRIPTOR = 3;

/**
 * Its descriptor, if there is one. Processes that share such a socket share what waits on it to be accepted, so that
 * one of them may end, or be replaced, without a connection being lost.
 */
export function inheritedSocket({
  environment,
  pid,
}: {
  environment: NodeJS.ProcessEnv;
  pid: number;
}): number | undefined {
  const { LISTEN_FDS: count, LISTEN_PID: meant } = environment;
  if (count === undefined || Number(count) < 1) return undefined;
  return meant === undefined || Number(meant) === pid ? FIRST_DESCRIPTOR : undefined;
}
