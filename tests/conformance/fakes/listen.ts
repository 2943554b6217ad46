// The fake's door: takes connections, hands them to its HTTP server, and ends them all when it is over.

import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Behaviour } from './behaviour.ts';

export interface Listening extends AsyncDisposable {
  host: string;
  port: number;
}

export async function listen({ http, behaviour }: { http: Server; behaviour: Behaviour }): Promise<Listening> {
  const open = new Set<Socket>();
  const leavers = new WeakSet<Duplex>();
  let stumbles = false;
  const door = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    http.emit('connection', behaviour.through(socket));
    if (stumbles) socket.destroy();
    stumbles = false;
  });
  http.on('left', (leaver: Duplex) => {
    if (behaviour.survivesLeavers || leavers.has(leaver)) return;
    leavers.add(leaver);
    const others = [...open].filter((socket) => socket !== leaver);
    stumbles = others.length === 0;
    for (const socket of others) socket.destroy();
  });
  http.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    if (error.code === 'HPE_INVALID_EOF_STATE' || error.code === 'ECONNRESET') http.emit('left', socket);
    // Who is told what is wrong with a message has not left.
    else leavers.add(socket);
    const text = `HTTP/1.1 ${behaviour.malformedStatus} Malformed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
    if (socket.writable) socket.end(behaviour.answersAfterMalformed ? text + text : text);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', 1_024, resolve));
  return {
    host: '127.0.0.1',
    port: (door.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => void door.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
