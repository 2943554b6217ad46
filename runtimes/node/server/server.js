// The server: takes calls from the front, each on a connection of its own, and has the function carry them out.

'use strict';

const net = require('net');
const { createContext } = require('./context.js');
const { load, replaceEnvironment } = require('./loader.js');
const { format, write } = require('./logger.js');
const { captureNativeOutput, current } = require('./native.js');
const { rehearse, sample } = require('./rehearsal.js');
const { partsOf } = require('./response.js');
const wire = require('./wire.js');

// If there is no function to load by then, the container stands by.
const STANDS_BY_AFTER_MS = 50;

let main = sample;
let standsBy;

function serve(socket) {
  socket.on('error', () => {}); // the front has given up this call
  wire.receive(socket, (message) => {
    if (message.kind === 'x-open-runtimes-call') {
      const call = { id: message.value, socket, fail: undefined };
      current.run(call, carryOut, call, message);
    } else if (message.value === 'load') {
      loadMain(socket, message.body);
    } else {
      wire.answer(socket, { status: '200' }); // a sign of life
    }
  });
}

async function loadMain(socket, environment) {
  clearTimeout(standsBy);
  if (environment.length > 0) replaceEnvironment(environment);
  try {
    // 7. Load the function
    main = await load();
    wire.answer(socket, { status: '200' });
  } catch (error) {
    write('error', '-', [error.message]);
    wire.fail(socket, 503, 'load');
  }
}

async function carryOut(call, message) {
  const { id, socket } = call;
  const tell = (error) => write('error', id, [error]);
  try {
    // 6. Create the context, 8. run the function, 9. check the output
    const parts = partsOf(await run(call, createContext(message)));
    // 11. Write the response
    call.fail = tell;
    if (parts.source) await wire.stream(socket, parts, tell);
    else wire.answer(socket, parts);
  } catch (error) {
    tell(error);
    wire.fail(socket, 500, 'error');
  }
  call.fail = undefined;
}

/** What the function returns or throws, or what its callbacks throw, and promises that nobody awaits. */
function run(call, context) {
  return new Promise((resolve, reject) => {
    call.fail = reject;
    const output = main(context);
    if (typeof output?.then === 'function') output.then(resolve, reject);
    else resolve(output);
  });
}

/** Errors that nobody catches end the call that left them; without a call they end the process. */
process.on('uncaughtException', (error) => {
  const call = current.getStore();
  if (call?.fail && !call.socket.destroyed) return call.fail(error);
  // Nobody reads the logs of a call that was answered.
  current.run(undefined, () => process.stderr.write(`${format(error)}\n`));
  if (!call) process.exit(1);
});

const address = process.env.OPEN_RUNTIMES_SOCKET;
delete process.env.OPEN_RUNTIMES_SOCKET; // programs that the function starts are not to take it
captureNativeOutput();
standsBy = setTimeout(rehearse, STANDS_BY_AFTER_MS, serve);
net.createServer(serve).listen({ path: address, backlog: 1024 });
