// What an operator hears where the rules of the firewall cannot be set.

import { expect, test } from 'vitest';
import { createFirewall } from '../../../../src/adapters/docker/firewall.ts';
import { silentLog } from '../../../../src/lib/log.ts';

test('whoever cannot protect a bridge says so once, and what to do', async () => {
  const heard: string[] = [];
  const closing = new AbortController();
  const firewall = createFirewall({
    log: { ...silentLog, warn: (_details, message) => heard.push(message) },
    signal: closing.signal,
  });
  await firewall.protect(['opr-00000000000', 'opr-00000000001']);
  await firewall.protect(['opr-00000000000']);
  closing.abort();
  expect(heard).toEqual([
    expect.stringMatching(/could not be set.*executor as root.*--network host.*docs\/operations\.md/s),
  ]);
});
