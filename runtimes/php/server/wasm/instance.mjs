// One thread with an interpreter, seen from outside: its connection, its time limit, and its end.

import { Worker } from 'node:worker_threads';
import { answerForIt } from './last-words.mjs';

const UNREAD_LIMIT = 1 << 20;
const PRINTED_LIMIT = 1 << 20;
const THREAD = new URL('thread.mjs', import.meta.url);
const SCRIPT = new URL('../server.php', import.meta.url).pathname;

/** Starts a thread. `onEnd` also gets the connection that it was handed and has not taken. */
export function startInstance({ module, onIdle, onEnd }) {
  const thread = new Worker(THREAD, { workerData: { module, script: SCRIPT } });
  const tell = (what, detail, given = []) => thread.postMessage([what, detail], given);
  const instance = {
    idle: true,
    /** Whether it has asked for a connection. */
    ready: false,
    say: (word) => tell('word', word),
    serve: (given) => {
      instance.idle = false;
      next = given;
      if (!connection) connect();
    },
  };
  let connection;
  let next;
  let unread = 0;
  /** The call that goes on: its log id, the first of what it has printed, and whether its caller has heard anything of it. */
  let call;
  let failure = 'The function ended its process.';

  const connect = () => {
    connection = next;
    next = undefined;
    unread = 0;
    tell('connect');
    connection.on('data', (bytes) => {
      unread += bytes.length;
      if (unread > UNREAD_LIMIT) connection.pause();
      // A copy of its own: what is given to a thread goes there with all the memory of which it is a part.
      const copy = new Uint8Array(bytes);
      tell('data', copy, [copy.buffer]);
    });
    connection.on('end', () => tell('end'));
    connection.on('close', () => tell('end'));
    connection.on('error', () => {}); // the end follows
    connection.resume();
  };

  const letGo = () => {
    connection?.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
    connection?.resume();
    connection?.destroySoon();
    connection = undefined;
  };

  const wants = {
    ready: () => {
      instance.ready = true;
    },
    idle: () => {
      instance.idle = true;
      onIdle(instance);
    },
    taken: (length) => {
      unread -= length;
      if (unread <= UNREAD_LIMIT) connection?.resume();
    },
    write: (bytes) => {
      if (call) call.answered = true;
      write({ connection, bytes, settle: (how) => tell('sent', how) });
    },
    shut: () => connection?.end(),
    close: () => {
      letGo();
      if (next) connect();
    },
    begin: (id) => {
      call = { id, printed: [], size: 0, answered: false };
    },
    finish: () => {
      call = undefined;
    },
    print: (bytes) => {
      if (!call) {
        process.stderr.write(bytes);
      } else if (call.size < PRINTED_LIMIT) {
        call.printed.push(bytes);
        call.size += bytes.length;
      }
    },
    alarm: (seconds) => {
      clearTimeout(instance.timer);
      if (seconds === '0') return;
      instance.timer = setTimeout(() => {
        failure = 'Execution timed out.';
        thread.terminate();
      }, 1000 * Number(seconds));
    },
    tell: (message) => console.error(message),
  };

  thread.on('message', ([what, detail]) => wants[what](detail));
  thread.on('error', (error) => {
    failure = `The interpreter has failed: ${error?.stack ?? error}`;
  });
  thread.on('exit', () => {
    clearTimeout(instance.timer);
    instance.idle = false;
    if (call && connection && !call.answered) answerForIt({ call, failure, connection });
    letGo();
    onEnd(instance, next);
  });
  return instance;
}

/** Says `gone` when there is nobody to write to, and `sent` when more can be taken. */
function write({ connection, bytes, settle }) {
  if (!connection?.writable) {
    settle('gone');
  } else if (connection.write(bytes)) {
    settle('sent');
  } else {
    const drained = () => end('sent');
    const closed = () => end('gone');
    const end = (how) => {
      connection.off('drain', drained).off('close', closed);
      settle(how);
    };
    connection.once('drain', drained).once('close', closed);
  }
}
