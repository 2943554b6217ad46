"""The threads in which functions run that would hold up the event loop."""

import os
import sys
import threading
from collections import deque
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from time import monotonic

from .native import tell_operator

LIMIT = 64
# How long a function that computes keeps all others from running; Python's own choice is five times as long.
SWITCH_SECONDS = 0.001


class Interrupted(BaseException):
    """Raised within a call that nobody waits for any more. It is no Exception, so that functions do not catch it."""


class Job:
    """One call. `outcome` is what it returned and what it raised."""

    __slots__ = ('_run', '_function', '_arguments', 'outcome', 'seconds', 'future', 'thread', 'unwanted', 'exchange')

    def __init__(self, function, *arguments):
        self._run = copy_context().run
        self._function = function
        self._arguments = arguments
        self.outcome = None
        self.seconds = 0  # that it took
        self.future = None  # gets the outcome, if threads have the job
        self.thread = None  # while it runs in one
        self.unwanted = False
        self.exchange = None  # that waits for it to be done by the thread that has the event loop

    def __await__(self):
        """Has it done by the thread that has the event loop. If it takes long, there is no outcome yet."""
        yield self

    def make(self):
        started = monotonic()
        try:
            self.outcome = self._run(self._function, *self._arguments), None
        except BaseException as error:
            self.outcome = None, error
        self.seconds = monotonic() - started


class Threads:
    def __init__(self, loop):
        sys.setswitchinterval(SWITCH_SECONDS)
        self._loop = loop
        self._orders = SimpleQueue()  # functions that say whether the thread may take another
        self._done = deque()
        self._collecting = False
        self._lock = threading.Lock()
        self._count = 0  # threads that take orders
        self._unfinished = 0  # orders that they have or will have
        self._lost = []  # threads whose call goes on, though it was interrupted

    def start(self, job):
        """Starts a call, or has it wait for a thread. Returns the future of its outcome."""
        job.future = self._loop.create_future()
        self._order(partial(self._finish, job))
        return job.future

    def lend(self, borrow):
        """Has a thread borrow the event loop, until that has `returned`, or is taken from it in the midst of a call."""
        self._order(borrow)

    def returned(self):
        self._unfinished -= 1

    def adopt(self, job, thread):
        """Takes over a call that the thread which had borrowed the event loop is making."""
        job.future = self._loop.create_future()
        job.thread = thread

    def _order(self, order):
        self._unfinished += 1
        if self._unfinished > self._count and self._count < LIMIT:
            self._count += 1
            threading.Thread(target=self._serve, name='function', daemon=True).start()
        self._orders.put(order)

    def interrupt(self, job):
        """Ends a call as soon as it is back in Python code, and its thread with it."""
        with self._lock:
            job.unwanted = True
            thread = job.thread
            if thread is None:
                return  # it has not begun, or is over
            raise_in(thread)
        self._count -= 1
        self._unfinished -= 1
        self._lost = [lost for lost in self._lost if lost.is_alive()] + [thread]
        if len(self._lost) > LIMIT:
            tell_operator(f'{LIMIT} calls have not come back after their time was over. Their process ends.')
            os._exit(1)

    def _serve(self):
        try:
            while self._orders.get()():
                pass
        except Interrupted:
            pass  # it came when the call was just over

    def _finish(self, job):
        with self._lock:
            job.thread = None if job.unwanted else threading.current_thread()
        if job.thread is not None:
            job.make()
        return self.hand_in(job)

    def hand_in(self, job):
        """Brings the outcome of a call to the event loop. Says whether the thread may take another order."""
        with self._lock:
            if job.thread is not None and job.unwanted:
                return False
            job.thread = None
        self._done.append(job)
        if not self._collecting:
            self._collecting = True
            self._loop.call_soon_threadsafe(self._collect)
        return True

    def _collect(self):
        self._collecting = False
        while self._done:
            job = self._done.popleft()
            self._unfinished -= 1
            if not job.future.done():
                job.future.set_result(job.outcome)


def raise_in(thread):
    """Has a thread raise Interrupted, in those Pythons that are able to."""
    try:
        from ctypes import c_ulong, py_object, pythonapi
    except ImportError:
        return
    pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread.ident), py_object(Interrupted))
