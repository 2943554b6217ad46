// Loads the user's function.

'use strict';

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { format } = require('./logger.js');

const FUNCTION_FOLDER = path.join(__dirname, 'function');
// How require says that a file, or one that it needs, is a module that only import can load.
const NEEDS_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

/** Leaves the variables of the message and no others: `NAME=value`, each ended by a zero byte. */
function replaceEnvironment(message) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [, name, value] of message.toString().matchAll(/([^=\0]+)=([^\0]*)\0/g)) process.env[name] = value;
}

/** The function. Throws an error with words for its author. */
async function load() {
  const entrypoint = process.env.OPEN_RUNTIMES_ENTRYPOINT || 'index.js';
  const file = path.join(FUNCTION_FOLDER, entrypoint);
  if (!fs.existsSync(file)) throw new Error(`Failed to load entrypoint, file ${entrypoint} does not exist.`);
  let module;
  try {
    module = await evaluate(file);
  } catch (error) {
    throw new Error(await explain({ error, file, entrypoint }), { cause: error });
  }
  const candidates = [module?.default?.default, module?.default, module];
  const handler = candidates.find((candidate) => typeof candidate === 'function');
  if (!handler) throw new Error("Function signature invalid. Did you forget to export a 'main' function?");
  return handler;
}

async function evaluate(file) {
  try {
    return require(file);
  } catch (error) {
    if (!NEEDS_IMPORT.has(error?.code)) throw error;
    return import(pathToFileURL(file).href);
  }
}

async function explain({ error, file, entrypoint }) {
  const place = error instanceof SyntaxError && (placeIn(error.stack) || placeIn(await parseElsewhere(file)));
  if (!place) return `Failed to load module: ${format(error)}`;
  // Where the function really lies: a start may have made links to it.
  const folder = fs.realpathSync(file).slice(0, -path.normalize(entrypoint).length);
  return `Syntax error in ${path.relative(folder, place[1])}: ${error.message} (line ${place[2]})`;
}

/** A file that does not parse heads the text with its own place; other errors begin with their name. */
function placeIn(text) {
  return /^(?:file:\/\/)?(\/.+?):(\d+)$/m.exec(text);
}

/** Modules keep the place until the error ends a process. Nothing of the function runs in this one, which throws. */
function parseElsewhere(file) {
  const { execFile } = require('child_process');
  const program = `import 'data:text/javascript,throw 0'; import ${JSON.stringify(pathToFileURL(file).href)};`;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '--eval', program];
    execFile(process.execPath, args, { timeout: 5_000 }, (error, stdout, stderr) => resolve(stderr));
  });
}

module.exports = { load, replaceEnvironment };
