// Tests how errors are put into words.

import { expect, test } from 'vitest';
import { explain } from '../../../../scripts/console/main.ts';

test('an error is told with the chain of its causes', () => {
  const error = new Error('cannot push', { cause: new Error('registry down', { cause: 'cable' }) });
  expect(explain(error)).toBe('cannot push\n  because: registry down\n  because: cable');
});
