// The least that answers a JSON hello with this language's own HTTP server.

'use strict';

const http = require('http');

const server = http.createServer((request, response) => {
  const body = JSON.stringify({ message: 'Hello!' });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.keepAliveTimeout = 0;
server.listen(3000);
