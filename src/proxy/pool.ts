// Connections to one server, kept open between requests. Of several that are idle the one used last is taken, so that a
// quiet time lets the others go.

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Output } from './output.ts';

// Servers commonly close what is idle for five seconds; whoever is first to close cannot meet a request on its way.
const IDLE_MS = 4_000;
const CONNECT_MS = 10_000;

/** Whoever has taken a connection hears what happens on it. */
export interface UpstreamUser {
  answered(bytes: Buffer): void;
  /** It is over; with an error if it broke. */
  lost(error: Error | undefined): void;
  drained(): void;
}

export interface Upstream {
  readonly output: Output;
  user: UpstreamUser | undefined;
  /** Milliseconds; when it was given back or, until it is connected, when that began. */
  since: number;
}

export interface Opening {
  /** May be called before `take` returns. */
  opened(upstream: Upstream): void;
  /** Nothing has been sent. */
  unreachable(error: Error): void;
}

export class Pool {
  readonly #connect: () => Duplex;
  readonly #idle: Upstream[] = [];
  readonly #all = new Set<Upstream>();
  #closed: Error | undefined;

  constructor({ connect }: { connect: () => Duplex }) {
    this.#connect = connect;
  }

  take(opening: Opening): void {
    if (this.#closed) return opening.unreachable(this.#closed);
    const idle = this.#idle.pop();
    if (idle) opening.opened(idle);
    else this.#open(opening);
  }

  /** Takes back a connection on which nothing is due any more. */
  give(upstream: Upstream): void {
    upstream.user = undefined;
    const { socket } = upstream.output;
    if (this.#closed || socket.destroyed || !socket.readable || !socket.writable) return this.drop(upstream);
    upstream.since = Date.now();
    this.#idle.push(upstream);
  }

  /** Ends a connection whose state is unknown. */
  drop(upstream: Upstream): void {
    upstream.user = undefined;
    upstream.output.socket.destroy();
  }

  /** Closes what has been idle, or has been connecting, for too long. */
  sweep(now: number): void {
    while (this.#idle[0] && now - this.#idle[0].since > IDLE_MS) this.drop(this.#idle.shift() as Upstream);
    for (const { output, since } of this.#all) {
      if (isConnecting(output.socket) && now - since > CONNECT_MS)
        output.socket.destroy(new Error(`No connection within ${CONNECT_MS} ms.`));
    }
  }

  /** Ends all connections; their users are told, with the reason. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const upstream of this.#all) upstream.output.socket.destroy(reason);
  }

  #open(opening: Opening): void {
    const socket = this.#connect();
    const upstream: Upstream = { output: new Output(socket), user: undefined, since: Date.now() };
    this.#all.add(upstream);
    let connected = !isConnecting(socket);
    let failure: Error | undefined;
    socket.on('data', (bytes: Buffer) => {
      // What nobody has asked for cannot be an answer.
      if (upstream.user) upstream.user.answered(bytes);
      else this.drop(upstream);
    });
    socket.on('drain', () => upstream.user?.drained());
    socket.on('end', () => this.#over(upstream));
    socket.on('error', (error: Error) => {
      failure = error;
    });
    socket.on('close', () => {
      this.#all.delete(upstream);
      if (!connected) opening.unreachable(failure ?? new Error('The connection was closed.'));
      else this.#over(upstream, failure);
    });
    if (connected) return opening.opened(upstream);
    socket.once('connect', () => {
      connected = true;
      opening.opened(upstream);
    });
  }

  #over(upstream: Upstream, error?: Error): void {
    const index = this.#idle.indexOf(upstream);
    if (index !== -1) this.#idle.splice(index, 1);
    const { user } = upstream;
    upstream.user = undefined;
    user?.lost(error);
  }
}

function isConnecting(socket: Duplex): boolean {
  return socket instanceof Socket && socket.connecting;
}
