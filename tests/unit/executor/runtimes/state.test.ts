// Tests that a runtime goes from state to state as the table says, whatever happens to it and in whichever order.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRuntime,
  endCause,
  hasServed,
  nextChange,
  type RuntimeEvent,
  transition,
  TRANSITIONS,
} from '../../../../src/executor/runtimes/state.ts';

const newRuntime = () =>
  createRuntime({
    id: 'one',
    name: 'unit-one',
    image: 'some:1',
    version: 'v5',
    created: 1,
    spec: undefined,
    concurrency: 0,
    instance: { hostname: 'h', secret: 's' },
    started: Promise.resolve(),
  });

const address = { host: '127.0.0.1', port: 3000 };
const cause = (words: string): RuntimeEvent => ({ type: 'ended', cause: { reason: new Error(words), by: 'removal' } });

const event: fc.Arbitrary<RuntimeEvent> = fc.oneof(
  fc.constantFrom<RuntimeEvent>(
    { type: 'placed', instance: { address } },
    { type: 'started' },
    { type: 'listening' },
    { type: 'unreached' },
    { type: 'unreached', address: undefined },
    { type: 'draining' },
    { type: 'removed' },
  ),
  fc.string().map(cause),
);

const outcomeOf = (action: () => void) => {
  try {
    action();
    return 'done';
  } catch {
    return 'forbidden';
  }
};

test('every walk keeps to the table, and what it forbids changes nothing', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const runtime = newRuntime();
      let firstEnd: string | undefined;
      for (const one of events) {
        const before = runtime.state;
        const leadsTo = TRANSITIONS[before.is][one.type];
        expect(outcomeOf(() => transition(runtime, one))).toBe(leadsTo ? 'done' : 'forbidden');
        expect(runtime.state.is).toBe(leadsTo ?? before.is);
        expect(leadsTo !== undefined || runtime.state === before).toBe(true);
        if (leadsTo === undefined) continue;
        if (one.type === 'ended') firstEnd ??= one.cause.reason.message;
        // It has ended, and for the first reason that there was, once anybody has said so.
        expect(runtime.ended.aborted).toBe(firstEnd !== undefined);
        expect((runtime.ended.reason as Error | undefined)?.message).toBe(firstEnd);
      }
    }),
  );
});

test('a runtime that is gone stays so, and knows why', () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const runtime = newRuntime();
      for (const one of [cause('idle'), { type: 'removed' } as const]) transition(runtime, one);
      for (const one of events.filter(({ type }) => TRANSITIONS.gone[type])) transition(runtime, one);
      expect([runtime.state.is, endCause(runtime)?.reason.message]).toEqual(['gone', 'idle']);
    }),
  );
});

test('one that could not be started never served; one that served is remembered to have', () => {
  const failed = newRuntime();
  transition(failed, cause('no image'));
  const served = newRuntime();
  for (const one of [{ type: 'started' }, { type: 'draining' }, cause('deleted')] as const) transition(served, one);
  expect([hasServed(failed.state), hasServed(served.state)]).toEqual([false, true]);
});

test('a restart takes the address away until another one is known', () => {
  const runtime = newRuntime();
  transition(runtime, { type: 'placed', instance: { address } });
  transition(runtime, { type: 'started' });
  transition(runtime, { type: 'listening' });
  expect(runtime.state.instance).toMatchObject({ address, listening: true });
  transition(runtime, { type: 'unreached' });
  expect(runtime.state.instance).toMatchObject({ address, listening: false });
  transition(runtime, { type: 'unreached', address: undefined });
  expect(runtime.state.instance.address).toBeUndefined();
});

test('who waits for the next change hears of it', async () => {
  const runtime = newRuntime();
  const change = nextChange(runtime);
  transition(runtime, { type: 'started' });
  await expect(change).resolves.toBeUndefined();
});
