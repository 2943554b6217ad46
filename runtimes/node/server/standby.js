// Warm standby: the server has been started before there is a function; it
// rehearses, then waits for the function's environment.

'use strict';

const { once } = require('events');
const fs = require('fs');
const net = require('net');
const config = require('./config.js');
const { unload } = require('./loader.js');

const REHEARSALS = 3;
const LOG_ID = 'rehearsal';
const REQUESTS = [
  'POST /?a=b HTTP/1.1\r\nhost: localhost\r\nx-open-runtimes-timeout: 1\r\n' +
    `x-open-runtimes-log-id: ${LOG_ID}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
  `GET /__opr/logs/${LOG_ID} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
];

const descriptor = process.env.OPEN_RUNTIMES_STANDBY_FD;

/** Whether there is no function yet. */
const standsBy = descriptor !== undefined;

/**
 * Has a server answer requests of a sample function, so that the first of the
 * real one finds all code compiled. Closes it.
 */
async function rehearse(server) {
  config.read();
  config.ENTRYPOINT = '../sample.js';
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    for (let i = 0; i < REHEARSALS; i += 1) for (const request of REQUESTS) await send(request, server.address().port);
    replaceEnvironment(Object.entries(process.env).map((entry) => `${entry.join('=')}\0`).join(''));
  } catch {
    // Then the first request takes a few milliseconds longer.
  } finally {
    server.close();
    unload();
  }
}

async function send(request, port) {
  const socket = net.connect(port, '127.0.0.1').resume();
  socket.write(request);
  await once(socket, 'close');
}

/** Blocks, so that whoever connects meanwhile waits too. */
function waitForEnvironment() {
  const message = fs.readFileSync(Number(descriptor), 'utf8');
  fs.closeSync(Number(descriptor));
  // Nobody wants this server any more, or the function could not be unpacked.
  if (message === '') process.exit(1);
  replaceEnvironment(message);
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

module.exports = { rehearse, standsBy, waitForEnvironment };
