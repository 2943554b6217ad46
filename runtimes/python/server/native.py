"""Records for the front, and what a function prints natively, which becomes records of the call that prints it."""

import io
import os
import sys
import threading
from contextvars import ContextVar

RECORDS = 3

# For all code that runs on behalf of a call, that call's id.
current = ContextVar('open_runtimes_call', default=None)
lock = threading.Lock()
# Nobody else writes records or answers: a call may be over before the processes that it has started.
server = None


class NativeOutput(io.RawIOBase):
    """The bytes below sys.stdout and sys.stderr."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        call = current.get()
        if call is None or os.getpid() != server:
            write_all(self._descriptor, data)
        else:
            record('native', call, bytes(data))
        return len(data)


def capture():
    global server
    server = os.getpid()
    os.set_inheritable(RECORDS, False)
    for name, descriptor in (('stdout', 1), ('stderr', 2)):
        output = NativeOutput(descriptor)
        text = io.TextIOWrapper(output, encoding='utf-8', errors='backslashreplace', newline='\n', write_through=True)
        setattr(sys, name, text)


def record(kind, call, text):
    if os.getpid() != server:
        write_all(1, text + b'\n')
    else:
        with lock:
            write_all(RECORDS, b'%s %s %d\n%s\n' % (kind.encode(), call.encode(), len(text), text))


def end_child():
    """A copy of this process that comes back from the function must not answer in its place."""
    if os.getpid() != server:
        os._exit(0)


def write_all(descriptor, data):
    try:
        while data:
            data = data[os.write(descriptor, data):]
    except OSError:
        pass  # whoever listened has gone
