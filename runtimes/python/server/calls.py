"""The calls that are under way: how the front's patience with one ends it."""

import asyncio
import os
import sys
import threading

from _open_runtimes import native

# Threads that do not come back from a call that nobody waits for any more.
LOST_LIMIT = 64
# Within this time an event loop that nobody blocks has looked at what it is asked.
LOOK_SECONDS = 0.2


class Interrupted(BaseException):
    """Raised within a call that nobody waits for any more. It is no Exception, so that functions do not catch it."""


class Calls:
    def __init__(self, loop):
        self._loop = loop
        self._lock = threading.Lock()
        self._threads = {}  # by the call's id
        self._lost = []

    def run(self, call, function):
        """What a function returns or raises, in this thread."""
        with self._lock:
            self._threads[call] = threading.current_thread()
        try:
            return function()
        finally:
            with self._lock:
                self._threads.pop(call, None)

    def wait(self, awaitable):
        """What comes of an awaitable in the event loop, which all calls share."""
        future = asyncio.run_coroutine_threadsafe(outcome_of(awaitable), self._loop)
        try:
            value, error = future.result()
        except Interrupted:
            future.cancel()
            raise
        if error is not None:
            raise error
        return value

    def interrupt(self, call):
        """Ends a call as soon as it is back in Python code. Does not come back while the event loop is blocked."""
        with self._lock:
            thread = self._threads.pop(call, None)
            if thread is not None:
                raise_in(thread)
        if thread is not None:
            self._lost = [lost for lost in self._lost if lost.is_alive()] + [thread]
            if len(self._lost) > LOST_LIMIT:
                native.tell_operator(f'{LOST_LIMIT} calls have not come back after their time was over.')
                os._exit(1)
        looked = threading.Event()
        self._loop.call_soon_threadsafe(looked.set)
        if not looked.wait(LOOK_SECONDS):
            threading.Event().wait()


async def outcome_of(awaitable):
    """Whatever it raises, the event loop goes on."""
    try:
        return await awaitable, None
    except BaseException as error:
        return None, error


def raise_in(thread):
    """Has a thread raise Interrupted, in those Pythons that are able to."""
    if sys.implementation.name != 'cpython':
        return
    from ctypes import c_ulong, py_object, pythonapi

    pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread.ident), py_object(Interrupted))
