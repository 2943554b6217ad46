// The environment of a runtime: the caller's variables, and over them those of the contract.

import * as variable from '../../contract/environment.ts';
import { IMAGE_PATH } from '../../contract/paths.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';

export function environmentOf({ runtime, spec }: { runtime: Runtime; spec: RuntimeSpec }): Record<string, string> {
  const { hostname, secret } = runtime.state.instance;
  return {
    ...spec.variables,
    // Also for commands that are no build or start, the image's own programs are found.
    ...(spec.variables.PATH !== undefined && { PATH: `${spec.variables.PATH}:${IMAGE_PATH}` }),
    [variable.SECRET]: secret,
    [variable.ENTRYPOINT]: spec.entrypoint,
    [variable.HOSTNAME]: hostname,
    [variable.CPUS]: String(spec.cpus),
    [variable.MEMORY]: String(spec.memory),
    ...(spec.outputDirectory && { [variable.OUTPUT_DIRECTORY]: spec.outputDirectory }),
    CI: 'true',
  };
}
