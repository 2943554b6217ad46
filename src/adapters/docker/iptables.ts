// Speaks to the host's firewall through the command that the engine itself uses.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type Family = 'IPv4' | 'IPv6';

const COMMANDS: Record<Family, string> = { IPv4: 'iptables', IPv6: 'ip6tables' };
// The firewall has one lock for all who change it.
const WAIT_SECONDS = '5';

/** All chains and rules, a line each. */
export async function readRules(family: Family): Promise<string[]> {
  return (await run({ command: COMMANDS[family], options: ['-w', WAIT_SECONDS, '-S'] })).split('\n');
}

/** Carries out all lines at once, or none of them. */
export async function applyRules({ family, lines }: { family: Family; lines: string[] }): Promise<void> {
  await run({
    command: `${COMMANDS[family]}-restore`,
    options: ['-w', WAIT_SECONDS, '--noflush'],
    input: ['*filter', ...lines, 'COMMIT', ''].join('\n'),
  });
}

async function run({
  command,
  options,
  input = '',
}: {
  command: string;
  options: string[];
  input?: string;
}): Promise<string> {
  const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = Promise.withResolvers<number | null>();
  child.on('error', ended.reject).on('close', ended.resolve);
  // One that ends without having read everything says why by its exit code.
  child.stdin.on('error', () => {}).end(input);
  const [code, output, complaints] = await Promise.all([ended.promise, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}: ${complaints.trim()}`);
  return output;
}
