// Warm standby: an interpreter has booted before there is a function, and waits for the function's environment.

import fs from 'node:fs';

const descriptor = process.env.OPEN_RUNTIMES_STANDBY_FD;

/** Whether there is no function yet. */
export const standsBy = descriptor !== undefined;

/**
 * Blocks, so that whoever connects meanwhile waits too.
 * @returns {Buffer} the function's environment, which is this process's from now on
 */
export function waitForEnvironment() {
  const message = fs.readFileSync(Number(descriptor));
  fs.closeSync(Number(descriptor));
  // Nobody wants this server any more, or the function could not be unpacked.
  if (message.length === 0) process.exit(1);
  replaceEnvironment(message);
  return message;
}

/** Leaves the variables of the message and no others: `NAME=value`, each ended by a zero byte. */
export function replaceEnvironment(message) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const entry of Buffer.from(message).toString().split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) process.env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
}
