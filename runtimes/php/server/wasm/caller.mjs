// A caller's connection. It belongs to a thread from the first byte of a request until it has nothing more to say, and
// to nobody in between: so few threads serve many connections, and none has to be closed for another.

export class Caller {
  /** The instance that hears it. */
  listener;
  /** What came while nobody listened, and whether that was all. */
  #bytes = [];
  #ended = false;
  #socket;

  constructor({ socket, onSpeaking }) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      if (this.listener) {
        this.listener.hear(bytes);
        return;
      }
      this.#bytes.push(bytes);
      socket.pause();
      onSpeaking(this);
    });
    const end = () => {
      if (this.#ended) return;
      this.#ended = true;
      if (this.listener) this.listener.hearEnd();
      else if (!this.speaks) socket.destroy();
    };
    socket.on('end', end).on('close', end);
    socket.on('error', () => {}); // its end follows
  }

  /** Whether something of it waits to be heard. */
  get speaks() {
    return this.#bytes.length > 0;
  }

  get ended() {
    return this.#ended;
  }

  attach(listener) {
    this.listener = listener;
    for (const bytes of this.#bytes.splice(0)) listener.hear(bytes);
    if (this.#ended) listener.hearEnd();
    this.#socket.resume();
  }

  detach() {
    this.listener = undefined;
  }

  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /** Calls back with `gone` when there is nobody to write to, and with `sent` when more can be taken. */
  write(bytes, settle = () => {}) {
    const socket = this.#socket;
    if (!socket.writable) {
      settle('gone');
    } else if (socket.write(bytes)) {
      settle('sent');
    } else {
      const drained = () => end('sent');
      const closed = () => end('gone');
      const end = (how) => {
        socket.off('drain', drained).off('close', closed);
        settle(how);
      };
      socket.once('drain', drained).once('close', closed);
    }
  }

  /** Ends our side only. */
  shut() {
    this.#socket.end();
  }

  /** Ends the connection when all is written. */
  close() {
    this.detach();
    this.#socket.resume();
    this.#socket.destroySoon();
  }
}
