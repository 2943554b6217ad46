// Loads the user's function.
'use strict';

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { format } = require('./logger.js');
const { cut } = require('./wire.js');

const FUNCTION_FOLDER = path.join(__dirname, 'function');
// How require says that a file, or one that it needs, is a module that only import can load.
const NEEDS_IMPORT = /^ERR_REQUIRE_(?:ESM|ASYNC_MODULE)$/;

/** Leaves the variables of the message and no others: `NAME=value`, each ended by a zero character. */
function replaceEnvironment(message) {
  const given = message.split('\0').map((entry) => cut(entry, '=')).filter(([name]) => name !== '');
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of given) process.env[name] = value;
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
    const place = error instanceof SyntaxError && (placeIn(error.stack) ?? placeIn(parseElsewhere(file)));
    if (!place) throw new Error(`Failed to load module: ${format(error)}`, { cause: error });
    // Where the function really lies: a start may have made links to it.
    const folder = fs.realpathSync(file).slice(0, -path.normalize(entrypoint).length);
    const where = path.relative(folder, place[1]);
    throw new Error(`Syntax error in ${where}: ${error.message} (line ${place[2]})`, { cause: error });
  }
  const handler = [module?.default?.default, module?.default, module].find((one) => typeof one === 'function');
  if (!handler) throw new Error("Function signature invalid. Did you forget to export a 'main' function?");
  return handler;
}

async function evaluate(file) {
  try {
    return require(file);
  } catch (error) {
    if (!NEEDS_IMPORT.test(error?.code)) throw error;
    // Nothing is taken out of require's cache: import goes on with what lies there.
    return import(pathToFileURL(file).href);
  }
}

/** A file that does not parse heads the text with its own place; other errors begin with their name. */
const placeIn = (text) => /^(?:file:\/\/)?(\/.+?):(\d+)$/m.exec(text);

/** Modules keep the place to themselves until they end a process. Nothing runs in that one: its first import throws. */
function parseElsewhere(file) {
  const program = `import 'data:text/javascript,throw 0'; import ${JSON.stringify(pathToFileURL(file).href)};`;
  const args = ['--input-type=module', '--eval', program];
  return require('child_process').spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 5_000 }).stderr;
}

module.exports = { load, replaceEnvironment };
