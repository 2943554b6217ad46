// What is owed to a call whose thread has been ended, or has broken: an answer,
// and the lines that are not in its logs yet.

import { appendFileSync, readFileSync } from 'node:fs';

const LOGS_FOLDER = '/mnt/logs';
const NOTICE = 'Native logs detected. Use context.log() or context.error() for better experience.\n';

/** Writes the logs, then the answer that a failed function gets. */
export function answerForIt({ call: { id, printed }, failure, caller }) {
  if (id !== '') {
    const output = Buffer.concat(printed).toString();
    if (output !== '') {
      const end = output.endsWith('\n') ? '' : '\n';
      append({ id, kind: 'logs', text: (hasNotice(id) ? '' : NOTICE) + output + end });
    }
    append({ id, kind: 'errors', text: `${failure}\n` });
  }
  caller.write(
    [
      'HTTP/1.1 500 Internal Server Error',
      'content-type: text/plain; charset=utf-8',
      `x-open-runtimes-log-id: ${id}`,
      'content-length: 0',
      `date: ${new Date().toUTCString()}`,
      'connection: close',
      '\r\n',
    ].join('\r\n'),
  );
}

function hasNotice(id) {
  try {
    return readFileSync(file({ id, kind: 'logs' }), 'utf8').includes(NOTICE);
  } catch {
    return false; // no line has been written yet
  }
}

// Logs that cannot be written keep nobody from being answered.
function append({ id, kind, text }) {
  try {
    appendFileSync(file({ id, kind }), text);
  } catch {}
}

function file({ id, kind }) {
  return `${LOGS_FOLDER}/${id}_${kind}.log`;
}
