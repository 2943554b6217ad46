"""One call of the function: within its time, and ended by whatever it raises."""

import signal
from inspect import isawaitable
from time import monotonic

from .native import current
from .threads import Interrupted, Job

# How often it is looked whether a function holds up the event loop, and how late a timer may be before one does.
PERIOD_SECONDS = 0.1
LATE_SECONDS = 0.05


class TimedOut(Exception):
    """The function took longer than its caller allows."""


class Execution:
    def __init__(self, loop, spawn, threads, lead):
        self._loop = loop
        self._spawn = spawn
        self._threads = threads
        self._lead = lead
        self._timed = 0  # coroutines that have a limit
        self._looking = False
        signal.signal(signal.SIGALRM, self._look)
        signal.siginterrupt(signal.SIGALRM, False)

    async def run(self, function, context, call, seconds):
        """What the function returns or raises; `seconds` of 0 is no limit. Raises TimedOut."""
        if seconds:
            call.deadline = monotonic() + seconds
        try:
            if function.is_async:
                value, error = await self._on_loop(function.main(context), call)
            else:
                value, error = await self._off_loop(function.main, context, call)
                if type(value) is not dict and error is None and isawaitable(value):
                    await self._lead.stay()
                    value, error = await self._on_loop(value, call)
            if isinstance(error, Interrupted) or (seconds and monotonic() >= call.deadline):
                raise TimedOut
        finally:
            call.deadline = None
        if error is not None:
            raise error
        return value

    async def _on_loop(self, awaitable, call):
        if call.deadline is None:
            return await self._spawn(outcome_of(awaitable))
        self._timed += 1
        if not self._looking:
            self._look_every(PERIOD_SECONDS)
        try:
            task = self._spawn(outcome_of(awaitable))
            if task.done():
                return task.result()
            future = self._loop.create_future()
            task.add_done_callback(lambda task: future.done() or future.set_result(task.result()))
            return await self._within_time(future, call, task.cancel)
        finally:
            self._timed -= 1

    async def _off_loop(self, main, context, call):
        job = Job(main, context)
        if self._lead.takes_calls:
            await job
        outcome = job.outcome
        if outcome is None:
            future = job.future or self._threads.start(job)
            if call.deadline:
                future = self._within_time(future, call, lambda: self._threads.interrupt(job))
            outcome = await future
        self._lead.learn(call.deadline if outcome[1] is EXPIRED else job.seconds)
        return outcome

    async def _within_time(self, future, call, interrupt):
        timer = self._loop.call_at(call.deadline, expire, future)
        value, error = await future
        timer.cancel()
        if error is EXPIRED:
            # After the logs are closed, so that the function's last words are not among them.
            self._loop.call_soon(interrupt)
        return value, error

    def _look(self, number, frame):
        """Called by a signal, in the midst of what the main thread does: ends a call that blocks it beyond its time."""
        call = current.get()
        if call is not None and call.deadline is not None and monotonic() > call.deadline + LATE_SECONDS:
            raise Interrupted
        if self._timed == 0:
            self._look_every(0)

    def _look_every(self, seconds):
        self._looking = seconds > 0
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


EXPIRED = Interrupted()


def expire(future):
    if not future.done():
        future.set_result((None, EXPIRED))


async def outcome_of(awaitable):
    """What it returned and what it raised: SystemExit and its like end the call, not the process."""
    try:
        return await awaitable, None
    except BaseException as error:
        return None, error
