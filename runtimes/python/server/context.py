"""What a function is called with."""

from .response import Response


class Context:
    def __init__(self, request, logger):
        self.req = request
        self.res = Response()
        self._logger = logger

    def log(self, *values):
        self._logger.log(*values)

    def error(self, *values):
        self._logger.error(*values)
