// Finds a port to listen on, also where others look for one at the same moment.

import { freePorts, isFree } from '../../src/lib/ports.ts';

const USUAL_PORT = 3000;
const MAX_ATTEMPTS = 10;

/**
 * Chooses a port and listens on it. `listen` returns undefined if somebody has taken the port since it was chosen; then
 * another one is tried.
 * @throws Error if the port that was asked for is taken.
 */
export async function onFreePort<T>({
  wish,
  listen,
}: {
  wish: number | undefined;
  listen: (port: number) => Promise<T | undefined>;
}): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const listening = await listen(await choosePort(wish));
    if (listening !== undefined) return listening;
  }
  throw new Error(`${MAX_ATTEMPTS} ports that were free were taken at once. Choose one: --port NUMBER`);
}

/** The port that was asked for; without a wish the usual one, or any that is free if somebody has that. */
async function choosePort(wish: number | undefined): Promise<number> {
  if (await isFree(wish ?? USUAL_PORT)) return wish ?? USUAL_PORT;
  if (wish !== undefined)
    throw new Error(`Port ${wish} is taken. Choose another, or leave --port out to get one that is free.`);
  const [port = 0] = await freePorts(1);
  return port;
}
