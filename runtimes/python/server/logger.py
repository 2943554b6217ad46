"""The log files of one request: what the function says through its context, and what it prints natively."""

import os
import re
from itertools import count

from .config import Config
from .format import format_value, to_json
from .native import tell_operator, write_all

MESSAGE_LIMIT = 8000
TRUNCATED = '... Log truncated due to size limit (8000 characters)'
NATIVE_DETECTED = 'Native logs detected. Use context.log() or context.error() for better experience.'

is_log_id = re.compile('[A-Za-z0-9_-]{1,64}').fullmatch


class LogIds:
    """Ids are a random part of this process and a counter: unique, and much
    cheaper than random bytes for each request."""

    def __init__(self, development):
        if development:
            self.next = lambda: 'dev'
            return
        process, numbers = os.urandom(6).hex(), count(int.from_bytes(os.urandom(3), 'big'))
        self.next = lambda: f'{process}{next(numbers) & 0xffffffff:08x}'


class Logger:
    """Each message is in its file when the call that writes it returns: whatever ends the process, it stays."""

    __slots__ = ('id', 'open', '_native_seen', '_native_line')

    def __init__(self, ids, logging, given_id):
        # Empty when logging is off.
        self.id = ''
        self.open = logging is None or logging in ('', 'enabled')
        if self.open:
            self.id = given_id if given_id is not None and is_log_id(given_id) else ids.next()
        self._native_seen = False
        self._native_line = b''

    def log(self, *values):
        self.write('logs', values)

    def error(self, *values):
        self.write('errors', values)

    def write(self, kind, values):
        if not self.open:
            return
        if self._native_line:
            self._end_native_line()
        message = ' '.join([format_value(value) for value in values])
        if len(message) > MESSAGE_LIMIT:
            message = message[:MESSAGE_LIMIT] + TRUNCATED
        append(file_of(self.id, kind), f'{message}\n')

    def write_native(self, data):
        """What the function printed instead of logging it; lines and characters of it may come in pieces."""
        if not self.open:
            return
        *lines, rest = (self._native_line + data).split(b'\n')
        self._native_line = b''
        for line in lines:
            self._write_native_line(line)
        # A line without an end must not grow for ever.
        if len(rest) > 4 * MESSAGE_LIMIT:
            self._write_native_line(rest)
        else:
            self._native_line = rest

    def flush(self):
        """Ends the line that the function has begun to print."""
        if self._native_line:
            self._end_native_line()

    def close(self):
        """What is written from now on never appears."""
        if self.open:
            self.flush()
            self.open = False

    def _end_native_line(self):
        line, self._native_line = self._native_line, b''
        self._write_native_line(line)

    def _write_native_line(self, line):
        if not self._native_seen:
            self._native_seen = True
            self.log(NATIVE_DETECTED)
        self.log(line.decode('utf-8', 'replace'))


def collect_logs(log_id):
    """Reads and deletes the files of an id: the answer of the path for log collection."""
    return to_json({kind: take(log_id, kind) for kind in ('logs', 'errors')})


def take(log_id, kind):
    if not is_log_id(log_id):
        return ''
    try:
        with open(file_of(log_id, kind), encoding='utf-8', errors='replace') as file:
            text = file.read()
        os.unlink(file_of(log_id, kind))
        return text
    except OSError:
        return ''


def append(file, text):
    """Logs that cannot be written are lost, not the request."""
    try:
        # Opened for each message: threads that the function has left behind may still write when others have closed.
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            write_all(descriptor, text.encode('utf-8', 'replace'))
        finally:
            os.close(descriptor)
    except OSError as error:
        tell_operator(f'A log cannot be written: {error}')


def file_of(log_id, kind):
    return f'{Config.LOGS_FOLDER}/{log_id}_{kind}.log'
