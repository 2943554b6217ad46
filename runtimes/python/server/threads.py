"""The threads in which functions run that would hold up the event loop."""

import os
import threading
from collections import deque
from contextvars import copy_context
from queue import SimpleQueue

from .native import tell_operator

LIMIT = 64


class Interrupted(BaseException):
    """Raised within a call that nobody waits for any more. It is no Exception, so that functions do not catch it."""


class Job:
    """One call in a thread. `future` gets what it returned and what it raised."""

    __slots__ = ('future', 'context', 'function', 'arguments', 'thread', 'unwanted')

    def __init__(self, future, function, arguments):
        self.future = future
        self.context = copy_context()
        self.function = function
        self.arguments = arguments
        self.thread = None  # while it runs
        self.unwanted = False


class Threads:
    def __init__(self, loop):
        self._loop = loop
        self._jobs = SimpleQueue()
        self._results = deque()
        self._collecting = False
        self._lock = threading.Lock()
        self._count = 0  # threads that take jobs
        self._unfinished = 0  # jobs that they have or will have
        self._lost = []  # threads whose call goes on, though it was interrupted

    def run(self, function, *arguments):
        """Starts a call, or has it wait for a thread."""
        job = Job(self._loop.create_future(), function, arguments)
        self._unfinished += 1
        if self._unfinished > self._count and self._count < LIMIT:
            self._count += 1
            threading.Thread(target=self._serve, name='function', daemon=True).start()
        self._jobs.put(job)
        return job

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
            while self._finish(self._jobs.get()):
                pass
        except Interrupted:
            pass  # it came when the call was just over

    def _finish(self, job):
        """Does a job. Says whether the thread may take another."""
        with self._lock:
            job.thread = None if job.unwanted else threading.current_thread()
        value = error = None
        if job.thread is not None:
            try:
                value = job.context.run(job.function, *job.arguments)
            except BaseException as raised:
                error = raised
        with self._lock:
            if job.thread is not None and job.unwanted:
                return False
            job.thread = None
        self._results.append((job.future, value, error))
        if not self._collecting:
            self._collecting = True
            self._loop.call_soon_threadsafe(self._collect)
        return True

    def _collect(self):
        self._collecting = False
        while self._results:
            future, value, error = self._results.popleft()
            self._unfinished -= 1
            if not future.done():
                future.set_result((value, error))


def raise_in(thread):
    """Has a thread raise Interrupted, in those Pythons that are able to."""
    try:
        from ctypes import c_ulong, py_object, pythonapi
    except ImportError:
        return
    pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread.ident), py_object(Interrupted))
