// All faulty fakes.

import { controlFaults } from './control.ts';
import type { Fault } from './fault.ts';
import { logFaults } from './logs.ts';
import { messageFaults } from './messages.ts';
import { outcomeFaults } from './outcome.ts';
import { outputCheckFaults } from './output-check.ts';
import { requestBodyFaults } from './request-body.ts';
import { requestFaults } from './request.ts';
import { responseFaults } from './response.ts';
import { stateFaults } from './state.ts';

export const faults: readonly Fault[] = [
  ...messageFaults,
  ...controlFaults,
  ...requestFaults,
  ...requestBodyFaults,
  ...responseFaults,
  ...outputCheckFaults,
  ...outcomeFaults,
  ...logFaults,
  ...stateFaults,
];
