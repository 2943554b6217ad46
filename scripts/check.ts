// `npm run check`: types, style, format, unit and repository tests; about a minute, and nothing to set up.

import path from 'node:path';
import { untilAskedToEnd } from './console/ending.ts';
import { runStages } from './test/stage.ts';
import { checks } from './test/stages.ts';

process.chdir(path.join(import.meta.dirname, '..'));
process.exitCode = (await runStages({ stages: checks(), signal: untilAskedToEnd() })) ? 0 : 1;
