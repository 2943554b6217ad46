"""What a function is called with."""

from _open_runtimes.request import Request
from _open_runtimes.response import Response


class Context:
    def __init__(self, message, logger):
        self.req = Request(message)
        self.res = Response()
        self.log = logger.log
        self.error = logger.error
