"""The server: takes calls from the front, each on a connection and in a thread of its own."""

import gc
import sys

# Nothing that is imported is ever garbage.
gc.disable()
if __name__ == '__main__':
    # Its modules belong to a package, so that a function's own `logger` is not mistaken for one of them.
    sys.path[:] = ['/usr/local/server/src', *[folder for folder in sys.path if '_open_runtimes' not in folder]]

import asyncio  # noqa: E402
import os  # noqa: E402
import socket  # noqa: E402
import threading  # noqa: E402
from contextvars import copy_context  # noqa: E402
from inspect import isawaitable  # noqa: E402
from queue import SimpleQueue  # noqa: E402

from _open_runtimes import loader, native, wire  # noqa: E402
from _open_runtimes.calls import Calls, Interrupted  # noqa: E402
from _open_runtimes.context import Context  # noqa: E402
from _open_runtimes.logger import Logger  # noqa: E402
from _open_runtimes.response import RETURN_MISSING, is_stream, parts_of  # noqa: E402

gc.enable()

# How long a function that computes keeps all others from running; Python's own choice is five times as long.
SWITCH_SECONDS = 0.001


class Server:
    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._calls = Calls(self._loop)
        self._main = None
        self._loads = SimpleQueue()

    def run(self):
        sys.setswitchinterval(SWITCH_SECONDS)
        listener = socket.socket(socket.AF_UNIX)
        # Children of the function are none of ours.
        address = os.environ.pop('OPEN_RUNTIMES_SOCKET')
        listener.bind(address)
        listener.listen(1024)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        # Modules may ask to be loaded by the main thread, and run event loops of their own meanwhile.
        self._loads.get()()
        asyncio.set_event_loop(self._loop)
        while True:
            try:
                self._loop.run_forever()
            except (SystemExit, KeyboardInterrupt) as error:
                native.tell_operator(f'{error!r} of a task that the function left behind')

    def _accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._serve, args=(connection,), name='function', daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile('rb') as reader:
                writer = wire.Writer(connection)
                for message in wire.messages(reader):
                    if message.control == 'load':
                        self._load(message, writer)
                    elif message.control == 'alive':
                        self._calls.interrupt(message.headers.get('x-open-runtimes-call'))
                        writer.answer('200', (), b'')
                    else:
                        copy_context().run(self._call, message, writer)
        except (OSError, Interrupted):
            pass  # the front has given up this call

    def _load(self, message, writer):
        """7. Load the function"""
        outcome = SimpleQueue()
        self._loads.put(lambda: outcome.put(self._try_to_load(message)))
        if outcome.get():
            writer.answer('200', (), b'')
        else:
            writer.fail(503, 'load')

    def _try_to_load(self, message):
        try:
            if message.body:
                loader.replace_environment(message.body)
            self._main = loader.load()
            # What there is stays where it is, and is looked through no more.
            getattr(gc, 'freeze', bool)()
            return True
        except loader.LoadError as error:
            Logger('-').error(str(error))
            return False

    def _call(self, message, writer):
        # 6. Create the context
        native.current.set(message.call)
        logger = Logger(message.call)
        context = Context(message, logger)
        stream = None
        try:
            # 8. Run the function
            output = self._calls.run(message.call, lambda: self._outcome(context))
            # 9. Check the output
            if not isinstance(output, dict):
                return self._fail(writer, logger, RETURN_MISSING)
            status, headers, body = parts_of(output)
            # 11. Write the response
            if not is_stream(body):
                return writer.answer(status, headers, body)
            stream = body
        except OSError as error:
            if stream is None:
                return self._fail(writer, logger, error)
            raise
        except Interrupted:
            raise
        except BaseException as error:
            return self._fail(writer, logger, error)
        self._stream(writer, logger, (status, headers), stream)

    def _outcome(self, context):
        output = self._main(context)
        return self._calls.wait(output) if not isinstance(output, dict) and isawaitable(output) else output

    def _fail(self, writer, logger, why):
        logger.error(why)
        writer.fail(500, 'error')

    def _stream(self, writer, logger, head, body):
        """Ends when the body does, or when nobody wants more of it; then the body is closed."""
        is_async = hasattr(body, '__aiter__')
        iterator = body.__aiter__() if is_async else iter(body)
        try:
            with writer.stream(*head) as send:
                while True:
                    try:
                        piece = self._calls.wait(iterator.__anext__()) if is_async else next(iterator)
                    except (StopIteration, StopAsyncIteration):
                        break
                    except BaseException as error:
                        logger.error(error)
                        raise wire.StreamFailed from error
                    send(piece)
        finally:
            close = getattr(iterator, 'aclose' if is_async else 'close', None)
            if close is not None:
                closed = close()
                if isawaitable(closed):
                    self._calls.wait(closed)


if __name__ == '__main__':
    native.capture()
    Server().run()
