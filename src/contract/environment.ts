// The environment variables that an executor sets for its runtimes (docs/contract.md, section 8).

export const SECRET = 'OPEN_RUNTIMES_SECRET';
export const ENTRYPOINT = 'OPEN_RUNTIMES_ENTRYPOINT';
export const OUTPUT_DIRECTORY = 'OPEN_RUNTIMES_OUTPUT_DIRECTORY';
export const CPUS = 'OPEN_RUNTIMES_CPUS';
export const MEMORY = 'OPEN_RUNTIMES_MEMORY';
export const HOSTNAME = 'OPEN_RUNTIMES_HOSTNAME';
export const STANDBY = 'OPEN_RUNTIMES_STANDBY';
