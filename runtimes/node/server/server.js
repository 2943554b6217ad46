// Serves one function over HTTP: the eleven steps of the contract.

'use strict';

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const config = require('./config.js');
const { buffer, serve } = require(`${config.DEPENDENCIES_FOLDER}/micro`);
const { Context } = require('./context.js');
const { Logger, collectLogs } = require('./logger.js');
const { load, LoadError } = require('./loader.js');
const { Request, readHeaders } = require('./request.js');
const { outgoingHeaders, outgoingStatus, isStream, wholeBody } = require('./response.js');
const { captureNativeOutput, current } = require('./native.js');
const { stopOnSignal, surviveStrayErrors } = require('./lifetime.js');
const { run, TimedOut } = require('./execution.js');
const { rehearse, standsBy, waitForEnvironment } = require('./standby.js');
const { openBody, stream } = require('./stream.js');

const EMPTY = Buffer.alloc(0);
const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';

async function handle(incoming, outgoing) {
  const target = incoming.url;
  const path = target.split('?', 1)[0];

  // 1. Probe
  if (path === '/__opr/health') return answer(outgoing, 200, { ...TEXT }, 'OK');
  if (path === '/__opr/timings') return answer(outgoing, 200, { ...TEXT }, readTimings());

  // 2. Authorize
  const headers = readHeaders(incoming.rawHeaders);
  if (!isAuthorized(headers['x-open-runtimes-secret'])) {
    return reject(outgoing, 401, 'Unauthorized. Provide correct "x-open-runtimes-secret" header.');
  }
  if (path.startsWith('/__opr/logs/') && incoming.method === 'GET') {
    return answer(outgoing, 200, { 'content-type': 'application/json; charset=utf-8' }, collectLogs(path.slice(12)));
  }

  // 3. Read the timeout
  const timeout = headers['x-open-runtimes-timeout'];
  if (timeout !== undefined && !(/^\d+$/.test(timeout) && Number(timeout) > 0)) {
    return reject(outgoing, 500, 'Header "x-open-runtimes-timeout" must be an integer greater than 0.');
  }

  // 4. Open the logger
  const logger = new Logger({ logging: headers['x-open-runtimes-logging'], id: headers['x-open-runtimes-log-id'] });

  // 5. Read the body
  let bytes = EMPTY;
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
    try {
      bytes = await readBody(incoming, headers);
    } catch (error) {
      if (error.statusCode !== 413) return void outgoing.destroy(); // the caller has gone in the middle of it
      incoming.resume(); // drops the rest, so that the connection can be used again
      return reject(outgoing, 413, 'Request body size exceeds 20MB limit.', logger.id);
    }
  }

  // 6. Create the context
  const context = new Context({ request: new Request({ method: incoming.method, target, headers, bytes }), logger });

  return current.run({ logger, fail: undefined }, async () => {
    let output;
    try {
      // 7. Load the function
      const handler = await load();
      // 8. Run the function
      output = await run({ handler, context, timeoutMs: Number(timeout ?? 0) * 1000 });
      // 9. Check the output
      output = checked(output, logger);
    } catch (error) {
      output = failure(error, logger);
    }

    // 10. Flush the logs
    if (output.streams) logger.flush();
    else logger.close();

    // 11. Write the response
    if (output.streams) return stream({ incoming, outgoing, output, logger });
    return answer(outgoing, output.statusCode, output.headers, output.body);
  });
}

function isAuthorized(secret) {
  const { SECRET } = config;
  if (SECRET.length === 0) return true;
  const given = Buffer.from(secret ?? '', 'latin1'); // headers arrive as one character for each byte
  // The comparison needs equal lengths; the length of a secret is no secret.
  return given.length === SECRET.length && crypto.timingSafeEqual(given, SECRET);
}

function readTimings() {
  try {
    return fs.readFileSync(config.TIMINGS_FILE, 'utf8');
  } catch {
    return '';
  }
}

function readBody(incoming, headers) {
  if (Number(headers['content-length']) > config.BODY_LIMIT) {
    throw Object.assign(new Error('too large'), { statusCode: 413 });
  }
  // `encoding: false` keeps micro from decoding by the content type: a function gets the bytes.
  return buffer(incoming, { limit: config.BODY_LIMIT, encoding: false });
}

function checked(output, logger) {
  if (output === undefined || output === null || typeof output !== 'object') {
    logger.write('errors', [RETURN_MISSING]);
    return failed(500, logger);
  }
  const { body, statusCode, headers } = output;
  const streams = isStream(body);
  return {
    streams,
    body: streams ? openBody(body) : wholeBody(body),
    statusCode: outgoingStatus(statusCode ?? 200),
    headers: outgoingHeaders(headers ?? {}, logger.id),
  };
}

function failure(error, logger) {
  const loadFailed = error instanceof LoadError;
  const message = loadFailed ? error.message : error instanceof TimedOut ? 'Execution timed out.' : error;
  logger.write('errors', [message]);
  return failed(loadFailed ? 503 : 500, logger);
}

function failed(statusCode, logger) {
  return { streams: false, body: '', statusCode, headers: outgoingHeaders({}, logger.id) };
}

function reject(outgoing, status, message, logId = '') {
  return answer(outgoing, status, { ...TEXT, 'x-open-runtimes-log-id': logId }, message);
}

function answer(outgoing, status, headers, body) {
  if (status !== 204 && status !== 304) {
    headers['content-length'] = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  }
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

function createServer() {
  const server = http.createServer({ maxHeaderSize: 64 * 1024, requireHostHeader: false }, serve(handle));
  // Idle connections belong to an executor, who closes them; ending one just as a request arrives would lose that.
  server.keepAliveTimeout = 0;
  // Who may take how long is the executor's to say; a slow upload is no error.
  server.requestTimeout = 0;
  return server;
}

async function start() {
  captureNativeOutput();
  surviveStrayErrors();
  if (standsBy) await rehearse(createServer());
  const server = createServer();
  server.listen({ port: config.PORT, backlog: 1024 }, () => {
    if (standsBy) waitForEnvironment();
    config.read();
    stopOnSignal(server);
    process.stdout.write('HTTP server successfully started!\n');
    // Loading now spares the first request the wait; if it fails, that request tries again and is told why.
    load().catch(() => {});
  });
}

start();
