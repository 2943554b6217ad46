// Loads the user's function.

'use strict';

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { describe } = require('./logger.js');

// How require says that a file, or one that it needs, is a module that only import can load.
const NEEDS_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

const FUNCTION_FOLDER = path.join(__dirname, 'function');

/** Why a function could not be loaded, in words for its author. */
class LoadError extends Error {}

/** The function. Throws `LoadError`. */
async function load() {
  const entrypoint = process.env.OPEN_RUNTIMES_ENTRYPOINT || 'index.js';
  const file = path.join(FUNCTION_FOLDER, entrypoint);
  if (!fs.existsSync(file)) throw new LoadError(`Failed to load entrypoint, file ${entrypoint} does not exist.`);
  let module;
  try {
    module = await evaluate(file);
  } catch (error) {
    throw new LoadError(await explain({ error, file }), { cause: error });
  }
  const candidates = [module?.default?.default, module?.default, module];
  const handler = candidates.find((candidate) => typeof candidate === 'function');
  if (!handler) throw new LoadError("Function signature invalid. Did you forget to export a 'main' function?");
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

/** The folder, with its slash, in which the function really lies: a start may have made links to it. */
function realFolder(file) {
  return fs.realpathSync(file).slice(0, -path.normalize(path.relative(FUNCTION_FOLDER, file)).length);
}

async function explain({ error, file }) {
  const place = error instanceof SyntaxError && (placeIn(error.stack) || placeIn(await parseElsewhere(file)));
  if (!place) return `Failed to load module: ${describe(error)}`;
  return `Syntax error in ${path.relative(realFolder(file), place[1])}: ${error.message} (line ${place[2]})`;
}

/** A file that does not parse heads the text with its own place; other errors begin with their name. */
function placeIn(text) {
  return /^(?:file:\/\/)?(\/.+?):(\d+)$/m.exec(text);
}

/**
 * Modules keep the place to themselves until the error ends a process. Nothing
 * of the function runs in that one: its first import throws.
 */
function parseElsewhere(file) {
  const { execFile } = require('child_process');
  const program = `import 'data:text/javascript,throw 0'; import ${JSON.stringify(pathToFileURL(file).href)};`;
  return new Promise((resolve) => {
    const args = ['--input-type=module', '--eval', program];
    execFile(process.execPath, args, { timeout: 5_000 }, (error, stdout, stderr) => resolve(stderr));
  });
}

/** Leaves the variables of the message and no others: `NAME=value`, each ended by a zero character. */
function replaceEnvironment(message) {
  const given = new Map();
  for (const entry of message.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) given.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  for (const name of Object.keys(process.env)) if (!given.has(name)) delete process.env[name];
  for (const [name, value] of given) process.env[name] = value;
}

module.exports = { load, replaceEnvironment };
