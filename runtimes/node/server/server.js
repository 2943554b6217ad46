// The server: takes calls from the front, many at once, and has the function carry them out.
'use strict';

const net = require('net');
const { Duplex } = require('stream');
const { load, replaceEnvironment } = require('./loader.js');
const { captureNativeOutput, current, format, record } = require('./logger.js');
const { Request } = require('./request.js');
const { partsOf, res } = require('./response.js');
const wire = require('./wire.js');

const bare = (status) => `HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`;
let handler;

async function take(message, socket) {
  if (message.kind === 'x-open-runtimes-call') return current.run({}, carryOut, message, socket);
  clearTimeout(standby);
  // Of any other message it is enough to answer it: that is the sign of life.
  return socket.write(bare(message.id === 'load' ? await loadFunction(message.body) : '200'));
}

async function loadFunction(environment) {
  try {
    if (environment.length > 0) replaceEnvironment(environment.toString());
    handler = await load();
    return '200';
  } catch (error) {
    record('error', '-', error.message);
    return '503 load';
  }
}

async function carryOut(message, socket) {
  const call = Object.assign(current.getStore(), { id: message.id, socket });
  const say = (kind) => (...values) => record(kind, call.id, values.map(format).join(' '));
  const [log, error] = [say('log'), say('error')];
  let failed = bare('500 error');
  try {
    const parts = partsOf(await new Promise((resolve, reject) => {
      call.fail = reject;
      const context = { req: new Request(message), res: { ...res }, log, error };
      Promise.resolve(handler(context)).then(resolve, reject);
    }));
    if (!parts.source) return wire.answer(socket, parts);
    [call.fail, failed] = [error, 'failed\r\n'];
    await wire.stream(socket, parts);
  } catch (thrown) {
    if (socket.destroyed) return; // nobody waits for it any more
    error(thrown);
    socket.write(failed);
  } finally {
    call.fail = undefined;
  }
}

/** Errors that nobody catches end the call that has left them; without a call, they end the process. */
process.on('uncaughtException', (error) => {
  const call = current.getStore();
  if (call?.fail && !call.socket.destroyed) return call.fail(error);
  // Nobody reads the logs of a call that was answered.
  current.run(undefined, () => process.stderr.write(`${format(error)}\n`));
  if (!call) process.exit(1);
});

/** Calls a sample of a function, so that the first call of the real one finds all code compiled. */
function rehearse() {
  handler = async ({ req, log, ...context }) => log(req.method, [req.path]) ?? context.res.json({ body: req.body });
  const socket = new Duplex({ read() {}, write: (chunk, encoding, done) => done() });
  wire.read(socket, take);
  const call = 'POST /?a=b HTTP/1.1\r\nx-open-runtimes-call: rehearsal\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}';
  for (let left = 3; left > 0; left -= 1) socket.push(call);
}

captureNativeOutput();
const path = process.env.OPEN_RUNTIMES_SOCKET;
delete process.env.OPEN_RUNTIMES_SOCKET; // programs that the function starts have nothing to do with it
const standby = setTimeout(rehearse, 50); // a process that has nothing to load by then stands by
net.createServer((socket) => wire.read(socket, take)).listen({ path, backlog: 1024 });
