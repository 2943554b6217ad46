// The PHP interpreter as WebAssembly: loads it, and gives it this container's files, network and programs.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dependencyFilename, init } from './php/index.js';

const SETTINGS = `${import.meta.dirname}/php.ini`;
// What the interpreter has of its own instead of the container's.
const OWN_FOLDERS = new Set(['dev', 'internal', 'proc', 'request']);

// A major number of devices that the interpreter has no use for itself.
const OUR_MAJOR = 240;
// Log records, calls, answers.
const FRONT = [3, 4, 5];

/**
 * Runs PHP as its command line would.
 * @param {string[]} given the arguments after the name of the command
 * @returns {Promise<number>} the exit code
 */
export async function run(given) {
  const php = await load(await WebAssembly.compile(await readFile(dependencyFilename)));
  mountFiles(php.FS);
  if (process.env.OPEN_RUNTIMES_SERVER_COMMAND) addDescriptors(php.FS);
  for (const argument of ['php', '-c', SETTINGS, ...given]) php.ccall('wasm_add_cli_arg', null, ['string'], [argument]);
  try {
    return await php.ccall('run_cli', 'number', [], [], { async: true });
  } catch (error) {
    if (error?.name === 'ExitStatus') return error.status;
    throw error;
  }
}

function load(module) {
  return new Promise((resolve, reject) => {
    // The interpreter adds itself to the object that it is given.
    const php = {
      ENV: { ...process.env },
      noInitialRun: true,
      processId: process.pid,
      instantiateWasm: (imports, done) => {
        done(new WebAssembly.Instance(module, imports), module);
      },
      locateFile: (file) => file,
      onRuntimeInitialized: () => resolve(php),
      onAbort: (reason) => reject(new Error(`The interpreter gave up: ${reason}`)),
      // The default ends Node.js.
      quit: (_, error) => {
        throw error;
      },
      onMessage: replaceEnvironment,
      // What it hands over are signed numbers in its own memory.
      onStdout: (numbers) => writeAll(1, new Uint8Array(numbers)),
      onStderr: (numbers) => writeAll(2, new Uint8Array(numbers)),
      spawnProcess: startProgram,
      // Read by the stand-in for WebSocket (tcp-socket.cjs).
      websocket: { url: (_, host, port) => `tcp://${host}:${port}` },
    };
    init('NODE', php);
  });
}

function startProgram(command, given, options) {
  const program = spawn(command, given, options);
  // The interpreter feeds a program's input until this is set, also when the program has ended and the descriptor from
  // which it reads has become that of another file.
  program.on('exit', () => {
    program.killed = true;
  });
  return program;
}

function mountFiles(FS) {
  const { NODEFS } = FS.filesystems;
  // PHP expects the two entries that Node.js leaves out.
  const { readdir } = NODEFS.node_ops;
  NODEFS.node_ops.readdir = (node) => ['.', '..', ...readdir(node)];
  for (const name of fs.readdirSync('/')) {
    const folder = `/${name}`;
    if (OWN_FOLDERS.has(name) || !fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    FS.mkdirTree(folder);
    FS.mount(NODEFS, { root: fs.realpathSync(folder) }, folder);
  }
  FS.chdir(process.cwd());
}

/** The front's descriptors as files; PHP has numbers of its own. To wait for a call blocks this process. */
function addDescriptors(FS) {
  FS.mkdirTree('/dev/front');
  for (const descriptor of FRONT) {
    const device = FS.makedev(OUR_MAJOR, descriptor);
    FS.registerDevice(device, {
      open: () => {},
      close: () => {},
      read: (_, memory, offset, length) => fs.readSync(descriptor, memory, offset, length),
      write: (_, memory, offset, length) => {
        writeAll(descriptor, memory.subarray(offset, offset + length));
        return length;
      },
    });
    FS.mkdev(`/dev/front/${descriptor}`, 0o666, device);
  }
}

/** Leaves the variables of the message and no others: `NAME=value`, each ended by a zero byte. */
async function replaceEnvironment(message) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const entry of message.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) process.env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return '';
}

/** A pipe whose reader is slow takes a part, or nothing for now. */
function writeAll(descriptor, bytes) {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += fs.writeSync(descriptor, bytes, from);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
