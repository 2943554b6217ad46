"""The text of a logged value. Nothing in here raises, whatever the value does."""

import json
import os
import traceback

from .config import Config

SERVER_FOLDER = os.path.dirname(os.path.abspath(__file__))

to_json = json.JSONEncoder(separators=(',', ':'), ensure_ascii=False, default=lambda value: format_value(value)).encode


def format_value(value):
    """Strings as they are, lists and dicts as compact JSON, errors with their stack, anything else its usual text."""
    if type(value) is str:
        return value
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
    try:
        return ''.join(traceback.format_exception(type(error), error, below_server(error.__traceback__))).rstrip('\n')
    except BaseException:
        return f'<{type(error).__name__}>'


def below_server(trace):
    """A trace without the frames that lead through the server and the import machinery to the function."""
    first = trace
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(Config.FUNCTION_FOLDER):
            return trace
        if name.startswith(SERVER_FOLDER) or name.startswith('<frozen importlib'):
            first = trace.tb_next
        trace = trace.tb_next
    return first
