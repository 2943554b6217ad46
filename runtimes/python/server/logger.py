"""What the function says through its context: text of values, and records of it for the front."""

import json
import os
import traceback

from _open_runtimes import native

SERVER_FOLDER = os.path.dirname(os.path.abspath(__file__))
FUNCTION_FOLDER = '/usr/local/server/src/function'

to_json = json.JSONEncoder(separators=(',', ':'), ensure_ascii=False, default=lambda value: format_value(value)).encode


def write(kind, call, *values):
    native.record(kind, call, ' '.join(map(format_value, values)).encode('utf-8', 'replace'))


def format_value(value):
    """Strings as they are, lists and dicts as compact JSON, errors with their stack, anything else its usual text.
    Nothing in here raises, whatever the value does."""
    try:
        if isinstance(value, BaseException):
            return describe(value)
        if isinstance(value, (dict, list, tuple)):
            try:
                return to_json(value)
            except (TypeError, ValueError, RecursionError):
                pass  # its keys are no text, or it contains itself: Python's own notation can say that
        return str(value)
    except BaseException:
        return f'<{type(value).__name__}>'


def describe(error):
    """Message and stack of an error, from where it left the server's own code on."""
    return ''.join(traceback.format_exception(type(error), error, below_server(error.__traceback__))).rstrip('\n')


def below_server(trace):
    """A trace without the frames that lead through the server and the import machinery to the function."""
    first = trace
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(FUNCTION_FOLDER):
            return trace
        if name.startswith((SERVER_FOLDER, '<frozen importlib')):
            first = trace.tb_next
        trace = trace.tb_next
    return first
