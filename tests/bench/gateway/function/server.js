// The function behind all proxies: answers hello as fast as it can, and on other paths what a measurement needs of one.

const http = require('node:http');

const HELLO = Buffer.from('{"message":"hello"}');
const PIECE = Buffer.alloc(64 * 1024);
const WORK_MS = 2;

http
  .createServer((request, response) => {
    const [, what, value] = request.url.split('/');
    if (what === 'work') work();
    if (what === 'send') return send(response, Number(value));
    if (what === 'take') return take(request, response);
    if (what === 'clock') return clock(response, Number(value));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': HELLO.length });
    response.end(HELLO);
  })
  .listen(3000);

/** Keeps the process busy, so that only so many calls a second can be answered. */
function work() {
  const end = performance.now() + WORK_MS;
  while (performance.now() < end);
}

function send(response, bytes) {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      left -= PIECE.length;
      if (!response.write(PIECE)) return response.once('drain', more);
    }
    response.end();
  };
  more();
}

function take(request, response) {
  let bytes = 0;
  request.on('data', (piece) => {
    bytes += piece.length;
  });
  request.on('end', () => response.end(String(bytes)));
}

/** Says so many times what time it is, by the clock that all processes of the machine share. */
function clock(response, times) {
  let left = times;
  const timer = setInterval(() => {
    response.write(`${process.hrtime.bigint()}\n`);
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    response.end();
  }, 10);
}
