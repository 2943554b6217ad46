"""Reads messages and writes answers, as the front's inner contract has them (runtimes/agent/README.md)."""

import re
from contextlib import contextmanager

escape = re.compile('[\x00-\x1f\x7f%:]').sub
LIMIT = 1 << 16


class StreamFailed(Exception):
    """A body cannot be gone on with; why is in the log."""


class Message:
    __slots__ = ('method', 'target', 'headers', 'body', 'control', 'call')


def messages(reader):
    """One after the other, until the front closes the connection."""
    while True:
        line = reader.readline()
        if not line:
            return
        message = Message()
        message.method, message.target, _ = line.decode('utf-8', 'surrogateescape').split(' ', 2)
        kind, message.call = split(reader.readline())
        message.control = message.call if kind == 'x-open-runtimes-control' else None
        headers = message.headers = {}
        while True:
            line = reader.readline()
            if line == b'\r\n':
                break
            name, value = split(line)
            headers[name] = value
        length = int(headers.get('content-length', 0))
        message.body = reader.read(length) if length else b''
        yield message


def split(line):
    name, _, value = line.decode().partition(': ')
    return name, value[:-2]


def escaped(text):
    return escape(lambda match: f'%{ord(match[0]):02X}', text)


class Writer:
    def __init__(self, connection):
        self._send = connection.sendall

    def answer(self, status, headers, body):
        head = self._head(status, f'content-length: {len(body)}', headers)
        if len(body) < LIMIT:
            self._send(head + body)
        else:
            self._send(head)
            self._send(body)

    def fail(self, status, failure):
        self._send(f'HTTP/1.1 {status} {failure}\r\ncontent-length: 0\r\n\r\n'.encode())

    @contextmanager
    def stream(self, status, headers):
        """Gives what sends a piece; StreamFailed within tells the front that there is no right end."""
        self._send(self._head(status, 'transfer-encoding: chunked', headers))
        try:
            yield self._piece
        except StreamFailed:
            self._send(b'failed\r\n')
        else:
            self._send(b'0\r\n\r\n')

    def _piece(self, piece):
        if isinstance(piece, (bytes, bytearray, memoryview)):
            piece = bytes(piece)
        else:
            piece = str(piece).encode('utf-8', 'replace')
        if piece:
            self._send(b'%x\r\n%s\r\n' % (len(piece), piece))

    def _head(self, status, framing, headers):
        lines = [f'{escaped(name)}: {escaped(value)}\r\n' for name, value in headers]
        return f"HTTP/1.1 {escaped(status)}\r\n{framing}\r\n{''.join(lines)}\r\n".encode('utf-8', 'replace')
