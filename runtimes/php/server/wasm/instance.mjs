// One thread with an interpreter, seen from outside: its caller, its time limit, and its end.

import { Worker } from 'node:worker_threads';
import { answerForIt } from './last-words.mjs';

const UNREAD_LIMIT = 1 << 20;
const PRINTED_LIMIT = 1 << 20;
const THREAD = new URL('thread.mjs', import.meta.url);
const SCRIPT = new URL('../server.php', import.meta.url).pathname;

/**
 * Starts a thread. `onIdle` says that it can serve, `onEnd` that it is gone, with the caller that it was to serve next.
 * `onStandby`, where there is no function yet, that it waits for the function's environment.
 */
export function startInstance({ module, onIdle, onEnd, onStandby }) {
  const thread = new Worker(THREAD, { workerData: { module, script: SCRIPT, standsBy: onStandby !== undefined } });
  const tell = (what, detail, given = []) => thread.postMessage([what, detail], given);
  let caller;
  let next;
  /** Bytes that the thread was given and has not read. */
  let unread = 0;
  let pressed = false;
  /**
   * The call that goes on: its log id, the first of what it has printed, and
   * whether its caller has heard anything of it.
   */
  let call;
  let timer;
  let failure = 'The function ended its process.';

  const instance = {
    idle: true,
    /** Whether it has asked for a caller. */
    ready: false,
    serve: (given) => {
      instance.idle = false;
      next = given;
      if (!caller) connect();
    },
    hear: (bytes) => {
      unread += bytes.length;
      if (unread > UNREAD_LIMIT) caller.pause();
      // A copy of its own: what is given to a thread goes there with all the memory of which it is a part.
      const copy = new Uint8Array(bytes);
      tell('data', copy, [copy.buffer]);
    },
    hearEnd: () => tell('end'),
    /** Others wait: it should let its caller go as soon as that has nothing to say. */
    press: () => {
      if (!pressed) tell('press');
      pressed = true;
    },
    stop: () => tell('stop'),
    takeEnvironment: (message) => tell('environment', message),
  };

  const connect = () => {
    caller = next;
    next = undefined;
    unread = 0;
    pressed = false;
    tell('connect');
    caller.attach(instance);
  };

  const becomeIdle = () => {
    instance.idle = true;
    onIdle(instance);
  };

  const wants = {
    'stand by': () => onStandby(),
    ready: () => {
      instance.ready = true;
    },
    idle: becomeIdle,
    /** Its caller has been answered and says nothing more, as far as it knows. */
    park: () => {
      if (!caller || unread > 0 || caller.ended) return;
      caller.detach();
      caller = undefined;
      becomeIdle();
    },
    taken: (length) => {
      unread -= length;
      if (unread <= UNREAD_LIMIT) caller?.resume();
    },
    write: (bytes) => {
      if (call) call.answered = true;
      if (caller) caller.write(bytes, (how) => tell('sent', how));
      else tell('sent', 'gone');
    },
    shut: () => caller?.shut(),
    close: () => {
      caller?.close();
      caller = undefined;
      if (next) connect();
    },
    begin: (id) => {
      call = { id, printed: [], size: 0, answered: false };
    },
    finish: () => {
      call = undefined;
      clearTimeout(timer);
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
      clearTimeout(timer);
      if (seconds === '0') return;
      timer = setTimeout(() => {
        failure = 'Execution timed out.';
        thread.terminate();
      }, 1000 * Number(seconds));
    },
    tell: (message) => console.error(message),
  };

  thread.on('message', ([what, detail]) => wants[what](detail));
  thread.on('error', (error) => {
    failure = `The interpreter has failed: ${error?.stack ?? error}`;
    if (!call) console.error(failure);
  });
  thread.on('exit', () => {
    clearTimeout(timer);
    instance.idle = false;
    if (call && caller && !call.answered) answerForIt({ call, failure, caller });
    caller?.close();
    onEnd(instance, next);
  });
  return instance;
}
