"""The processes of the server: one stands by, the others serve; one that a function has ended is replaced."""

import atexit
import gc
import os
import signal
import socket
from time import monotonic

from .config import Config
from .native import tell_operator

# A function that ends its process while it loads would do so for ever.
YOUNG_SECONDS = 1
YOUNG_LIMIT = 5

# Where the kernel counts how often it has ended a process of the container for want of memory.
MEMORY_EVENTS = ('/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control')


class Stopped(BaseException):
    """The server is to stop."""


def listen(port):
    listener = socket.create_server(('', port), backlog=1024)
    listener.setblocking(False)
    return listener


class Workers:
    def __init__(self, count, serve):
        """`serve` is the life of a worker. It gets a descriptor that is at its end when the server stops."""
        self._count = count
        self._serve = serve
        self._started = {}  # when, by process id
        self._died_young = 0
        # Held open by this process alone: whatever ends it tells the workers.
        self._stop, self._running = os.pipe()

    def run(self, listener):
        """Ends this process: with 0 once it was told to stop, with 1 if no worker stays alive."""
        signal.signal(signal.SIGTERM, stop)
        if hasattr(gc, 'freeze'):
            gc.freeze()  # what there is stays where it is, so that workers go on sharing it
        try:
            for _ in range(self._count):
                self._start()
            while self._died_young < YOUNG_LIMIT:
                process, status = os.waitpid(-1, 0)
                self._replace(process, status)
        except Stopped:
            listener.close()
            self._drain()
            os._exit(0)
        tell_operator('The workers end as soon as they have started.')
        os._exit(1)

    def _start(self):
        process = os.fork()
        if process == 0:
            self._live()
        self._started[process] = monotonic()

    def _live(self):
        """The life of a worker, from its beginning to its end."""
        status = 1
        try:
            # Not ignored, which the programs that a function starts would inherit.
            signal.signal(signal.SIGTERM, lambda number, frame: None)
            os.close(self._running)
            self._serve(self._stop)
            atexit._run_exitfuncs()
            status = 0
        except BaseException as error:
            tell_operator(f'A worker has failed: {error!r}')
        finally:
            os._exit(status)  # without waiting for threads of the function

    def _replace(self, process, status):
        started = self._started.pop(process, None)
        if started is None:
            return  # not one of ours
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        if code == -signal.SIGKILL and ran_out_of_memory():
            # Callers of a container that has run out of memory are told so by whoever runs it.
            tell_operator('The function ran out of memory.')
            os._exit(128 + signal.SIGKILL)
        tell_operator(f'A worker has ended with exit code {code}. Another one takes its place.')
        self._died_young = self._died_young + 1 if monotonic() - started < YOUNG_SECONDS else 0
        self._start()

    def _drain(self):
        """Tells the workers to finish, and waits for them until the time is over."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(Config.DRAIN_SECONDS)
        os.close(self._running)
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            return
        except Stopped:
            for process in self._started:
                os.kill(process, signal.SIGKILL)


def ran_out_of_memory():
    for file in MEMORY_EVENTS:
        try:
            with open(file) as events:
                return any(line.startswith('oom_kill ') and line.split()[1] != '0' for line in events)
        except OSError:
            pass  # the other version of control groups
    return False


def stop(number, frame):
    raise Stopped
