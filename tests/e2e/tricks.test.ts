// Functions and callers that try to deceive: files that are not what they seem, answers and requests that hold more
// than one.

import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { execute, left, ODD, pack, request } from '../support/tenant.ts';

const SECRET = 'a-secret-of-the-host';
let executor: ExecutorProcess;
let secretFile: string;

beforeAll(async () => {
  executor = await executorProcess();
  await pack({ executor, fixture: 'odd' });
  secretFile = `${executor.folder}/storage/secret`;
  await writeFile(secretFile, SECRET);
});
afterAll(async () => {
  await executor?.[Symbol.asyncDispose]();
});

const odd = (path: string, parameters: object = {}) => execute({ executor, id: 'odd', ...ODD, path, ...parameters });

describe('in the place of a log', () => {
  test.each([
    { what: 'a symbolic link leads nowhere', script: () => `ln -s ${secretFile} $1_logs.log`, logs: '' },
    { what: 'a symbolic link to itself is no log', script: () => 'ln -s $1_logs.log $1_logs.log', logs: '' },
    {
      what: 'a hard link to a file of another folder cannot be made',
      script: () => 'ln /tmp/code.tar.gz $1_logs.log',
      logs: '',
      errors: expect.stringMatching(/cross-device/) as string,
    },
    {
      what: 'a device cannot be made',
      script: () => 'mknod $1_logs.log c 1 5',
      logs: '',
      errors: expect.stringMatching(/not permitted/) as string,
    },
    { what: 'a pipe holds nobody up', script: () => 'mkfifo $1_logs.log', logs: '' },
    {
      what: 'a socket is no log',
      script: () =>
        `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "$ARGV[0]_logs.log", Listen => 1) or die' $1`,
      logs: '',
    },
    { what: 'a folder is no log', script: () => 'mkdir -p $1_logs.log/below', logs: '' },
    {
      what: 'bytes that are no text are shown as such',
      script: () => String.raw`printf 'a\xff' > $1_logs.log`,
      logs: 'a\ufffd',
    },
  ])('$what', async ({ script, logs, errors = '' }) => {
    const answer = await odd(`/log/${encodeURIComponent(script())}`);
    expect(answer).toMatchObject({ statusCode: 200, body: 'ok', logs, errors });
  });

  test('a file that is too large is cut', async () => {
    const { logs } = await odd(`/log/${encodeURIComponent('yes | head -c 20M > $1_logs.log')}`);
    expect([logs.length, logs.slice(5 * 1024 * 1024)]).toEqual([
      5 * 1024 * 1024 + 39,
      '\nLog file has been truncated to 5.00MB.',
    ]);
  });
});

test('a runtime that did all this goes without a trace', async () => {
  await executor.call({ method: 'DELETE', path: '/v1/runtimes/odd' });
  expect(await left({ executor, id: 'odd' })).toEqual([]);
});

describe('a build', () => {
  test.each([
    { what: 'cannot make a link its artifact', command: () => `ln -s ${secretFile} /mnt/code/code.tar.gz` },
    { what: 'cannot make a pipe its artifact', command: () => 'mkfifo /mnt/code/code.tar.gz' },
    { what: 'cannot lead to another folder', command: () => 'rmdir /mnt/code && ln -s /etc /mnt/code; true' },
  ])('$what', async ({ command }) => {
    const body = { runtimeId: 'build', image: executor.image, destination: 'built', command: command(), remove: true };
    const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('The command left no artifact.'),
    ]);
    expect(await left({ executor, id: 'build' })).toEqual([]);
  });

  test.each(['ln -s SECRET', 'mkfifo', 'mkdir'])(
    'shows nothing of others by %s in the place of its output',
    async (make) => {
      const command =
        `for file in logs timings; do rm /tmp/logging/$file.txt; ${make.replace('SECRET', secretFile)} ` +
        `/tmp/logging/$file.txt; done`;
      const response = await executor.call({
        method: 'POST',
        path: '/v1/runtimes',
        body: { runtimeId: 'build', image: executor.image, command, remove: true },
      });
      expect([response.status, await response.json()]).toMatchObject([201, { output: [] }]);
    },
  );

  test('has changed nothing behind all these links', async () => {
    expect(await readFile(secretFile, 'utf8')).toBe(SECRET);
  });
});

describe('an answer', () => {
  test('that holds two is taken for one, and the other is nobody’s', async () => {
    const answers = [await odd('/two'), await odd('/'), await odd('/')];
    expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [200, 'ok'],
      [200, 'ok'],
      [200, 'ok'],
    ]);
  });

  test.concurrent.each([
    ...['two-lengths', 'length-and-chunks', 'garbage', 'headers'].map((verb) => ({
      verb,
      words: 'The function gave no valid answer',
    })),
    ...['half-head', 'half-body', 'close'].map((verb) => ({
      verb,
      words: 'The runtime closed the connection without an answer',
    })),
  ])('that is wrong in its form ($verb) is told apart from one', async ({ verb, words }) => {
    expect(await odd(`/${verb}`)).toMatchObject({ statusCode: 500, body: '', errors: expect.stringContaining(words) });
    expect(await odd('/')).toMatchObject({ statusCode: 200, body: 'ok' });
  });

  test('does not pass on headers that are the system’s', async () => {
    expect((await odd('/reserved')).headers).toMatchObject({ 'x-own': '1' });
    expect(Object.keys((await odd('/reserved')).headers).filter((name) => name.startsWith('x-open-runtimes'))).toEqual(
      [],
    );
  });
});

describe('a request', () => {
  test('cannot say who it is from, or where its logs go', async () => {
    const headers = {
      'x-open-runtimes-log-id': '../../x',
      'X-OPEN-RUNTIMES-SECRET': 'mine',
      'x-open-runtimes-other': '1',
      connection: 'x-open-runtimes-secret',
      'content-length': '3',
    };
    const { body } = await odd('/head', { headers });
    const own = body
      .split('\r\n')
      .filter((line) => /^x-open-runtimes/i.test(line))
      .map((line) => line.replace(/: [0-9a-f]{20,}$/, ': (hex)'));
    expect(own.toSorted()).toEqual([
      'x-open-runtimes-log-id: (hex)',
      'x-open-runtimes-logging: enabled',
      'x-open-runtimes-secret: (hex)',
      'x-open-runtimes-timeout: 15',
    ]);
    expect(body).not.toMatch(/content-length: 3/i);
  });

  test.each([
    { path: '/ HTTP/1.1\r\nx-own: 1' },
    { path: '/\nx' },
    { headers: { 'x-own': 'a\r\nx-open-runtimes-secret: b' } },
    { headers: { 'x-own': 'a\nb' } },
    { headers: { 'x-own: a\r\nx-b': 'c' } },
    { headers: { '': 'a' } },
    { method: 'GET / HTTP/1.1\r\nx-own: 1\r\n\r\nPOST' },
    { id: '..' },
    { id: '../x' },
    { id: 'a/../../b' },
  ])('cannot hold another: %j', async (parameters) => {
    const response = await request({
      executor,
      id: 'odd',
      ...ODD,
      ...parameters,
      ...('id' in parameters && { id: encodeURIComponent(String(parameters.id)) }),
    });
    expect([400, 404]).toContain(response.status);
  });

  test.each([
    {
      what: 'with two framings',
      lines: ['content-length: 4', 'transfer-encoding: chunked'],
      body: '0\r\n\r\nGET /functions/odd/second HTTP/1.1\r\nhost: x\r\n\r\n',
    },
    {
      what: 'with two lengths',
      lines: ['content-length: 0', 'content-length: 60'],
      body: 'GET /functions/odd/second HTTP/1.1\r\nhost: x\r\n\r\n',
    },
    { what: 'with an unknown framing', lines: ['transfer-encoding: chunked, identity'], body: '0\r\n\r\n' },
  ])('through the gateway $what is refused', async ({ lines, body }) => {
    expect(await raw([`POST /functions/odd/head HTTP/1.1`, 'host: x', ...lines, '', body].join('\r\n'))).toMatch(
      /^HTTP\/1\.1 400 [^]*$/,
    );
  });

  test('through the gateway keeps to its own function', async () => {
    expect(
      await raw('GET /functions/odd/../../v1/runtimes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    ).not.toContain('"runtimeId"');
    expect(
      await raw(
        'GET /functions/odd/head HTTP/1.1\r\nhost: x\r\nx-open-runtimes-secret: mine\r\nconnection: close\r\n\r\n',
      ),
    ).not.toContain('mine');
  });
});

/** What comes back over a connection of its own until the other side closes it. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(executor.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}
