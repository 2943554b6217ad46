// Listens, and hands each connection that has something to say to one of several threads with an interpreter each: what
// posix/workers.php is where PHP can fork. The thread that was busy last is used first; another starts when all are
// busy.

import { createServer } from 'node:net';
import { Caller } from './caller.mjs';
import { startInstance } from './instance.mjs';
import { compile } from './interpreter.mjs';
import { standsBy, waitForEnvironment } from './standby.mjs';

const PORT = 3000;
const BACKLOG = 1024;
const DRAIN_MS = 10_000;
// A request that crosses our stopping gets a moment.
const LAST_CALL_MS = 50;
// Node.js and the compiled interpreter, and what each further instance needs with a small function.
const SHARED_MB = 160;
const INSTANCE_MB = 64;

/** Listens until SIGTERM, then lets the threads finish. */
export async function listen() {
  const pool = createPool({ module: await compile() });
  await pool.warm();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    pool.take(new Caller({ socket, onSpeaking: pool.take }));
  });
  server.on('error', (error) => {
    console.error(`Port ${PORT} cannot be bound: ${error.message}`);
    process.exit(1);
  });
  await new Promise((resolve) => server.listen({ port: PORT, host: '0.0.0.0', backlog: BACKLOG }, resolve));
  pool.open(standsBy ? waitForEnvironment() : undefined);
  console.log('HTTP server successfully started!');
  process.once('SIGTERM', () => {
    server.close();
    setTimeout(() => pool.stop(() => process.exit(0)), LAST_CALL_MS);
    setTimeout(() => process.exit(0), DRAIN_MS);
  });
}

function createPool({ module }) {
  /** The one used last is the last. */
  const instances = [];
  const waiting = [];
  let max = 0;
  let whenStopped;

  const start = ({ onStandby } = {}) => {
    const instance = startInstance({ module, onIdle, onEnd, onStandby });
    instances.push(instance);
    return instance;
  };

  const assign = () => {
    while (waiting.length > 0) {
      const instance = instances.findLast(({ idle }) => idle) ?? (instances.length < max ? start() : undefined);
      if (!instance) {
        for (const busy of instances) busy.press();
        return;
      }
      instance.serve(waiting.shift());
    }
  };

  const onIdle = (instance) => {
    instances.splice(instances.indexOf(instance), 1);
    instances.push(instance);
    assign();
  };

  const onEnd = (instance, unserved) => {
    instances.splice(instances.indexOf(instance), 1);
    if (unserved) waiting.unshift(unserved);
    if (whenStopped) {
      if (instances.length === 0) whenStopped();
      return;
    }
    if (!instance.ready) {
      console.error('The server has not come up.');
      process.exit(1);
    }
    if (instances.length === 0) start();
    assign();
  };

  return {
    /** Starts the first instance; comes back when it waits for the function's environment, if that is still to come. */
    warm: () =>
      new Promise((resolve) => {
        start(standsBy ? { onStandby: resolve } : {});
        if (!standsBy) resolve();
      }),
    /** The function is there, and with it the size of the container. */
    open: (environment) => {
      const memory = Number(process.env.OPEN_RUNTIMES_MEMORY) || 512;
      max = Math.max(4, Math.min(16, Math.floor((memory - SHARED_MB) / INSTANCE_MB)));
      if (environment) instances[0].takeEnvironment(environment);
    },
    /** A caller that has something to say, or has just come. */
    take: (caller) => {
      if (!caller.speaks) return;
      waiting.push(caller);
      assign();
    },
    stop: (then) => {
      whenStopped = then;
      for (const instance of instances) instance.stop();
    },
  };
}
