// What a server that waits for its function does meanwhile, so that the first call finds all code compiled.

'use strict';

const { EventEmitter } = require('events');

const TIMES = 3;
const HEAD = 'POST /?a=b HTTP/1.1\r\nx-open-runtimes-call: rehearsal\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n';

/** What most functions do, and nothing that lasts: the front knows no call of this name. */
async function sample({ req, res, log }) {
  log(req.method, { path: req.path });
  return res.json({ body: req.body, name: req.query.a });
}

/** Has calls served whose answers nobody reads. */
function rehearse(serve) {
  const socket = Object.assign(new EventEmitter(), { write: () => true });
  serve(socket);
  for (let i = 0; i < TIMES; i += 1) socket.emit('data', Buffer.from(`${HEAD}{}`));
}

module.exports = { sample, rehearse };
