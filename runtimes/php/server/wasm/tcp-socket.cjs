// A connection from PHP to elsewhere. The interpreter reaches the network by WebSockets only and asks for the module
// `ws`: this is what it gets, which has that module's form and speaks plain TCP.

const { EventEmitter } = require('node:events');
const { connect } = require('node:net');

const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

class TcpSocket extends EventEmitter {
  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;
  readyState = this.CONNECTING;

  constructor(url) {
    super();
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port), noDelay: true });
    this.socket.on('connect', () => this.become(this.OPEN, 'open'));
    this.socket.on('data', (bytes) => this.emit('message', bytes, true));
    this.socket.on('end', () => this.become(this.CLOSING, 'close'));
    this.socket.on('error', (error) => this.become(this.CLOSING, 'error', error));
    this.socket.on('close', () => this.become(this.CLOSED, 'close'));
  }

  become(state, event, ...details) {
    this.readyState = Math.max(this.readyState, state);
    this.emit(event, ...details);
  }

  send(bytes) {
    this.socket.write(Buffer.from(bytes));
  }

  close() {
    this.readyState = Math.max(this.readyState, this.CLOSING);
    this.socket.end();
  }

  addEventListener(event, listener) {
    this.on(event, listener);
  }

  removeEventListener(event, listener) {
    this.off(event, listener);
  }

  // The value does not arrive here, only where it lies in the interpreter's memory; nobody turns these two off.
  setSocketOpt(level, option) {
    if (level === SOL_SOCKET && option === SO_KEEPALIVE) this.socket.setKeepAlive(true);
    if (level === IPPROTO_TCP && option === TCP_NODELAY) this.socket.setNoDelay(true);
  }
}

module.exports = TcpSocket;
