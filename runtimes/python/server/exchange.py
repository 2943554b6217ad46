"""Runs the coroutine that serves one request."""

from contextvars import copy_context

from .threads import Job
from .wire import Disconnected


class Exchange:
    """What a task does, for less: nobody waits for it, cancels it, or asks for its result."""

    __slots__ = ('_coroutine', '_lead', '_run')

    def __init__(self, coroutine, lead):
        self._coroutine = coroutine
        self._lead = lead
        self._run = copy_context().run

    def go_on(self, awaited=None):
        """Until the coroutine waits for something, or has ended."""
        try:
            awaited = self._run(self._coroutine.send, None)
        except (StopIteration, Disconnected):
            return  # answered, or nobody is left to be
        if type(awaited) is Job:
            awaited.exchange = self
            self._lead.call(awaited)
        else:
            awaited.add_done_callback(self.go_on)
