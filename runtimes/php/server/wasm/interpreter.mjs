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

/** Compiles the interpreter. Threads that are given the result need not do it again. */
export async function compile() {
  return WebAssembly.compile(await readFile(dependencyFilename));
}

/**
 * Runs PHP as its command line would.
 * @param {WebAssembly.Module} module
 * @param {string[]} given the arguments after the name of the command
 * @param {(request: string) => Promise<string | Uint8Array>} [answer] what `post_message_to_js` asks for
 * @param {(descriptor: number, bytes: Uint8Array) => void} [print] takes what is written to descriptors 1 and 2
 * @param {Record<string, (bytes: Uint8Array) => void>} [devices] files below /dev, by what takes their bytes
 * @returns {Promise<number>} the exit code
 */
export async function run({ module, given, answer, print = writeAll, devices = {} }) {
  const php = await load({ module, answer, print });
  mountFiles(php.FS);
  Object.entries(devices).forEach(([name, write], number) => addDevice({ FS: php.FS, name, number, write }));
  for (const argument of ['php', '-c', SETTINGS, ...given]) php.ccall('wasm_add_cli_arg', null, ['string'], [argument]);
  try {
    return await php.ccall('run_cli', 'number', [], [], { async: true });
  } catch (error) {
    if (error?.name === 'ExitStatus') return error.status;
    throw error;
  }
}

function load({ module, answer, print }) {
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
      onMessage: answer,
      // What it hands over are signed numbers in its own memory.
      onStdout: (numbers) => print(1, new Uint8Array(numbers)),
      onStderr: (numbers) => print(2, new Uint8Array(numbers)),
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

function addDevice({ FS, name, number, write }) {
  const device = FS.makedev(OUR_MAJOR, number);
  FS.registerDevice(device, {
    open: () => {},
    close: () => {},
    write: (stream, memory, offset, length) => {
      write(new Uint8Array(memory.subarray(offset, offset + length)));
      return length;
    },
  });
  FS.mkdev(`/dev/${name}`, 0o666, device);
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
