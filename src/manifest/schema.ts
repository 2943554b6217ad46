// What a runtime may say of itself: the schema of runtimes/<name>/runtime.json, from which runtimes/runtime.schema.json
// is made.

import { z } from 'zod';

const version = z
  .strictObject({
    version: z
      .string()
      .regex(/^[0-9A-Za-z][0-9A-Za-z.-]*$/)
      .describe('The tag of the image, such as "16.0".'),
    suite: z.string().default('bookworm').describe('The Debian suite of the base image.'),
    arguments: z
      .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string())
      .default({})
      .describe('Build arguments of the Dockerfile.'),
    reason: z.string().optional().describe('Why this version is unusual, if it is.'),
    until: z.iso.date().optional().describe("The day on which the language's own support ends."),
  })
  .describe('One version of the language: one image.');

const exception = z
  .strictObject({
    case: z
      .union([z.string(), z.array(z.string()).min(1)])
      .describe('The name of a conformance case, or the names of several that fail for one reason.'),
    versions: z.array(z.string()).optional().describe('The versions concerned; all of them if left out.'),
    reason: z.string().min(20).describe('What the language truly cannot do.'),
  })
  .describe('Cases that are expected to fail; the run fails on the day one passes.');

const variables = z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/)).default([]);

/** What a runtime, or all of them (runtimes/shared/variables.json), say of variables. */
export const variablesSchema = z.strictObject({
  startVariables: variables.describe(
    'Variables that count only when a process starts, so that a function which has one needs a new server; ' +
      'one that ends in * stands for all that begin so.',
  ),
  certificateVariables: variables.describe('Variables by which its tools are told of a file of certificates.'),
});

export const manifestSchema = z.strictObject({
  ...variablesSchema.shape,
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('The folder of this manifest, and what the build script calls it.'),
  title: z.string().describe('The name of the language, as people write it.'),
  image: z.string().describe('The image: open-runtimes/<image>:<version>.'),
  alias: z.string().describe('The alias: openruntimes/<alias>:v5-<version>.'),
  family: z
    .string()
    .optional()
    .describe('The folder runtimes/shared/<family> whose code the image shares with others.'),
  default: z
    .boolean()
    .default(false)
    .describe('Whether this is the runtime of those who have not chosen one; true for one runtime only.'),
  contract: z.literal('v5').default('v5'),
  versions: z.array(version).min(1).describe('Newest first; the first is the default.'),
  entrypoint: z.string().describe("The user's file when none is named."),
  detect: z
    .array(z.string())
    .default([])
    .describe('Names of files, such as "*.js", by which a folder of this language is recognised.'),
  ignore: z
    .array(z.string())
    .default([])
    .describe('Files and folders that a build makes anew, so that they need not be sent along.'),
  install: z.string().describe('The install command when none is named; empty for none.'),
  start: z.string().default('bash helpers/server.sh').describe('The start command.'),
  pack: z
    .enum(['source', 'binary'])
    .default('source')
    .describe(
      'What an artifact holds: the files, or one compiled binary. For a binary there is a second image, ' +
        'from the stage "serve" of the Dockerfile, that only serves.',
    ),
  tools: z.array(z.string()).default([]).describe('Commands that the image offers to builds.'),
  features: z.array(z.string()).default([]).describe('Abilities beyond the contract.'),
  exceptions: z.array(exception).default([]),
});

/** A runtime's manifest, as read from its runtime.json with the defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;
export type Version = Manifest['versions'][number];
