// All that the fake does, as one object of small parts that a faulty fake replaces one at a time.

import { control } from './behaviour/control.ts';
import { logging, outcome } from './behaviour/outcome.ts';
import { request } from './behaviour/request.ts';
import { response } from './behaviour/response.ts';
import { wire } from './behaviour/wire.ts';

export const CORRECT = { ...wire, ...control, ...request, ...response, ...outcome, ...logging };

/** Literals widened, so that a faulty part may have any value of the same kind. */
type Widened<T> = T extends (...parameters: never[]) => unknown
  ? T
  : T extends boolean
    ? boolean
    : T extends number
      ? number
      : T extends string
        ? string
        : T;

export type Behaviour = { [Name in keyof typeof CORRECT]: Widened<(typeof CORRECT)[Name]> };
