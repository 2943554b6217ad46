"""Which thread runs the event loop: the main one, or, while the function is quick, one in which functions run."""

import os
from collections import deque
from queue import Empty, SimpleQueue
from threading import Lock, current_thread

from .format import describe
from .native import tell_operator

# The way to a thread and back costs more than all else that is done for a request. So once the function has been quick
# often enough, a thread in which functions run borrows the event loop, and calls the function itself, between two turns
# of the loop. If a call takes its time after all, the main thread, which looks every few milliseconds, takes the loop
# back. Then nothing of the loop is under way in the other thread: the call goes on there as if it had never been made
# otherwise.
LOOK_SECONDS = 0.003
# Looks without a call after which the main thread sleeps until there is one.
IDLE_LOOKS = 2

# About what the way there and back costs.
QUICK_SECONDS = 0.0002
# Quick calls until the loop is lent, and those that make up for one that was not quick.
ENOUGH = 100
LOSS = 10
# Quick calls that make up for one that would hold up others; twice as many each time that one really did.
FIRST_FINE = 1000
LAST_FINE = 1 << 30


class Lead:
    def __init__(self, loop, threads):
        self._loop = loop
        self._threads = threads
        self._ended = False
        self.takes_calls = False  # between turns of the loop
        self._lent = False
        self._stays = False  # never lent again
        self._asked = False  # a thread wants the loop, or has it but the main thread is not yet done with it
        self._recalled = False  # the thread that has the loop is to give it back
        self._expected = []  # futures of those who wait until it is back
        self._free = SimpleQueue()  # gets something when the main thread is done with the loop
        self._trust = 0
        self._fine = FIRST_FINE

        self._calls = deque()  # to be made by the thread with the loop
        self._thread = None
        self._present = None  # the call that it makes; who clears this, under the lock, has the loop
        self._lock = Lock()
        self._made = 0
        self._watched = False
        self._bell = SimpleQueue()  # gets something when the main thread is to look

    def run(self):
        """The life of the main thread: runs the loop, or watches the thread that does."""
        while not self._ended:
            self._outlive(self._watch if self._lent else self._loop.run_forever)
            if self._lent and self._asked:
                self._asked = False
                self._free.put(None)

    def _outlive(self, activity):
        try:
            activity()
        except (SystemExit, KeyboardInterrupt) as error:
            tell_operator(describe(error))  # of a task that the function left behind, which cannot end the server
        except BaseException as error:
            tell_operator(f'The event loop has failed: {describe(error)}')
            os._exit(1)

    # For what runs in the loop

    def end(self):
        self._ended = True
        self._loop.stop()

    def call(self, job):
        """Has the thread with the loop do a job, when this turn of the loop is over."""
        if not self._calls:
            self._loop.stop()
        self._calls.append(job)

    def learn(self, seconds):
        """Decides by how long a call took where the next ones are made."""
        if seconds < QUICK_SECONDS:
            self._trust = min(self._trust + 1, ENOUGH)
        else:
            self._trust = max(self._trust - LOSS, -self._fine) if seconds < LOOK_SECONDS else -self._fine
        if self._trust < 0:
            self._recall()
        elif self._trust == ENOUGH and not (self._asked or self._lent or self._stays):
            self._asked = True
            self._threads.lend(self._borrow)

    async def stay(self):
        """Has the main thread run the loop, from now on for ever: it is the
        only one in which coroutines can be interrupted."""
        self._stays = True
        if self._lent:
            self._recall()
            expected = self._loop.create_future()
            self._expected.append(expected)
            await expected

    def _recall(self):
        if self._lent:
            self._recalled = True
            self.takes_calls = False
            self._loop.stop()

    # In the thread that borrows the loop

    def _borrow(self):
        """Runs the loop until that is recalled, or taken back in the midst of a
        call. Says whether the thread may take orders."""
        self._loop.call_soon_threadsafe(self._step_aside)
        self._free.get()
        self._thread = current_thread()
        while not ((self._recalled or self._ended) and not self._calls):
            seconds = 0
            while self._calls and seconds < LOOK_SECONDS:
                job = self._calls.popleft()
                if not self._make(job):
                    return self._threads.hand_in(job)
                seconds += job.seconds
            if self._calls:
                self._loop.stop()  # after one turn, without waiting for anything
            self._outlive(self._loop.run_forever)
        self._threads.returned()
        self._lent = False
        self._bell.put(None)
        return True

    def _make(self, job):
        """Makes a call. Says whether the loop is still this thread's."""
        self._present = job
        if not self._watched:
            self._watched = True
            self._bell.put(None)
        job.make()
        with self._lock:
            mine = self._present is job
            if mine:
                self._present = None
        if mine:
            self._made += 1
            try:
                job.exchange.go_on()
            except BaseException as error:
                tell_operator(describe(error))
        return mine

    # In the main thread

    def _step_aside(self):
        self._lent = self.takes_calls = True
        self._loop.stop()

    def _watch(self):
        """Until the loop is the main thread's again."""
        seen, made, idle = None, 0, 0
        while self._lent:
            try:
                self._bell.get(timeout=LOOK_SECONDS if self._watched else None)
            except Empty:
                if seen is not None and self._present is seen:
                    self._take_back(seen)
            idle = idle + 1 if made == self._made else 0
            seen, made = self._present, self._made
            if idle > IDLE_LOOKS:
                # In this order, as the thread does the opposite: so either it rings, or it is seen.
                self._watched = False
                self._watched = self._present is not None
        self._recalled = False
        while self._expected:
            self._expected.pop().set_result(None)

    def _take_back(self, job):
        """Unless the call is over at this very moment."""
        with self._lock:
            if self._present is not job:
                return
            self._present = None
            self._threads.adopt(job, self._thread)
        self._lent = self.takes_calls = False
        self._trust = -self._fine
        self._fine = min(2 * self._fine, LAST_FINE)
        for waiting in [job, *self._calls]:
            self._loop.call_soon(waiting.exchange.go_on)
        self._calls.clear()
