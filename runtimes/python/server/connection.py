"""HTTP/1.1 on one socket: reads requests, one after the other, and writes their answers."""

import asyncio

from .body import body_of
from .wire import BODILESS, CONTINUE, HEAD_LIMIT, BadRequest, BodyTooLarge, Disconnected, Head, status_line

# What may have arrived of later requests while one is being served.
AHEAD_LIMIT = 64 * 1024
# For a peer to read the last answer, or to send a request that crosses our closing.
LAST_CALL_SECONDS = 0.05
LINGER_SECONDS = 1


class Connection(asyncio.Protocol):
    def __init__(self, worker):
        self._worker = worker
        self._transport = None
        self._buffer = b''  # bytes that no request has taken yet
        self._body = None
        self._streaming = None  # the task that sends a stream
        self._waiting = None  # a future, while somebody waits for the body or for room to write
        self._full = False  # there is no room to write
        self._closing = False  # no other request is served
        self.head = None  # the request that is being served
        self.gone = False

    # The socket

    def connection_made(self, transport):
        self._transport = transport
        self._worker.opened(self)

    def connection_lost(self, error):
        self.gone = True
        self._worker.closed(self)
        self._wake()
        if self._streaming is not None:
            self._streaming.cancel()

    def data_received(self, data):
        if self.gone:
            return
        try:
            if self._body is not None and not self._body.complete:
                data = self._feed(data)
            if self._buffer:
                data = self._buffer + data
            self._buffer = data
            if self.head is None:
                self._read_head()
            elif len(data) > AHEAD_LIMIT:
                self._transport.pause_reading()
        except BadRequest as error:
            self._refuse(error)

    def eof_received(self):
        # A peer that has said all may still listen, unless it is sent a stream:
        # then nothing else tells us that it has gone.
        self._closing = True
        served = self.head is not None and self._streaming is None
        return served and (self._body is None or self._body.complete)

    def pause_writing(self):
        self._full = True

    def resume_writing(self):
        self._full = False
        self._wake()

    def stop(self):
        """Serves no request but the present one, and one that is on its way."""
        self._closing = True
        if self.head is None:
            self._worker.loop.call_later(LAST_CALL_SECONDS, lambda: self.head is None and self._transport.close())

    def _wait(self):
        if self._waiting is None:
            self._waiting = self._worker.loop.create_future()
        return self._waiting

    def _wake(self):
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    # Requests

    def _read_head(self):
        data = self._buffer
        end = data.find(b'\r\n\r\n')
        if end == -1 or end > HEAD_LIMIT:
            if len(data) > HEAD_LIMIT:
                raise BadRequest('Request headers are too large.', 431)
            return
        self.head = head = Head(data[:end])
        self._buffer = data[end + 4:]
        self._body = body_of(head.headers)
        if self._body is not None:
            self._buffer = self._feed(self._buffer)
        self._closing = self._closing or not head.persistent
        self._worker.serve(self, head)

    def _feed(self, data):
        body = self._body
        rest = body.feed(data)
        if body.complete or body.too_large:
            self._wake()
        return rest

    async def read_body(self):
        """The bytes of the body. Raises BodyTooLarge, Disconnected."""
        body = self._body
        if body is None:
            return b''
        if not body.complete and not body.too_large and self.head.headers.get('expect', '').lower() == '100-continue':
            self.head.asks = False
            self._transport.write(CONTINUE)
        while not body.complete and not body.too_large and not self.gone:
            await self._wait()
        if self.gone:
            raise Disconnected
        if body.too_large:
            raise BodyTooLarge
        return body.take()

    def _refuse(self, error):
        """Answers what was no request."""
        message = str(error).encode()
        lines = f'content-type: text/plain; charset=utf-8\r\ncontent-length: {len(message)}\r\n'
        self._transport.write((status_line(error.status) + lines + 'connection: close\r\n\r\n').encode() + message)
        self._linger()

    # Answers

    def answer(self, status, headers, body):
        """Sends a whole answer; `headers` are lines with their ends. Raises Disconnected."""
        if self.gone:
            raise Disconnected
        if status in BODILESS:
            self._transport.write(self._start(status, headers, ''))
        else:
            start = self._start(status, headers, f'content-length: {len(body)}\r\n')
            self._transport.write(start + body if self.head.method != 'HEAD' else start)
        self._end()

    def start_stream(self, status, headers):
        """From here on the present task is cancelled when the peer goes. Raises Disconnected."""
        if self.gone:
            raise Disconnected
        self._streaming = asyncio.current_task()
        self._closing = self._closing or not self.head.chunks
        framing = 'transfer-encoding: chunked\r\n' if self.head.chunks else ''
        self._transport.write(self._start(status, headers, framing))

    async def write(self, data):
        """Sends a piece at once; returns when there is room for another. Raises Disconnected."""
        if data and not self.gone:
            self._transport.write(b'%x\r\n%b\r\n' % (len(data), data) if self.head.chunks else data)
        while self._full and not self.gone:
            await self._wait()
        if self.gone:
            raise Disconnected

    def end_stream(self):
        self._streaming = None
        if self.head.chunks and self.head.method != 'HEAD':
            self._transport.write(b'0\r\n\r\n')
        self._end()

    def abort(self):
        """Ends an answer in a way that the caller can tell from a whole one."""
        self._streaming = None
        self._transport.abort()

    def _start(self, status, headers, framing):
        if self.head.asks and self._body is not None and not self._body.complete:
            self._closing = True  # a peer that waits to be asked for its body may send it now, or not
        connection = 'connection: close\r\n' if self._closing else ''
        return f'{status_line(status)}{headers}{framing}{connection}\r\n'.encode('utf-8', 'surrogateescape')

    def _end(self):
        self.head = None
        if self._body is not None and not self._body.complete:
            # The rest is dropped as it comes, so that the connection can be used again.
            self._body.discard()
            if self._closing:
                self._linger()
        elif self._closing:
            self._transport.close()
        elif self._buffer:
            self._transport.resume_reading()
            self._worker.loop.call_soon(self.data_received, b'')

    def _linger(self):
        """Ends our side and drops what the peer still sends: closing must not throw away what it has yet to read."""
        self.gone = True
        self._wake()
        self._transport.write_eof()
        self._worker.loop.call_later(LINGER_SECONDS, self._transport.close)
