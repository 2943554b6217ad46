// How the fake treats the system's paths and the control headers; each function is one thing that a faulty fake does
// wrong.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LOG_ID_PATTERN, MAX_BODY_BYTES } from '../../../../src/contract/limits.ts';

export type Check = 'secret' | 'timeout' | 'body' | 'load';

export const control = {
  healthAnswer: 'OK',
  healthWritesLogs: false,
  healthNeedsSecret: false,
  logsNeedSecret: true,
  isHealth: (path: string): boolean => path === '/__opr/health',
  healthMethods: (_method: string): boolean => true,
  timingsType: 'text/plain; charset=utf-8',
  timings: (text: string | undefined): string => text ?? '',
  mayCollect: (id: string): boolean => LOG_ID_PATTERN.test(id),
  decodesCollectedId: false,
  deletesCollected: true,
  order: ['secret', 'timeout', 'body', 'load'] as readonly Check[],
  secretMatches(given: string | undefined, secret: string): boolean {
    if (secret === '') return true;
    // Headers arrive as one character for each byte.
    const [a, b] = [Buffer.from(given ?? '', 'latin1'), Buffer.from(secret)];
    return a.length === b.length && timingSafeEqual(a, b);
  },
  /** Seconds; undefined: no limit; null: a bad value. */
  timeout(value: string | undefined): number | undefined | null {
    if (value === undefined) return undefined;
    return /^\d+$/.test(value) && Number(value) > 0 ? Number(value) : null;
  },
  loggingOn: (value: string | undefined): boolean => value === undefined || value === '' || value === 'enabled',
  /** Called once for each server. */
  logIds: (): (() => string) => () => randomBytes(10).toString('hex'),
  chooseLogId(given: string | undefined, generate: () => string): string {
    return given !== undefined && LOG_ID_PATTERN.test(given) ? given : generate();
  },
  developmentLogId: 'dev',
  answerLogId: (id: string, on: boolean): string | undefined => (on ? id : ''),
  dropsAuthorization: (value: string, secret: string): boolean =>
    value === `Basic ${Buffer.from(`opr:${secret}`).toString('base64')}`,
  tooLarge: (bytes: number): boolean => bytes > MAX_BODY_BYTES,
  refusalWritesLog: false,
  closesConnections: false,
  /** For how long an idle connection is kept; 0: for ever. */
  keepAliveMs: 0,
};
