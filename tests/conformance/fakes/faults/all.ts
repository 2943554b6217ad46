// All faulty fakes.

import { controlFaults } from './control.ts';
import type { Fault } from './fault.ts';
import { outcomeFaults } from './outcome.ts';
import { requestBodyFaults } from './request-body.ts';
import { requestFaults } from './request.ts';
import { responseFaults } from './response.ts';

export const faults: readonly Fault[] = [
  ...controlFaults,
  ...requestFaults,
  ...requestBodyFaults,
  ...responseFaults,
  ...outcomeFaults,
];
