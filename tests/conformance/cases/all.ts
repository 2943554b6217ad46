// All cases of the suite, in the order of the contract.

import type { Case, WireCase } from '../case.ts';
import { buildCacheCases } from './build-cache.ts';
import { buildingCases } from './building.ts';
import { callsApartCases } from './calls-apart.ts';
import { controlCases } from './control.ts';
import { errorCases } from './errors.ts';
import { imageShapeCases } from './image-shape.ts';
import { linkCases } from './links.ts';
import { logEndingCases } from './log-endings.ts';
import { logCases } from './logs.ts';
import { messageCases } from './messages.ts';
import { outputCheckCases } from './output-check.ts';
import { processCases } from './process.ts';
import { queryCases } from './query.ts';
import { requestBodyCases } from './request-body.ts';
import { requestCases } from './request.ts';
import { responseCases } from './response.ts';
import { standbyCases } from './standby.ts';
import { startingCases } from './starting.ts';
import { secretCases } from './secret.ts';
import { systemPathCases } from './system-paths.ts';
import { systemVariableCases } from './system-variables.ts';
import { waitingCases } from './waiting.ts';

export const wireCases: readonly WireCase[] = [
  ...messageCases,
  ...systemPathCases,
  ...controlCases,
  ...secretCases,
  ...requestCases,
  ...queryCases,
  ...requestBodyCases,
  ...responseCases,
  ...outputCheckCases,
  ...errorCases,
  ...logCases,
  ...callsApartCases,
  ...waitingCases,
];

export const allCases: readonly Case[] = [
  ...wireCases,
  ...imageShapeCases,
  ...logEndingCases,
  ...systemVariableCases,
  ...processCases,
  ...buildingCases,
  ...linkCases,
  ...buildCacheCases,
  ...startingCases,
  ...standbyCases,
];

/** One case for each folder `checks/<name>` of a fixture: what only that language has; `slow-<name>` if it is slow. */
export function checkCases(checks: readonly string[]): WireCase[] {
  return checks.map((name) => ({
    name: `check-${name}`,
    covers: 'One image builds and serves',
    needs: ['manifest'],
    ...(name.startsWith('slow-') && { slow: true }),
    setup: { fixture: `checks/${name}` },
    send: {},
    expect: { body: 'ok' },
  }));
}
