"""Leads what a function prints natively to the logs of the request that it
serves; all else goes to the container's own output."""

import io
import os
import sys
from contextvars import ContextVar

# For all code that runs on behalf of a request, that request's `Call`.
current = ContextVar('open_runtimes_call', default=None)


class Call:
    """What is known of a call of the function while it runs."""

    __slots__ = ('logger', 'deadline')

    def __init__(self, logger):
        self.logger = logger
        self.deadline = None  # by time.monotonic(), while the function runs and may be interrupted


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
        if call is None:
            write_console(self._descriptor, data)
        else:
            call.logger.write_native(data)
        return len(data)


def capture_native_output():
    for name, descriptor in (('stdout', 1), ('stderr', 2)):
        output = NativeOutput(descriptor)
        text = io.TextIOWrapper(
            output, encoding='utf-8', errors='backslashreplace', newline='\n', write_through=True
        )
        setattr(sys, name, text)


def tell_operator(message):
    """Says on the container's own output what no request is to blame for, or nobody waits to be told."""
    write_console(2, (message.rstrip('\n') + '\n').encode('utf-8', 'backslashreplace'))


def write_console(descriptor, data):
    try:
        write_all(descriptor, data)
    except OSError:
        pass  # whoever listened has gone


def write_all(descriptor, data):
    """Raises OSError."""
    while data:
        data = data[os.write(descriptor, data):]
