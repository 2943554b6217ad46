#!/usr/bin/env -S node --experimental-wasm-jspi
// The command `php`: the interpreter as WebAssembly. Given the server's own script, it becomes the server's host.

import path from 'node:path';
import { listen } from './listen.mjs';
import { compile, run } from './interpreter.mjs';

const SERVER = path.join(import.meta.dirname, '../server.php');

const given = process.argv.slice(2);
if (given.length === 1 && path.resolve(given[0]) === SERVER) {
  await listen();
} else {
  // What the interpreter has left running, timers say, keeps nobody waiting.
  process.exit(await run({ module: await compile(), given }));
}
