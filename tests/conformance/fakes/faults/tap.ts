// A connection that a faulty fake reads wrongly: what it makes of each piece that arrives stands for how it is read.

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Gets a piece as it arrived; returns what the server takes it for, perhaps as the last that it reads. */
export type Misread = (piece: string) => string | { last: string };

/** `misread` is made anew for each connection. */
export function tapped(misreader: () => Misread): (socket: Socket) => Duplex {
  return (socket) => {
    const misread = misreader();
    const server = new Duplex({
      read: () => void socket.resume(),
      write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
      final: (done) => void socket.end(done),
      destroy: (error, done) => {
        socket.destroy();
        done(error);
      },
    });
    let over = false;
    const end = (): void => {
      if (!over) server.push(null);
      over = true;
    };
    socket
      .on('data', (piece: Buffer) => {
        if (over || server.destroyed) return;
        const read = misread(piece.toString('latin1'));
        server.push(Buffer.from(typeof read === 'string' ? read : read.last, 'latin1'));
        if (typeof read === 'object') end();
      })
      .on('end', end)
      .on('close', () => void server.destroy());
    return server;
  };
}
