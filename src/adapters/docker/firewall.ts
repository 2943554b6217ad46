// Keeps what runs on a bridge away from this host's own services and from the places where clouds serve metadata, by
// rules in the host's firewall. Whoever may not set them is told so once.

import { access, readdir, readFile } from 'node:fs/promises';
import type { Log } from '../../lib/log.ts';
import { applyRules, type Family, readRules } from './iptables.ts';

export interface Firewall {
  /** Sees to it that the rules of these bridges are in force, and stay so. */
  protect(bridges: string[]): Promise<void>;
}

// Whoever loads the rules of a host anew takes ours away.
const LOOK_AGAIN_MS = 30_000;
const CHAIN = /^-N (opr-[0-9a-f]{11})-(?:in|out)$/;
const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

// Link-local addresses, where most clouds have their metadata, and the addresses of those that have it elsewhere:
// Azure,
// Alibaba, Oracle; Amazon and Google for IPv6. What is served there may make whoever asks the machine's owner.
const METADATA: Record<Family, string[]> = {
  IPv4: ['169.254.0.0/16', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32'],
  IPv6: ['fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
};

const WHAT_TO_DO =
  'Functions may reach services of this host, the executor and a cloud’s metadata among them. Run the ' +
  'executor as root (in a container: with --network host and --cap-add NET_ADMIN) where iptables is ' +
  'installed, or set such rules yourself; see "Isolation" in docs/operations.md.';

/** Works until the signal aborts; the rules stay, since what they guard against stays as well. */
export function createFirewall({
  log,
  signal,
  lookAgainMs = LOOK_AGAIN_MS,
}: {
  log: Log;
  signal: AbortSignal;
  lookAgainMs?: number;
}): Firewall {
  const known = new Set<string>();
  let warned = false;

  async function attempt(bridge: string): Promise<void> {
    try {
      await protect(bridge);
    } catch (error) {
      if (!warned)
        log.warn(
          { bridge, error },
          `The rules that keep functions apart from this host could not be set. ${WHAT_TO_DO}`,
        );
      warned = true;
    }
  }

  // One look after the other: two at once would both find a rule missing and both add it.
  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (last = last.then(work));

  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await inTurn(async () => {
      for (const bridge of known) if (await isHere(bridge)) await attempt(bridge);
    });
    looking = false;
  }, lookAgainMs).unref();
  signal.addEventListener('abort', () => clearInterval(timer));

  return {
    protect: (bridges) =>
      inTurn(async () => {
        for (const bridge of bridges) {
          known.add(bridge);
          await attempt(bridge);
        }
      }),
  };
}

/**
 * Takes away the rules of bridges that are no longer there. Where nothing could be set, there is nothing to take away.
 */
export async function forgetBridges(): Promise<void> {
  for (const family of FAMILIES) {
    const rules = await readRules(family).catch((): string[] => []);
    for (const bridge of new Set(rules.map((rule) => CHAIN.exec(rule)?.[1]))) {
      if (bridge === undefined || (await isHere(bridge))) continue;
      const own = [inward(bridge), outward(bridge)].filter((chain) => rules.includes(`-N ${chain}`));
      const jumps = rules.filter((rule) => own.some((chain) => rule.endsWith(` -j ${chain}`)));
      // Another process may be doing the same.
      await applyRules({
        family,
        lines: [
          ...jumps.map((jump) => jump.replace('-A', '-D')),
          ...own.flatMap((chain) => [`-F ${chain}`, `-X ${chain}`]),
        ],
      }).catch(() => {});
    }
  }
}

async function protect(bridge: string): Promise<void> {
  if (!(await isHere(bridge)))
    throw new Error(
      `The network's bridge ${bridge} is not among the interfaces of this process: the engine, or this ` +
        `process, has a network of its own.`,
    );
  const names = await nameServers();
  for (const family of FAMILIES) {
    if (family === 'IPv6' && !(await hasIpv6())) continue;
    const present = await readRules(family);
    const wanted = rulesOf({ bridge, family, names });
    // Docker's own rules let everything pass that leaves by another interface, and only this chain comes before them.
    const forward = present.includes('-N DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD';
    const jumps = [`INPUT -i ${bridge} -j ${inward(bridge)}`, `${forward} -i ${bridge} -j ${outward(bridge)}`];
    const missing = jumps.filter((jump) => !present.includes(`-A ${jump}`));
    // Another executor may have added the same at the same moment.
    const surplus = jumps
      .flatMap((jump) => present.filter((rule) => rule === `-A ${jump}`).slice(1))
      .map((rule) => rule.replace('-A', '-D'));
    if (missing.length + surplus.length === 0 && wanted.every((rule) => present.includes(rule))) continue;
    const chains = [inward(bridge), outward(bridge)];
    // A line that declares a chain also empties it; all lines take effect at once.
    await applyRules({
      family,
      lines: [
        ...chains.map((chain) => `:${chain} - [0:0]`),
        ...wanted,
        ...surplus,
        ...missing.map((jump) => `-I ${jump}`),
      ],
    });
  }
}

function inward(bridge: string): string {
  return `${bridge}-in`;
}

function outward(bridge: string): string {
  return `${bridge}-out`;
}

/** As the firewall lists them, so that those which are there are known again. */
function rulesOf({ bridge, family, names }: { bridge: string; family: Family; names: string[] }): string[] {
  const length = family === 'IPv4' ? 32 : 128;
  const own = names.filter((name) => name.includes(':') === (family === 'IPv6'));
  const lookUps = (chain: string) =>
    own.flatMap((name) =>
      ['udp', 'tcp'].map(
        (protocol) => `-A ${chain} -d ${name}/${length} -p ${protocol} -m ${protocol} --dport 53 -j RETURN`,
      ),
    );
  return [
    ...lookUps(inward(bridge)),
    // Only new connections: the answers to the executor's own requests come this way too.
    `-A ${inward(bridge)} -m conntrack --ctstate NEW -j DROP`,
    ...lookUps(outward(bridge)),
    ...METADATA[family].map((address) => `-A ${outward(bridge)} -d ${address} -j DROP`),
  ];
}

/**
 * Names are looked up by the engine in the container's network; some clouds and hosts have their servers at addresses
 * of the above.
 */
async function nameServers(): Promise<string[]> {
  const files = await Promise.all(
    ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const found = files.flatMap((text) =>
    [...text.matchAll(/^nameserver\s+([0-9a-f.:]+)\s*$/gim)].map(([, address = '']) => address.toLowerCase()),
  );
  return [...new Set(found)].filter((address) => !address.startsWith('127.') && address !== '::1').toSorted();
}

async function isHere(bridge: string): Promise<boolean> {
  return (await readdir('/sys/class/net').catch((): string[] => [])).includes(bridge);
}

async function hasIpv6(): Promise<boolean> {
  return access('/proc/net/if_inet6').then(
    () => true,
    () => false,
  );
}
