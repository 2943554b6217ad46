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
is_server = True


def forked():
    """A child of the function writes no records: its call may be over, and another process may hold the lock."""
    global is_server, lock
    is_server = False
    lock = threading.Lock()


os.register_at_fork(after_in_child=forked)


def record(kind, call, text):
    if is_server:
        with lock:
            write_all(RECORDS, b'%s %s %d\n%s\n' % (kind.encode(), call.encode(), len(text), text))


class NativeOutput(io.RawIOBase):
    """The bytes below sys.stdout and sys.stderr."""

    def __init__(self, descriptor):
        super().__init__()
        self._descriptor = descriptor

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        data = bytes(data)
        call = current.get()
        if call is None or not is_server:
            write_all(self._descriptor, data)
        else:
            record('native', call, data)
        return len(data)


def capture():
    for name, descriptor in (('stdout', 1), ('stderr', 2)):
        output = NativeOutput(descriptor)
        text = io.TextIOWrapper(output, encoding='utf-8', errors='backslashreplace', newline='\n', write_through=True)
        setattr(sys, name, text)


def tell_operator(message):
    """Says on the container's own output what no call is to blame for."""
    write_all(2, (message.rstrip('\n') + '\n').encode('utf-8', 'backslashreplace'))


def write_all(descriptor, data):
    try:
        while data:
            data = data[os.write(descriptor, data):]
    except OSError:
        pass  # whoever listened has gone
