#!/usr/bin/env -S node --experimental-wasm-jspi
// The command `php`: the interpreter as WebAssembly.

import { run } from './interpreter.mjs';

// What the interpreter has left running, timers say, keeps nobody waiting.
process.exit(await run(process.argv.slice(2)));
