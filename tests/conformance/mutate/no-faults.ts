// Mutations that no case can see because they are no faults, each with the reason.

interface NoFault {
  file: string;
  /** Part of its line. */
  code: string;
  /** As `Mutation` has it. */
  change: string;
  reason: string;
}

export const NO_FAULTS: readonly NoFault[] = [];
