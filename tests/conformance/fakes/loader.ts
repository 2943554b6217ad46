// The seventh step of the fake: loads the function once, and says why when it cannot.

import type { FakeOptions } from './server.ts';
import { importFixture, type UserFunction } from './fixture.ts';

/** Its message is for the errors log. */
export class LoadFailure extends Error {}

export const ENTRYPOINT = 'fixture.ts';

export interface Loader {
  load(): Promise<UserFunction>;
  fails(): Promise<boolean>;
}

export function createLoader({
  behaviour,
  environment,
  fixture,
}: Pick<FakeOptions, 'behaviour' | 'environment' | 'fixture'>): Loader {
  const entrypoint = environment['OPEN_RUNTIMES_ENTRYPOINT'] ?? ENTRYPOINT;
  let loaded: UserFunction | undefined;
  let failure: LoadFailure | undefined;

  async function importOnce(): Promise<UserFunction> {
    if (entrypoint !== ENTRYPOINT) throw new LoadFailure(behaviour.missingEntrypoint(entrypoint));
    try {
      const exported = await importFixture(fixture);
      if (typeof exported === 'function') return exported as UserFunction;
    } catch (error) {
      const message =
        error instanceof SyntaxError ? behaviour.syntaxError(entrypoint) : behaviour.loadError(error as Error);
      throw new LoadFailure(message, { cause: error });
    }
    throw new LoadFailure(behaviour.signatureInvalid);
  }

  async function load(): Promise<UserFunction> {
    if (behaviour.remembersFailures && failure !== undefined) throw new LoadFailure('');
    try {
      const userFunction = (behaviour.loadsEachTime ? undefined : loaded) ?? (await importOnce());
      loaded = userFunction;
      return userFunction;
    } catch (error) {
      failure = error as LoadFailure;
      throw error;
    }
  }

  return {
    load,
    fails: () =>
      load().then(
        () => false,
        () => true,
      ),
  };
}
