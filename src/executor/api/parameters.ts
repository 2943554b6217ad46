// What each route's parameters must be, and how that is said when they are not.

import { z } from 'zod';
import { MAX_BODY_BYTES } from '../../contract/limits.ts';
import { ExecutorError } from '../errors.ts';
import type { Parameters } from './body.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;
const MAX_VARIABLES_BYTES = 65_535;
const MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

// A zero byte ends arguments of programs, and variables on their way through a gate: what follows it would be taken for
// something else.
const text = (most: number) =>
  z
    .string('Value must be a string')
    .max(most, `Value must be no longer than ${most} characters`)
    .regex(/^[^\0]*$/, 'Value must not contain a zero byte');

// In multipart and urlencoded bodies all values are text.
const number = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value),
    z
      .number('Value must be a number')
      .min(least, `Value must be at least ${least}`)
      .max(most, `Value must be at most ${most}`),
  );

const flag = z.preprocess(
  (value) =>
    ['1', 'true', 1].includes(value as string) ? true : ['0', 'false', '', 0].includes(value as string) ? false : value,
  z.boolean('Value must be a boolean'),
);

const map = z.preprocess(
  (value) => {
    const json = typeof value === 'string' ? parseOrKeep(value) : value;
    return Array.isArray(json) && json.length === 0 ? {} : json;
  },
  z
    .record(z.string(), z.unknown(), 'Value must be an object')
    .transform((entries) =>
      Object.fromEntries(
        Object.entries(entries).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
        ]),
      ),
    ),
);

const variables = map
  .refine(
    (entries) => Buffer.byteLength(JSON.stringify(entries)) <= MAX_VARIABLES_BYTES,
    `Value must be no longer than ${MAX_VARIABLES_BYTES} bytes as JSON`,
  )
  .refine(
    (entries) => Object.entries(entries).every(([name, value]) => /^[^=\0]+$/.test(name) && !value.includes('\0')),
    'Names must not be empty or contain "=", and nothing may contain a zero byte',
  );

// All but the tabulator.
// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\0-\x08\n-\x1f\x7f]/;

const headers = map.refine(
  (entries) =>
    Object.entries(entries).every(
      ([name, value]) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !CONTROL_CHARACTER.test(value),
    ),
  'Names must be tokens of HTTP, and values must not contain line breaks or other control characters',
);

// It becomes part of a container's name and of a path.
const runtimeId = text(64)
  .min(1, 'Value must be at least 1 character long')
  .regex(/^[A-Za-z0-9_.-]+$/, 'Value may contain letters, digits, "_", "." and "-" only');

const path = text(2048)
  .regex(/^[\x21-\x7e\x80-\u{10ffff}]*$/u, 'Value must not contain spaces or control characters')
  .transform((value) => encodeURI(value.startsWith('/') ? value : `/${value}`).replaceAll('%25', '%'));

const source = text(4096);
const restartPolicy = z.enum(
  ['no', 'always', 'on-failure', 'unless-stopped'],
  'Value must be one of no, always, on-failure, unless-stopped',
);

/** The schemas of all routes; `versions` are the contracts that this executor speaks. */
export function createSchemas({ versions }: { versions: readonly string[] }) {
  const version = z
    .string('Value must be a string')
    .refine((value) => versions.includes(value), `Value must be one of ${versions.join(', ')}`);
  const common = {
    runtimeId,
    entrypoint: text(256).default(''),
    variables: variables.default({}),
    runtimeEntrypoint: text(1024).default(''),
    cpus: number(0.01, 1024).default(1),
    memory: number(16, 1024 * 1024).default(512),
    version: version.default('v5'),
    restartPolicy: restartPolicy.default('no'),
    concurrency: number(0, 10_000).default(0),
  };
  const image = text(128);
  return {
    create: z.object({
      ...common,
      image: image.min(1, 'Value must be at least 1 character long'),
      source: source.default(''),
      destination: text(4096).default(''),
      outputDirectory: text(4096).default(''),
      command: text(65_536).default(''),
      cacheKey: z
        .string('Value must be a string')
        .regex(
          /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,127})?$/,
          'Value must begin with a letter or digit and contain letters, digits, ".", "_" and "-" only, 128 at most',
        )
        .default(''),
      timeout: number(1, MAX_TIMEOUT_SECONDS).default(600),
      remove: flag.default(false),
    }),
    execute: z.object({
      ...common,
      image: image.default(''),
      source: source.default(''),
      body: z
        .union([z.string(), z.instanceof(Buffer)], 'Value must be a string')
        .transform((value) => Buffer.from(value as string))
        .refine((bytes) => bytes.length <= MAX_BODY_BYTES, `Value must be no longer than ${MAX_BODY_BYTES} bytes`)
        .default(Buffer.alloc(0)),
      path: path.default('/'),
      method: z.enum(METHODS, `Value must be one of ${METHODS.join(', ')}`).default('GET'),
      headers: headers.default({}),
      timeout: number(1, MAX_TIMEOUT_SECONDS).default(15),
      logging: flag.default(true),
    }),
    command: z.object({
      runtimeId,
      command: text(1024).min(1, 'Value must be at least 1 character long'),
      timeout: number(1, MAX_TIMEOUT_SECONDS).default(600),
    }),
    logs: z.object({ runtimeId, timeout: number(1, MAX_TIMEOUT_SECONDS).default(600) }),
    runtime: z.object({ runtimeId }),
  };
}

/**
 * Validates; `null` counts as not given. Throws `execution_bad_request` about the first parameter that is not right.
 */
export function validate<Schema extends z.ZodObject>(schema: Schema, parameters: Parameters): z.output<Schema> {
  const given = Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? 'body');
  const message =
    given[name] === undefined ? `Param "${name}" is not optional.` : `Invalid \`${name}\` param: ${issue?.message}`;
  throw new ExecutorError({ type: 'execution_bad_request', message });
}

function parseOrKeep(value: string): unknown {
  try {
    return value === '' ? {} : JSON.parse(value);
  } catch {
    return value;
  }
}
