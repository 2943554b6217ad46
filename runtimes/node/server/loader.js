// Loads the user's function, once.

'use strict';

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const config = require('./config.js');
const { format } = require('./format.js');

// How require says that a file, or one that it needs, is a module that only import can load.
const NEEDS_IMPORT = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

/** Why a function could not be loaded, in words for its author. */
class LoadError extends Error {}

let loaded;
let loading;
let attempts = 0;

/**
 * The function. Everybody who asks while it loads waits for the same load; one
 * that failed is tried again. Throws `LoadError`.
 */
function load() {
  if (loaded) return loaded;
  loading ??= read().then(
    (handler) => (loaded = handler),
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Forgets the function, as if none had been loaded. */
function unload() {
  delete require.cache[path.join(config.FUNCTION_FOLDER, config.ENTRYPOINT)];
  loaded = undefined;
  loading = undefined;
  attempts = 0;
}

async function read() {
  const file = path.join(config.FUNCTION_FOLDER, config.ENTRYPOINT);
  if (!fs.existsSync(file)) throw new LoadError(`Failed to load entrypoint, file ${config.ENTRYPOINT} does not exist.`);
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
  attempts += 1;
  const { href } = pathToFileURL(file);
  try {
    // A module that failed cannot be forgotten; under another address it loads anew.
    return await (attempts > 1 ? import(`${href}?attempt=${attempts}`) : require(file));
  } catch (error) {
    forget(file);
    if (!NEEDS_IMPORT.has(error?.code)) throw error;
    return import(href);
  }
}

/** Lets the next attempt evaluate the user's files again. */
function forget(file) {
  const folder = realFolder(file);
  for (const cached of Object.keys(require.cache)) if (cached.startsWith(folder)) delete require.cache[cached];
}

/** The folder, with its slash, in which the function really lies: a start may have made links to it. */
function realFolder(file) {
  return fs.realpathSync(file).slice(0, -path.normalize(config.ENTRYPOINT).length);
}

async function explain({ error, file }) {
  const place = error instanceof SyntaxError && (placeIn(error.stack) || placeIn(await parseElsewhere(file)));
  if (!place) return `Failed to load module: ${format(error)}`;
  return `Syntax error in ${path.relative(realFolder(file), place[1])}: ${error.message} (line ${place[2]})`;
}

/** A file that does not parse heads the text with its own place; other errors begin with their name. */
function placeIn(text) {
  return /^(?:file:\/\/)?(\/.+?)(?:\?attempt=\d+)?:(\d+)$/m.exec(text);
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

module.exports = { load, unload, LoadError };
