// Which abilities of a target a case needs, and why a case is not run against a target.

import type { Case, CaseStep, Exchange, Expectation, RequestData, TextMatcher, WireCase } from './case.ts';
import { LOG_ID_HEADER, RESERVED_PREFIX } from '../../src/contract/headers.ts';
import { isReservedPath } from '../../src/contract/reserved-path.ts';
import { stepsOf } from './perform.ts';
import { ABILITIES, type Ability, type Target } from './targets/target.ts';

export function needsOf(one: Case): Ability[] {
  if ('examine' in one) return ['image', ...(one.needs ?? [])];
  const steps = stepsOf(one);
  return [
    ...(one.needs ?? []),
    ...(one.setup?.environment === undefined ? [] : (['environment'] as const)),
    ...(one.setup?.fixture === undefined ? [] : (['fixtures'] as const)),
    ...(steps.some((step) => 'timings' in step) ? (['timings'] as const) : []),
    ...(steps.some((step) => 'flood' in step) ? (['memory'] as const) : []),
    ...(steps.some((step) => 'logsOf' in step) ? (['logs'] as const) : []),
    ...(expectationsOf(steps).some(namesEntrypoint) ? (['entrypoint'] as const) : []),
    ...(speaksOfControl(one) ? (['control'] as const) : []),
  ];
}

/** Why the target cannot be asked; undefined if it can. */
export function whyNot(one: Case, target: Target): string | undefined {
  const missing = needsOf(one).find((ability) => !target.abilities.has(ability));
  return missing === undefined ? undefined : `needs a target that ${ABILITIES[missing]}`;
}

function speaksOfControl(one: WireCase): boolean {
  const steps = stepsOf(one);
  return (
    steps.some((step) => 'distinctLogIds' in step || 'instances' in step) ||
    steps.flatMap(requestsOf).some(hasControl) ||
    expectationsOf(steps).some(({ headers = {} }) => LOG_ID_HEADER in headers)
  );
}

function hasControl({ secret, logId, fromExecutor, headers = [], target = '/' }: RequestData): boolean {
  return (
    secret !== undefined ||
    typeof logId === 'string' ||
    fromExecutor === true ||
    isReservedPath(target) ||
    headers.some(([name]) => name.toLowerCase().startsWith(RESERVED_PREFIX))
  );
}

function requestsOf(step: CaseStep): RequestData[] {
  return 'abandoned' in step ? [step.abandoned] : exchangesOf(step).map(({ send }) => send);
}

function expectationsOf(steps: readonly CaseStep[]): Pick<Expectation, 'headers' | 'logs' | 'errors'>[] {
  return steps.flatMap((step) => ('logsOf' in step ? [step.expect] : exchangesOf(step).map(({ expect }) => expect)));
}

function exchangesOf(step: CaseStep): readonly Exchange[] {
  if ('together' in step) return step.together;
  if ('oneConnection' in step) return step.oneConnection;
  if ('pipelined' in step) return step.pipelined;
  if ('splitEverywhere' in step) return step.splitEverywhere;
  return 'send' in step ? [step] : [];
}

function namesEntrypoint({ logs, errors }: Pick<Expectation, 'logs' | 'errors'>): boolean {
  return [logs, errors].some(isNamed);
}

function isNamed(matcher: TextMatcher | undefined): boolean {
  return typeof matcher === 'object' && (matcher.contains ?? []).some((part) => part.includes('{entrypoint}'));
}
