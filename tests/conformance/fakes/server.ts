// A server that keeps the contract, in this process: the eleven steps, each from the behaviour that it is given.

import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { serve } from 'micro';
import { LOGS_PATH_PREFIX, TIMINGS_PATH } from '../../../src/contract/paths.ts';
import type { Behaviour } from './behaviour.ts';
import { isSound } from './behaviour/wire.ts';
import { BadReply, checkReply } from './check.ts';
import { createContext, readBody } from './context.ts';
import type { Responses } from './fixture.ts';
import { createLoader, LoadFailure } from './loader.ts';
import { type Logger, openLogger } from './logger.ts';
import type { Reply } from './reply.ts';
import { writeResponse } from './write.ts';

export interface FakeOptions {
  behaviour: Behaviour;
  environment: Readonly<Record<string, string>>;
  fixture: string;
  logFolder: string;
  timingsFile: string;
}

interface Exchange {
  message: IncomingMessage;
  response: ServerResponse;
}

/** Longer than any case waits. */
const LATE_MS = 60_000;

/** It listens nowhere; connections are handed to it. */
export function createFake(options: FakeOptions): Server {
  const { behaviour, environment } = options;
  const secret = environment['OPEN_RUNTIMES_SECRET'] ?? '';
  const loader = createLoader(options);
  const current = new AsyncLocalStorage<Logger>();
  const generateLogId = behaviour.logIds();
  const shared: Responses = {};
  let latest: Logger | undefined;

  // 1. Probe
  async function answer({ message, response }: Exchange): Promise<void> {
    if (!isSound(message, behaviour)) {
      if (!behaviour.answersAfterMalformed) response.setHeader('connection', 'close');
      return end(response, { status: behaviour.malformedStatus, body: 'Malformed' });
    }
    const target = behaviour.path(message.url ?? '/');
    if (behaviour.closesConnections) response.setHeader('connection', 'close');
    if (behaviour.isHealth(target) && behaviour.healthMethods(message.method ?? ''))
      return answerHealth({ message, response });
    if (target === TIMINGS_PATH) return answerTimings(response);
    if (target.startsWith(LOGS_PATH_PREFIX))
      return answerLogs({ message, response, id: target.slice(LOGS_PATH_PREFIX.length) });
    return answerCall({ message, response });
  }

  function isAuthorized(message: IncomingMessage): boolean {
    return behaviour.secretMatches(message.headers['x-open-runtimes-secret'] as string | undefined, secret);
  }

  async function answerHealth({ message, response }: Exchange): Promise<void> {
    if (behaviour.healthNeedsSecret && !isAuthorized(message))
      return end(response, { status: 401, body: behaviour.unauthorized });
    if (behaviour.healthWritesLogs) await flushed(open({ id: generateLogId(), on: true }), 'health');
    end(response, { status: 200, body: behaviour.healthAnswer });
  }

  async function answerTimings(response: ServerResponse): Promise<void> {
    const text = await readFile(options.timingsFile, 'utf8').catch(() => undefined);
    end(response, { status: 200, body: behaviour.timings(text), headers: { 'content-type': behaviour.timingsType } });
  }

  async function answerLogs({ message, response, id }: Exchange & { id: string }): Promise<void> {
    if (behaviour.logsNeedSecret && !isAuthorized(message))
      return end(response, { status: 401, body: behaviour.unauthorized });
    const decoded = behaviour.decodesCollectedId ? decodeURIComponent(id) : id;
    const collected = { logs: '', errors: '' };
    for (const kind of behaviour.mayCollect(decoded) ? (['logs', 'errors'] as const) : []) {
      const file = path.join(
        options.logFolder,
        behaviour.decodesCollectedId && decoded.includes('/') ? decoded : `${decoded}_${kind}.log`,
      );
      collected[kind] = await readFile(file, 'utf8').catch(() => '');
      if (behaviour.deletesCollected && file.startsWith(options.logFolder)) await rm(file, { force: true });
    }
    end(response, {
      status: 200,
      body: JSON.stringify(collected),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  }

  function open({ id, on }: { id: string; on: boolean }): Logger {
    return openLogger({ behaviour, folder: options.logFolder, id, on });
  }

  // 2.–5. Authorize, read the timeout, open the logger, read the body
  async function answerCall({ message, response }: Exchange): Promise<void> {
    const header = (name: string): string | undefined =>
      message.headers[`x-open-runtimes-${name}`] as string | undefined;
    const on = behaviour.loggingOn(header('logging'));
    const accepted = isAuthorized(message);
    const generate =
      environment['OPEN_RUNTIMES_ENV'] === 'development' ? () => behaviour.developmentLogId : generateLogId;
    const logger = open({ id: accepted ? behaviour.chooseLogId(header('log-id'), generate) : generate(), on });
    const started = performance.now();
    const body = await readBody(message, behaviour);
    const seconds = behaviour.timeout(header('timeout'));
    for (const check of behaviour.order) {
      const refusal = {
        secret: accepted ? undefined : { status: 401, body: behaviour.unauthorized },
        timeout: seconds === null ? { status: 500, body: behaviour.badTimeout } : undefined,
        body: behaviour.tooLarge(body.length) ? { status: 413, body: behaviour.tooLargeMessage } : undefined,
        load: undefined,
      }[check];
      if (
        check === 'load' &&
        behaviour.order.indexOf('load') < behaviour.order.indexOf('body') &&
        (await loader.fails())
      )
        break;
      if (refusal === undefined) continue;
      if (behaviour.refusalWritesLog) await flushed(logger, refusal.body);
      return end(response, { ...refusal, headers: answerHeaders(logger) });
    }
    latest = logger;
    const spent = behaviour.timesReading ? performance.now() - started : 0;
    const reply = await current.run(logger, () =>
      call({ message, body, logger, seconds: seconds ?? undefined, spent }),
    );
    await respond({ message, response, logger, reply });
  }

  // 6.–9. Create the context, load the function, run it, check its output
  async function call({ message, body, logger, seconds, spent }: Call): Promise<Reply> {
    let made: Reply | undefined;
    const own = (): Logger => (behaviour.sharesLogs ? (latest ?? logger) : logger);
    const context = createContext({
      message,
      body,
      behaviour,
      environment,
      logger: own,
      nativeLogger: () => (behaviour.sharesNativeOutput ? (latest ?? logger) : (current.getStore() ?? logger)),
      onMade: (reply) => (made = reply),
    });
    if (behaviour.sharesMadeResponses) context.res = Object.assign(shared, context.res);
    try {
      const loading = loader.load();
      if (!behaviour.timesLoading) await loading;
      const returned = await withTimeout({
        running: loading.then((userFunction) => userFunction(context)),
        milliseconds: seconds === undefined ? undefined : behaviour.timeoutMs(seconds) - spent,
      });
      const reply = behaviour.countsMadeResponses ? (made ?? returned) : returned;
      if (reply !== undefined) return checkReply(behaviour.fillIn(reply), behaviour);
      logger.write('errors', [behaviour.returnMissing]);
      return { body: '', statusCode: behaviour.returnMissingStatus, headers: {} };
    } catch (error) {
      return failed(error as Error, logger);
    }
  }

  function failed(error: Error, logger: Logger): Reply {
    if (error instanceof LoadFailure) {
      logger.write('errors', [error.message]);
      return { body: '', statusCode: behaviour.loadFailureStatus, headers: {} };
    }
    if (error instanceof BadReply) {
      logger.write('errors', [error.message]);
      return { body: '', statusCode: behaviour.checkFailedStatus, headers: {} };
    }
    if (error instanceof TimedOut) {
      logger.write('errors', [behaviour.timedOut]);
      if (behaviour.closesLogsAtTimeout) logger.close();
      return { body: '', statusCode: behaviour.timedOutStatus, headers: {} };
    }
    logger.write('errors', [behaviour.thrownMessage(error)]);
    return { body: behaviour.thrownBody(error), statusCode: behaviour.thrownStatus, headers: {} };
  }

  // 10. and 11. Flush the logs, write the response
  async function respond({
    message,
    response,
    logger,
    reply,
  }: Exchange & { logger: Logger; reply: Reply }): Promise<void> {
    const dies = behaviour.diesOfErrors && reply.statusCode === 500;
    const streams = typeof reply.body !== 'string' && !Buffer.isBuffer(reply.body);
    const beforeEnd = async (): Promise<void> => (behaviour.flushesStreams ? logger.flush() : undefined);
    if (!streams && !behaviour.flushesLate) await logger.flush();
    await writeResponse({
      behaviour,
      response,
      reply,
      own: answerHeaders(logger),
      head: message.method === 'HEAD',
      beforeEnd,
    });
    if (behaviour.flushesLate) setTimeout(() => void logger.flush().catch(() => {}), LATE_MS).unref();
    if (dies) message.socket.destroy();
  }

  function answerHeaders({ id, on }: Logger): Record<string, string> {
    const value = behaviour.answerLogId(id, on);
    return value === undefined ? {} : { 'x-open-runtimes-log-id': value };
  }

  const server: Server = createServer(
    { insecureHTTPParser: behaviour.lenient, requireHostHeader: false },
    serve((message, response) => {
      response.on('close', () => void (response.writableFinished || server.emit('left', message.socket)));
      // A fault may be an exception; it is the caller's to see, not the terminal's.
      return answer({ message, response }).catch(() =>
        response.headersSent ? message.socket.destroy() : end(response, { status: 500, body: 'broken' }),
      );
    }),
  );
  server.keepAliveTimeout = behaviour.keepAliveMs;
  return Object.assign(server, { httpAllowHalfOpen: behaviour.answersHalfClosed });
}

interface Call {
  message: IncomingMessage;
  body: Buffer;
  logger: Logger;
  /** The timeout; undefined: none. */
  seconds: number | undefined;
  /** Milliseconds that count towards it already. */
  spent: number;
}

class TimedOut extends Error {}

async function withTimeout<T>({
  running,
  milliseconds,
}: {
  running: Promise<T>;
  milliseconds: number | undefined;
}): Promise<T> {
  if (milliseconds === undefined) return running;
  // What a function does after its time is nobody's concern.
  running.catch(() => {});
  if (milliseconds <= 0) throw new TimedOut();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimedOut()), milliseconds);
  return Promise.race([running, promise]).finally(() => clearTimeout(timer));
}

async function flushed(logger: Logger, text: string): Promise<void> {
  logger.write('logs', [text]);
  await logger.flush();
}

function end(
  response: ServerResponse,
  { status, body, headers = {} }: { status: number; body: string; headers?: Record<string, string> },
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);
}
