"""The life of a process that serves: it loads the function, accepts connections, and ends when it is told to."""

import asyncio
from functools import partial

from .connection import LAST_CALL_SECONDS, Connection
from .exchange import Exchange
from .lead import Lead
from .loader import LoadError
from .server import Server
from .threads import Threads


class Worker:
    def __init__(self, config, listener):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.spawn = starter_of_tasks(self.loop)
        threads = Threads(self.loop)
        self._lead = Lead(self.loop, threads)
        server = Server(config, self.loop, self.spawn, threads, self._lead)
        self._handle = server.handle
        self._load = server.loader.load
        self._listener = listener
        self._connections = set()
        self._stopping = False

    def run(self, stop):
        """Serves until the descriptor `stop` is at its end."""
        try:
            # Before the event loop runs, since modules may run something in one while they load.
            self._load()
        except LoadError:
            pass  # the first request tries again and is told why
        self.loop.add_reader(self._listener, self._accept)
        self.loop.add_reader(stop, self._stop, stop)
        self._lead.run()

    def serve(self, connection, head):
        Exchange(self._handle(connection, head), self._lead).go_on()

    def opened(self, connection):
        self._connections.add(connection)
        if self._stopping:
            connection.stop()

    def closed(self, connection):
        self._connections.discard(connection)
        if self._stopping:
            self._end_if_idle()

    def _accept(self):
        """Accepts one connection, so that other workers get their share. Says whether there was one."""
        try:
            accepted, _ = self._listener.accept()
        except OSError:
            return False  # another worker was faster, or the peer has gone
        accepted.setblocking(False)
        self.spawn(self.loop.connect_accepted_socket(partial(Connection, self), accepted))
        return True

    def _stop(self, stop):
        self.loop.remove_reader(stop)
        self.loop.remove_reader(self._listener)
        while self._accept():
            pass  # whoever was already waiting
        self._listener.close()
        self._stopping = True
        for connection in self._connections:
            connection.stop()
        self.loop.call_later(LAST_CALL_SECONDS, self._end_if_idle)

    def _end_if_idle(self):
        if not self._connections:
            self._lead.end()


def starter_of_tasks(loop):
    """Where Python is able to, tasks start at once and not in the next turn of the event loop."""
    eager = getattr(asyncio, 'eager_task_factory', None)
    return partial(eager, loop) if eager else loop.create_task
