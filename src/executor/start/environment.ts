// The environment of a runtime: the caller's variables, and over them those of the contract.

import * as variable from '../../contract/environment.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';

export function environmentOf({
  runtime,
  request,
}: {
  runtime: Runtime;
  request: RuntimeSpec;
}): Record<string, string> {
  return {
    ...request.variables,
    [variable.SECRET]: runtime.secret,
    [variable.ENTRYPOINT]: request.entrypoint,
    [variable.HOSTNAME]: runtime.hostname,
    [variable.CPUS]: String(request.cpus),
    [variable.MEMORY]: String(request.memory),
    ...(request.outputDirectory && { [variable.OUTPUT_DIRECTORY]: request.outputDirectory }),
    CI: 'true',
  };
}
