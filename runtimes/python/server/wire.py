"""Reads messages and writes answers, as the front's inner contract has them (runtimes/agent/README.md)."""

import re
from types import SimpleNamespace

from _open_runtimes import native

escape = re.compile('[\x00-\x1f\x7f%:]').sub
END = object()


def read(reader):
    """The next message, or None when the front has closed the connection."""
    line = reader.readline()
    if not line:
        return None
    method, target, _ = line.decode('utf-8', 'surrogateescape').split(' ', 2)
    headers = {}
    for line in iter(reader.readline, b'\r\n'):
        name, _, value = line.decode().partition(': ')
        headers[name] = value[:-2]
    control, call = (headers.pop(f'x-open-runtimes-{name}', None) for name in ('control', 'call'))
    body = reader.read(int(headers.get('content-length', 0)))
    return SimpleNamespace(method=method, target=target, headers=headers, body=body, control=control, call=call)


class Writer:
    def __init__(self, connection):
        self._connection = connection

    def answer(self, status, headers, body):
        self._send(head(status, f'content-length: {len(body)}', headers) + body)

    def fail(self, status, failure):
        self._send(f'HTTP/1.1 {status} {failure}\r\ncontent-length: 0\r\n\r\n'.encode())

    def stream(self, status, headers, pieces, explain):
        """Sends each piece as soon as it is there. `explain` gets what has put a wrong end to them."""
        self._send(head(status, 'transfer-encoding: chunked', headers))
        while True:
            try:
                piece = next(pieces, END)
            except BaseException as error:
                explain(error)
                return self._send(b'failed\r\n')
            if piece is END:
                return self._send(b'0\r\n\r\n')
            piece = bytes(piece) if isinstance(piece, (bytes, bytearray, memoryview)) else encoded(str(piece))
            if piece:
                self._send(b'%x\r\n%s\r\n' % (len(piece), piece))

    def _send(self, data):
        native.end_child()
        self._connection.sendall(data)


def head(status, framing, headers):
    lines = [f'{escaped(name)}: {escaped(value)}\r\n' for name, value in headers]
    return encoded(f"HTTP/1.1 {escaped(status)}\r\n{framing}\r\n{''.join(lines)}\r\n")


def escaped(text):
    return escape(lambda match: f'%{ord(match[0]):02X}', text)


def encoded(text):
    return text.encode('utf-8', 'replace')
