"""The server: takes calls from the front, each on a connection and in a thread of its own."""

import sys

if __name__ == '__main__':
    # Its modules belong to a package, so that a function's own `logger` is not mistaken for one of them.
    sys.path.insert(0, '/usr/local/server/src')

import asyncio
import gc
import os
import socket
import threading
from contextlib import closing, suppress
from contextvars import copy_context
from functools import partial
from inspect import isawaitable
from queue import SimpleQueue
from types import SimpleNamespace

from _open_runtimes import loader, logger, native, wire
from _open_runtimes.request import Request
from _open_runtimes.response import RETURN_MISSING, Response, is_stream, parts_of

# Threads that may stay in calls whose time is over, before the process is given up.
LOST_LIMIT = 64


class Interrupted(BaseException):
    """Raised within a call whose time is over. It is no Exception, so that functions do not catch it."""


class Server:
    def __init__(self):
        self.main = None
        self.loop = asyncio.new_event_loop()
        self.loads = SimpleQueue()
        self.lock = threading.Lock()
        self.threads = {}  # of the calls that are under way, by their ids
        self.waits = {}  # for the event loop, of those that do
        self.lost = []

    def run(self):
        # How long a function that computes keeps all others from running; Python's own choice is five times as long.
        sys.setswitchinterval(0.001)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.environ.pop('OPEN_RUNTIMES_SOCKET'))  # children of the function are none of ours
        listener.listen(1024)
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
        # Modules may ask to be loaded by the main thread, and run event loops of their own meanwhile.
        self.load(*self.loads.get())
        asyncio.set_event_loop(self.loop)
        while True:
            with suppress(SystemExit, KeyboardInterrupt):  # of tasks that functions left behind
                self.loop.run_forever()

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self.serve, args=(connection,), name='function', daemon=True).start()

    def serve(self, connection):
        # When the front has given up a call, its connection is of no more use.
        with suppress(OSError, Interrupted), connection, connection.makefile('rb') as reader:
            writer = wire.Writer(connection)
            while True:
                message = wire.read(reader)
                if message is None or message.control == 'alive' and not self.interrupt(message.call):
                    break
                if message.control == 'load':
                    self.loads.put((message.body, writer))
                elif message.control == 'alive':
                    writer.answer('200', (), b'')
                else:
                    copy_context().run(self.call, message, writer)

    def load(self, environment, writer):
        """7. Load the function"""
        try:
            self.main = loader.load(environment)
        except loader.LoadError as error:
            logger.write('error', '-', str(error))
            return writer.fail(503, 'load')
        if hasattr(gc, 'freeze'):
            gc.freeze()  # what there is stays, and need not be looked through again
        writer.answer('200', (), b'')

    def call(self, message, writer):
        native.current.set(message.call)
        self.threads[message.call] = threading.current_thread()
        try:
            self.answer(message, writer)
        finally:
            with self.lock:
                self.threads.pop(message.call, None)

    def answer(self, message, writer):
        log, error = (partial(logger.write, kind, message.call) for kind in ('log', 'error'))
        try:
            # 6. Create the context
            context = SimpleNamespace(req=Request(message), res=Response(), log=log, error=error)
            # 8. Run the function
            output = self.main(context)
            if not isinstance(output, dict) and isawaitable(output):
                output = self.wait(output)
            # 9. Check the output
            parts = parts_of(output) if isinstance(output, dict) else None
            why = RETURN_MISSING
        except Interrupted:
            raise
        except BaseException as raised:
            parts, why = None, raised
        # 11. Write the response
        if parts is None:
            error(why)
            writer.fail(500, 'error')
        elif is_stream(parts[2]):
            with closing(self.pieces(parts[2])) as pieces:
                writer.stream(*parts[:2], pieces, error)
        else:
            writer.answer(*parts)

    def pieces(self, body):
        """What an iterator of either kind gives. It is closed when nobody wants more of it."""
        if not hasattr(body, '__aiter__'):
            return (yield from body)
        iterator = body.__aiter__()
        try:
            while True:
                yield self.wait(iterator.__anext__())
        except StopAsyncIteration:
            pass
        finally:
            if hasattr(iterator, 'aclose'):
                self.wait(iterator.aclose())

    def wait(self, awaitable):
        """What comes of an awaitable in the event loop, which all calls share."""
        call = native.current.get()
        future = self.waits[call] = asyncio.run_coroutine_threadsafe(outcome_of(awaitable), self.loop)
        if call not in self.threads:
            future.cancel()
        try:
            value, error = future.result()
        finally:
            self.waits.pop(call, None)
        if error is not None:
            raise error
        return value

    def interrupt(self, call):
        """Ends a call, now or when it is back in Python code. Says whether the process is worth keeping; does not come
        back while the event loop is blocked, which tells the front the same as no."""
        with self.lock:
            thread = self.threads.pop(call, None)
            if thread:
                raise_in(thread)
                self.lost = [lost for lost in self.lost if lost.is_alive()] + [thread]
        wait = self.waits.get(call)
        if wait:
            wait.cancel()  # no exception reaches a thread that waits
        looked = threading.Event()
        self.loop.call_soon_threadsafe(looked.set)
        return looked.wait() and len(self.lost) <= LOST_LIMIT


async def outcome_of(awaitable):
    """Whatever it raises, the event loop goes on."""
    try:
        return await awaitable, None
    except BaseException as error:
        return None, error


def raise_in(thread):
    """Has a thread raise Interrupted, in those Pythons that are able to."""
    if sys.implementation.name == 'cpython':
        from ctypes import c_ulong, py_object, pythonapi

        pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread.ident), py_object(Interrupted))


if __name__ == '__main__':
    native.capture()
    Server().run()
