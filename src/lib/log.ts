// The shape of a structured logger, so that parts can be given one without knowing which.

type Write = (details: object, message: string) => void;

export interface Log {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
}

/** For those who do not want to hear anything, such as unit tests. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
