// Cases of docs/contract.md, section 3, for a secret that is not ASCII: its bytes are those of UTF-8.

import { UNAUTHORIZED } from '../../../src/contract/messages.ts';
import type { WireCase } from '../case.ts';

const SECRET = 'größer als 🥊';
const common = { covers: 'Secret', setup: { environment: { OPEN_RUNTIMES_SECRET: SECRET } } } as const;

export const secretCases: readonly WireCase[] = [
  {
    ...common,
    name: 'secret-outside-ascii',
    send: { secret: SECRET },
    expect: { body: 'ready' },
  },
  ...[
    { name: 'with-another-character', secret: 'größer als 🥋' },
    { name: 'without-its-accent', secret: 'grosser als 🥊' },
    { name: 'with-question-marks', secret: 'gr??er als ?' },
  ].map(({ name, secret }): WireCase => ({
    ...common,
    name: `secret-outside-ascii-${name}`,
    leavesNothing: true,
    send: { secret },
    expect: { status: 401, body: UNAUTHORIZED, logs: '', errors: '' },
  })),
  {
    ...common,
    name: 'secret-outside-ascii-in-the-executor-authorization',
    covers: 'Executor authorization',
    send: { secret: SECRET, fromExecutor: true, steps: [['echo', 'request']] },
    expect: { body: { includes: { headers: { authorization: undefined } } } },
  },
];
