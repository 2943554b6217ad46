// Cases of docs/contract.md, section 5: what a function may return, and what the server makes of the rest.

import { BAD_STATUS } from '../../../src/contract/messages.ts';
import type { Exchange, Expectation, TextMatcher, WireCase } from '../case.ts';

const READY: Exchange = { send: {}, expect: { body: 'ready' } };

/** What becomes of an answer that cannot be sent; the server is as good as before. */
function refused(reply: Record<string, unknown>, errors: TextMatcher): { steps: WireCase['steps'] & Exchange[] } {
  const exchange: Exchange = {
    send: { steps: [['reply', reply]] },
    expect: { status: 500, headers: { 'x-injected': null }, body: '', errors },
  };
  return { steps: [exchange, READY] };
}
