// The environment of a runtime: the caller's variables, and over them those of the contract.

import * as variable from '../../contract/environment.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';

export function environmentOf({ runtime, spec }: { runtime: Runtime; spec: RuntimeSpec }): Record<string, string> {
  const { hostname, secret } = runtime.state.instance;
  return {
    ...spec.variables,
    [variable.SECRET]: secret,
    [variable.ENTRYPOINT]: spec.entrypoint,
    [variable.HOSTNAME]: hostname,
    [variable.CPUS]: String(spec.cpus),
    [variable.MEMORY]: String(spec.memory),
    ...(spec.outputDirectory && { [variable.OUTPUT_DIRECTORY]: spec.outputDirectory }),
    CI: 'true',
  };
}
