// Tests how many calls are let in, and that one deadline holds wherever a request waits.

import { expect, test } from 'vitest';
import { createAdmission } from '../../../../src/executor/admission/admission.ts';

const limits = { maxRuntimes: 1, maxCalls: 2, queueSize: 10, queueTimeoutMs: 30 };

test('beyond the limit for all, calls are refused until one leaves', () => {
  const admission = createAdmission(limits);
  admission.enter();
  admission.enter();
  expect(() => admission.enter()).toThrow('More calls are under way than may be. Try again later.');
  admission.leave();
  expect(admission.enter().order).toBeGreaterThan(0);
});

test('tickets are in the order of arrival', () => {
  const admission = createAdmission(limits);
  expect(admission.ticket().order).toBeLessThan(admission.enter().order);
});

test('who has waited for one thing has less time for the next', async () => {
  const admission = createAdmission(limits);
  const ticket = admission.ticket();
  await admission.capacity.take(ticket);
  await expect(admission.capacity.take(ticket)).rejects.toMatchObject({ type: 'runtime_capacity', retryAfter: 1 });
  // The same ticket has no time left for anything else.
  await expect(admission.calls.wait({ id: 'one', ticket, reason: 'replica' })).rejects.toMatchObject({
    type: 'runtime_capacity',
  });
  expect(Date.now()).toBeGreaterThanOrEqual(ticket.deadline);
  expect(Object.values(admission.waiting)).toEqual([0, 0, 0, 0, 0]);
});
