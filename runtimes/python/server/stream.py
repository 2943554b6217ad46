"""Sends a body while it is being made, each piece at once."""

from asyncio import shield

from .threads import Job
from .wire import Disconnected

END = object()


def open_body(body, threads):
    """The pieces of a body one after the other, and a way to tell it that no
    more are wanted. Raises what opening it does."""
    return AsyncSource(body) if hasattr(body, '__aiter__') else ThreadSource(body, threads)


class AsyncSource:
    def __init__(self, body):
        self._iterator = body.__aiter__()

    async def next(self):
        try:
            return await self._iterator.__anext__()
        except StopAsyncIteration:
            return END

    async def close(self):
        close = getattr(self._iterator, 'aclose', None)
        if close is not None:
            await close()


class ThreadSource:
    """An iterator may take its time over each piece, so it does that in a thread."""

    def __init__(self, body, threads):
        self._iterator = iter(body)
        self._threads = threads
        self._piece = None

    async def next(self):
        self._piece = self._threads.start(Job(next, self._iterator, END))
        value, error = await shield(self._piece)
        if error is not None:
            raise error
        return value

    async def close(self):
        close = getattr(self._iterator, 'close', None)
        if close is not None:
            if self._piece is not None:
                await self._piece  # nothing can be closed while it makes one
            await self._threads.start(Job(close))


async def stream(connection, status, headers, source, logger):
    """Ends when the body does, or when the caller has gone; then the body is closed."""
    try:
        connection.start_stream(status, headers)
        if connection.head.method != 'HEAD':
            piece = await source.next()
            while piece is not END:
                await connection.write(bytes_of(piece))
                piece = await source.next()
        connection.end_stream()
    except Disconnected:
        pass  # nobody is left to be told
    except BaseException as error:
        if not connection.gone:
            logger.error(error)
            connection.abort()
    logger.flush()  # now, since closing a body may wait for something
    try:
        await source.close()
    except BaseException:
        pass  # it was answered
    logger.close()


def bytes_of(piece):
    if isinstance(piece, str):
        return piece.encode('utf-8', 'replace')
    return bytes(piece) if isinstance(piece, (bytes, bytearray, memoryview)) else str(piece).encode('utf-8', 'replace')
