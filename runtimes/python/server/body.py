"""The body of a request, as it arrives: of a given length, or in chunks."""

import re

from .config import Config
from .wire import BadRequest

LINE_LIMIT = 8192

match_chunk_size = re.compile(rb'[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n\0]*)?').fullmatch


def body_of(headers):
    """None if the request has none."""
    if 'transfer-encoding' in headers:
        return ChunkedBody()
    if 'content-length' not in headers:
        return None
    # More digits than any length that can be: a number too large, which Python would be long about.
    digits = headers['content-length'].lstrip('0')[:20]
    return SizedBody(int(digits)) if digits else None


class Body:
    """Takes bytes until `complete`; beyond the limit it is `too_large` and keeps none."""

    def __init__(self):
        self.complete = False
        self.too_large = False
        self._pieces = []
        self._size = 0

    def take(self):
        """All of it, once it is complete."""
        pieces, self._pieces = self._pieces, []
        return pieces[0] if len(pieces) == 1 else b''.join(pieces)

    def discard(self):
        """What has come and what comes is of no use to anybody."""
        self.too_large = True
        self._pieces = []

    def keep(self, data):
        self._size += len(data)
        if self._size > Config.BODY_LIMIT:
            self.discard()
        elif data and not self.too_large:
            self._pieces.append(data)


class SizedBody(Body):
    def __init__(self, length):
        super().__init__()
        self._left = length
        self.too_large = length > Config.BODY_LIMIT

    def feed(self, data):
        """Takes what belongs to the body and returns the rest."""
        mine, rest = data[:self._left], data[self._left:]
        self._left -= len(mine)
        self.keep(mine)
        self.complete = self._left == 0
        return rest


class ChunkedBody(Body):
    def __init__(self):
        super().__init__()
        self._buffer = b''
        self._left = 0
        self._read = self._read_size

    def feed(self, data):
        """Takes what belongs to the body and returns the rest. Raises BadRequest."""
        self._buffer += data
        while not self.complete and self._read():
            pass
        if not self.complete:
            return b''
        rest, self._buffer = self._buffer, b''
        return rest

    # Each of these reads one part of the body, if all of it is there, and says which part comes next.

    def _read_size(self):
        line = self._take_line()
        if line is None:
            return False
        match = match_chunk_size(line)
        if not match:
            raise BadRequest('Malformed chunk.')
        self._left = int(match[1], 16)
        self._read = self._read_data if self._left else self._read_trailer
        return True

    def _read_data(self):
        data, self._buffer = self._buffer[:self._left], self._buffer[self._left:]
        self._left -= len(data)
        self.keep(data)
        if self._left == 0:
            self._read = self._read_data_end
        return self._left == 0

    def _read_data_end(self):
        line = self._take_line()
        if line:
            raise BadRequest('Malformed chunk.')
        self._read = self._read_size
        return line is not None

    def _read_trailer(self):
        # Trailers carry nothing that a function sees.
        line = self._take_line()
        self.complete = line == b''
        return line is not None

    def _take_line(self):
        line, end, rest = self._buffer.partition(b'\r\n')
        if not end:
            if len(self._buffer) > LINE_LIMIT:
                raise BadRequest('Malformed chunk.')
            return None
        self._buffer = rest
        return line
