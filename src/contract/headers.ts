// The control headers that executors and runtimes exchange (docs/contract.md, section 3).

export const RESERVED_PREFIX = 'x-open-runtimes-';

export const SECRET_HEADER = 'x-open-runtimes-secret';
export const TIMEOUT_HEADER = 'x-open-runtimes-timeout';
export const LOGGING_HEADER = 'x-open-runtimes-logging';
export const LOG_ID_HEADER = 'x-open-runtimes-log-id';
