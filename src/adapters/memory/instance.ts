// An instance that is a server of this process, on a port of loopback.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { STANDBY } from '../../contract/environment.ts';
import type { Instance, InstanceExit, InstanceSpec } from '../adapter.ts';
import { receiveEnvironment } from './standby-pipe.ts';

/** What an image may do with the instance that it became. */
export interface MemoryProcess {
  readonly spec: InstanceSpec;
  /** Ends the instance, as a crash or an exit of its main process would. */
  exit(exit: { code: number; outOfMemory?: boolean; message?: string }): void;
  /** What SIGTERM does; at first it ends the instance. */
  onTerminate: () => void;
}

/** Makes the server of an instance; called anew whenever the instance starts. */
export type Serve = (process: MemoryProcess) => RequestListener;

interface Options {
  spec: InstanceSpec;
  owner: string;
  serve: Serve;
  /** Whether its server boots before or after it gets its environment, when it is asked to stand by. */
  standby?: 'warm' | 'cold' | undefined;
  onExit: (exit: InstanceExit) => void;
  /** It runs again, as its restart policy says. */
  onRestart: () => void;
}

export class MemoryInstance {
  readonly owner: string;
  spec: InstanceSpec;
  readonly #options: Options;
  #server: Server | undefined;
  #process: MemoryProcess | undefined;
  #port = 0;
  #exit: InstanceExit | undefined;
  #stopping = false;
  #restarting = false;
  #ended = new AbortController();

  constructor(options: Options) {
    this.owner = options.owner;
    this.spec = options.spec;
    this.#options = options;
  }

  async start(): Promise<void> {
    const current = () => this.spec;
    const process: MemoryProcess = {
      get spec() {
        return current();
      },
      exit: ({ outOfMemory = false, ...exit }) => this.#end({ process, exit: { ...exit, outOfMemory } }),
      onTerminate: () => process.exit({ code: 143 }),
    };
    this.#exit = undefined;
    this.#ended = new AbortController();
    this.#process = process;
    const { standby } = this.#options;
    const opened = standby && this.spec.environment[STANDBY] ? this.#becomeFunction(process) : undefined;
    this.#server = createServer(async (request, response) => {
      // Nobody is served before the environment is there.
      await opened;
      listener(request, response);
    });
    await this.#listen();
    // An idle instance has an address at which nobody answers, as has one that boots only afterwards.
    if (this.spec.command.length === 0 || (opened && standby === 'cold')) await this.#close();
    const listener = this.#options.serve(process);
    if (opened && standby === 'cold') void opened.then(() => (this.running ? this.#listen() : undefined));
  }

  /** Resolves when this instance has the environment that was sent to it; without one it ends. */
  async #becomeFunction(process: MemoryProcess): Promise<void> {
    const environment = await receiveEnvironment({ spec: this.spec, ended: this.ended });
    if (Object.keys(environment).length === 0) return process.exit({ code: 1 });
    this.spec = { ...this.spec, environment };
  }

  async #listen(): Promise<void> {
    await once((this.#server as Server).listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = ((this.#server as Server).address() as AddressInfo).port;
  }

  async #close(): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  describe(): Instance {
    const { name, image, hostname, labels } = this.spec;
    const address = { host: '127.0.0.1', port: this.#port };
    if (this.#restarting) return { name, image, hostname, labels: { ...labels }, state: 'starting' };
    const now = this.#exit ? { state: 'exited' as const, exit: this.#exit } : { state: 'running' as const, address };
    return { name, image, hostname, labels: { ...labels }, ...now };
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Aborts when the instance ends as it runs now. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends the instance for good. */
  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    this.#stopping = true;
    if (graceMs > 0 && this.#process) {
      const { ended } = this;
      this.#process.onTerminate();
      await sleep(graceMs, undefined, { signal: ended }).catch(() => {});
    }
    this.#process?.exit({ code: 137 });
  }

  #end({ process, exit }: { process: MemoryProcess; exit: InstanceExit }): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#exit = exit;
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#options.onExit(exit);
    this.#ended.abort();
    const { restartPolicy } = this.spec;
    const again = restartPolicy === 'on-failure' ? exit.code !== 0 : restartPolicy !== 'no';
    if (again && !this.#stopping) void this.#restart();
  }

  async #restart(): Promise<void> {
    this.#restarting = true;
    await this.start();
    this.#restarting = false;
    if (this.running) this.#options.onRestart();
  }
}
