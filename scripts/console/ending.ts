// Turns Ctrl-C and SIGTERM into a signal, so that what is under way is ended in good order and cleaned up after.

/** Aborts at the first Ctrl-C or SIGTERM. Further ones change nothing: what is under way then is the cleaning up. */
export function untilAskedToEnd(): AbortSignal {
  const ending = new AbortController();
  const end = () => {
    if (!ending.signal.aborted) console.log('\nEnding …');
    ending.abort(new Error('You asked to end.'));
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return ending.signal;
}
