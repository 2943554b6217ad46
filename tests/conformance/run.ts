// Runs cases against a target: smoke first, with all that share its server, then what needs a server or containers of
// its own, several at a time.

import { availableParallelism } from 'node:os';
import type { Case, Finding, ImageCase, WireCase } from './case.ts';
import { RULES } from './check/universal.ts';
import { whyNot } from './needs.ts';
import { perform } from './perform.ts';
import { ProtocolError } from './wire/reader.ts';
import { BuildFailed, type Exemption, type Server, type Setup, StartFailed, type Target } from './targets/target.ts';

export interface Result {
  name: string;
  covers: string;
  outcome: 'pass' | 'exempt' | 'fail' | 'error';
  /** Why it is exempt, or what the suite's own trouble was. */
  reason?: string;
  findings: readonly Finding[];
}

export interface Run {
  target: string;
  results: readonly Result[];
  /** Set if the target is not up and speaking; nothing else was run then. */
  smoke?: Result;
  /** Of the first server, in milliseconds by name. */
  startTimes: Readonly<Record<string, number>>;
}

// What has a server or a container of its own spends half of its time waiting for the engine, which gets slower when it
// is asked for more at once than it has cores for.
const CONTAINERS_AT_ONCE = Math.min(2 * availableParallelism(), 8);

const SMOKE: WireCase = {
  name: 'smoke',
  covers: 'Listening',
  send: { target: '/', logId: null },
  expect: { body: 'ready' },
};

interface RunOptions {
  target: Target;
  cases: readonly Case[];
  /** Ends the run by throwing its reason. */
  signal?: AbortSignal;
  /** Told what became of each case as soon as it is over, before exceptions count. */
  onResult?(result: Result): void;
}

export async function runCases({
  target,
  cases,
  signal = new AbortController().signal,
  onResult = () => {},
}: RunOptions): Promise<Run> {
  const results: Result[] = [];
  const runnable: Case[] = [];
  for (const one of cases) {
    const reason = whyNot(one, target);
    if (reason === undefined) runnable.push(one);
    else results.push({ ...describe(one), outcome: 'exempt', reason, findings: [] });
  }
  const wire = runnable.filter((one): one is WireCase => !('examine' in one));
  const broken = new Map<string, Finding[]>();
  const [first = [], ...groups] = groupBySetup(wire.filter(({ aside }) => aside !== true));
  const aside = groupBySetup(wire.filter((one) => one.aside === true)).filter((group) => group.length > 0);
  const opening = await runGroup({ target, cases: [SMOKE, ...first], broken, signal, onResult });
  const [smoke] = opening.results;
  const { startTimes } = opening;
  if (smoke === undefined || smoke.outcome !== 'pass')
    return { target: target.name, results: [], ...(smoke && { smoke }), startTimes };
  results.push(...opening.results.slice(1));
  const imageCases = runnable.filter((one): one is ImageCase => 'examine' in one);
  const own = (group: readonly WireCase[]) => async (): Promise<Result[]> =>
    (await runGroup({ target, cases: group, broken, signal, onResult })).results;
  const [lasting, others] = await Promise.all([
    atATime(aside.length, aside.map(own)),
    atATime(CONTAINERS_AT_ONCE, [
      ...groups.map(own),
      ...imageCases.map((one) => async () => [
        await attempt(one, { signal, onResult, check: () => examine(one, target) }),
      ]),
    ]),
  ]);
  results.push(...others, ...lasting);
  if (wire.length > 0) results.push(...judgeRules(broken));
  return {
    target: target.name,
    results: results.map((result) => applyExceptions(result, target.exceptions)),
    startTimes,
  };
}

function describe({ name, covers }: Case): Pick<Result, 'name' | 'covers'> {
  return { name, covers };
}

/** Those without a set-up come first, so that smoke shares their server. */
function groupBySetup(cases: readonly WireCase[]): WireCase[][] {
  const groups = new Map<string, WireCase[]>([[keyOf(undefined), []]]);
  for (const one of cases) groups.set(keyOf(one.setup), [...(groups.get(keyOf(one.setup)) ?? []), one]);
  return [...groups.values()];
}

function keyOf(setup: Setup | undefined): string {
  return JSON.stringify([setup?.fixture, setup?.environment]);
}

interface Group {
  target: Target;
  cases: readonly WireCase[];
  broken: Map<string, Finding[]>;
  signal: AbortSignal;
  onResult(result: Result): void;
}

async function runGroup({
  target,
  cases,
  broken,
  signal,
  onResult,
}: Group): Promise<{ results: Result[]; startTimes: Readonly<Record<string, number>> }> {
  let server: Server;
  const setup = cases.find((one) => one.setup !== undefined)?.setup ?? {};
  try {
    server = await target.start(setup);
  } catch (error) {
    return {
      results: cases.map((one) => withoutServer({ one, error, compiles: target.compiles === true })),
      startTimes: {},
    };
  }
  await using running = server;
  const run = (one: WireCase): Promise<Result> =>
    attempt(one, {
      signal,
      onResult,
      // An answer that the manifest excuses says nothing about the rules for every answer.
      check: () =>
        perform({
          wireCase: one,
          server: running,
          startAnother: () => target.start(setup),
          entrypoint: target.entrypoint,
          broken: target.exceptions.some(({ case: name }) => name === one.name) ? new Map() : broken,
        }),
    });
  const results: Result[] = [];
  for (const one of cases.filter(({ waits }) => waits !== true)) {
    results.push(await run(one));
    if (one === SMOKE && results[0]?.outcome !== 'pass') return { results, startTimes: running.startTimes ?? {} };
  }
  results.push(...(await Promise.all(cases.filter(({ waits }) => waits === true).map(run))));
  return { results, startTimes: running.startTimes ?? {} };
}

/**
 * Where functions are compiled, a fixture that is wrong on purpose may fail to build or to start instead of to load.
 */
function withoutServer({ one, error, compiles }: { one: WireCase; error: unknown; compiles: boolean }): Result {
  const visibly = (error instanceof BuildFailed || error instanceof StartFailed) && error.exitCode !== 0;
  if (visibly && compiles && one.mayFailBuild === true) return { ...describe(one), outcome: 'pass', findings: [] };
  if (error instanceof BuildFailed) {
    const finding: Finding = {
      clause: one.covers,
      what: 'build of the fixture',
      expected: 'success',
      got: error.message,
    };
    return { ...describe(one), outcome: 'fail', findings: [finding] };
  }
  return { ...describe(one), outcome: 'error', reason: messageOf(error), findings: [] };
}

const MOST_SHOWN = 3;

/** One result for each rule for every answer, with the first few that broke it. */
function judgeRules(broken: ReadonlyMap<string, readonly Finding[]>): Result[] {
  return RULES.map(({ name, covers }) => {
    const findings = broken.get(name) ?? [];
    if (findings.length === 0) return { name, covers, outcome: 'pass', findings };
    const reason = `broken by ${findings.length} answers${findings.length > MOST_SHOWN ? ', such as' : ''}`;
    return { name, covers, outcome: 'fail', reason, findings: findings.slice(0, MOST_SHOWN) };
  });
}

/** The results of all jobs, in their order. */
async function atATime(most: number, jobs: readonly (() => Promise<Result[]>)[]): Promise<Result[]> {
  const results: Result[][] = [];
  const left = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, job] of left) results[index] = await job();
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results.flat();
}

async function examine(one: ImageCase, target: Target): Promise<readonly Finding[]> {
  if (target.image === undefined) throw new Error('the target has the ability image but no image');
  return one.examine(target.image);
}

/** So generous that only what hangs runs into it; ten times that for slow cases. */
const LONGEST_CASE_MS = 180_000;

interface Attempt extends Pick<Group, 'signal' | 'onResult'> {
  check(): Promise<readonly Finding[]>;
}

async function attempt(one: Case, { onResult, ...attempted }: Attempt): Promise<Result> {
  const result = await limited(one, attempted);
  onResult(result);
  return result;
}

async function limited(one: Case, { signal, check }: Omit<Attempt, 'onResult'>): Promise<Result> {
  signal.throwIfAborted();
  const hung = Promise.withResolvers<never>();
  const abort = (): void => hung.reject(signal.reason);
  signal.addEventListener('abort', abort);
  const timer = setTimeout(
    () => hung.reject(new Error('it does not end')),
    LONGEST_CASE_MS * (one.slow === true ? 10 : 1),
  );
  try {
    const findings = await Promise.race([check(), hung.promise]);
    return { ...describe(one), outcome: findings.length === 0 ? 'pass' : 'fail', findings };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProtocolError) {
      const finding = { clause: one.covers, what: 'answer', expected: 'a whole HTTP answer', got: error.message };
      return { ...describe(one), outcome: 'fail', findings: [finding] };
    }
    return { ...describe(one), outcome: 'error', reason: messageOf(error), findings: [] };
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What a manifest says must fail is exempt while it fails, and a failure when it passes. */
function applyExceptions(result: Result, exceptions: readonly Exemption[]): Result {
  const exemption = exceptions.find(({ case: name }) => name === result.name);
  if (exemption === undefined) return result;
  if (result.outcome === 'fail') return { ...result, outcome: 'exempt', reason: exemption.reason };
  if (result.outcome !== 'pass') return result;
  const finding: Finding = {
    clause: result.covers,
    what: 'exception',
    expected: `to fail, because: ${exemption.reason}`,
    got: 'it passes; remove the exception',
  };
  return { ...result, outcome: 'fail', findings: [finding] };
}
