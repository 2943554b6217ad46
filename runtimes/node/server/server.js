// The server: takes calls from the front, each on a connection of its own, and many at once.

'use strict';

const net = require('net');
const { createContext } = require('./context.js');
const { load, replaceEnvironment } = require('./loader.js');
const { describe, record } = require('./logger.js');
const { captureNativeOutput, current } = require('./native.js');
const { isStream, partsOf } = require('./response.js');
const { openBody, stream } = require('./stream.js');
const wire = require('./wire.js');

const RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';
let handler;

async function take(message, socket) {
  const { control } = message;
  if (control === 'load') return loadFunction(message, socket);
  if (control === 'alive') return wire.answer(socket, { status: '200', headers: [], body: '' });
  return current.run({ id: message.call, fail: undefined }, () => call(message, socket));
}

async function loadFunction(message, socket) {
  // 7. Load the function
  try {
    if (message.body.length > 0) replaceEnvironment(message.body.toString());
    handler = await load();
    wire.answer(socket, { status: '200', headers: [], body: '' });
  } catch (error) {
    record('error', '-', error.message);
    wire.fail(socket, 503, 'load');
  }
}

async function call(message, socket) {
  let parts;
  try {
    // 6. Create the context
    const context = createContext(message);
    // 8. Run the function
    const output = await run(context);
    // 9. Check the output
    if (typeof output !== 'object' || output === null) throw RETURN_MISSING;
    parts = partsOf(output);
    if (isStream(parts.body)) parts.source = openBody(parts.body);
  } catch (error) {
    record('error', message.call, describe(error));
    return wire.fail(socket, 500, 'error');
  }
  // 11. Write the response
  if (parts.source) return stream({ socket, ...parts, call: message.call });
  return wire.answer(socket, parts);
}

/** What the function returns or throws. Errors of callbacks and of promises that nobody awaits reach it, too. */
function run(context) {
  const request = current.getStore();
  return new Promise((resolve, reject) => {
    request.fail = reject;
    Promise.resolve(handler(context)).then(resolve, reject);
  }).finally(() => {
    request.fail = undefined;
  });
}

/** Errors that nobody catches end the call that left them, or the process where there is none. */
process.on('uncaughtException', (error) => {
  const request = current.getStore();
  if (request?.fail) return request.fail(error);
  if (request) return record('error', request.id, describe(error));
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
});

captureNativeOutput();
const path = process.env.OPEN_RUNTIMES_SOCKET;
delete process.env.OPEN_RUNTIMES_SOCKET;
net.createServer((socket) => wire.read(socket, take)).listen({ path, backlog: 1024 });
