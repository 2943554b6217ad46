// How a script ends when something goes wrong: the reasons in words, and a stack only when it is asked for.

/** Runs a script's work. A failure is printed with the chain of its causes and makes the exit code 1. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`\n${explain(error)}`);
    if (process.env.DEBUG) console.error(error);
    process.exitCode = 1;
  }
}

/** The message of an error and of each of its causes, one a line. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  because: ${explain(error.cause)}`;
  return error.message + cause;
}
