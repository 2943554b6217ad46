"""Serves one function over HTTP: the eleven steps of the contract."""

from _operator import _compare_digest as equal_in_constant_time

from .config import Config
from .context import Context
from .execution import Execution, TimedOut
from .loader import Loader, LoadError
from .logger import Logger, LogIds, collect_logs
from .native import Call, current
from .request import Request
from .response import TEXT_TYPE, is_stream, outgoing_headers, outgoing_status, whole_body
from .stream import open_body, stream
from .wire import BodyTooLarge, is_number

TEXT = f'content-type: {TEXT_TYPE}\r\n'
JSON = 'content-type: application/json; charset=utf-8\r\n'
UNAUTHORIZED = 'Unauthorized. Provide correct "x-open-runtimes-secret" header.'
BAD_TIMEOUT = 'Header "x-open-runtimes-timeout" must be an integer greater than 0.'
BODY_TOO_LARGE = 'Request body size exceeds 20MB limit.'
RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.'


class Server:
    def __init__(self, config, loop, spawn, threads, lead):
        self._config = config
        self._spawn = spawn
        self._threads = threads
        self._execution = Execution(loop, spawn, threads, lead)
        self._log_ids = LogIds(config.development)
        self.loader = Loader(config)

    async def handle(self, connection, head):
        """Raises Disconnected."""
        control = head.control
        path = head.path

        # 1. Probe
        if path == '/__opr/health':
            return connection.answer(200, TEXT, b'OK')
        if path == '/__opr/timings':
            return connection.answer(200, TEXT, read_timings())

        # 2. Authorize
        if not self._is_authorized(control.get('x-open-runtimes-secret', '')):
            return reject(connection, 401, UNAUTHORIZED)
        if head.method == 'GET' and path.startswith('/__opr/logs/'):
            return connection.answer(200, JSON, collect_logs(path[12:]).encode('utf-8', 'replace'))

        # 3. Read the timeout
        timeout = control.get('x-open-runtimes-timeout')
        seconds = 0 if timeout is None else float(timeout) if is_number(timeout) else -1
        if timeout is not None and seconds <= 0:
            return reject(connection, 500, BAD_TIMEOUT)

        # 4. Open the logger
        logger = Logger(self._log_ids, control.get('x-open-runtimes-logging'), control.get('x-open-runtimes-log-id'))

        # 5. Read the body
        try:
            body = await connection.read_body()
        except BodyTooLarge:
            return reject(connection, 413, BODY_TOO_LARGE, logger.id)

        # 6. Create the context
        context = Context(Request(self._config, head, body), logger)
        call = Call(logger)
        current.set(call)

        try:
            # 7. Load the function
            function = self.loader.load()
            # 8. Run the function
            output = await self._execution.run(function, context, call, seconds)
            # 9. Check the output
            status, lines, body, streams = self._checked(output, logger)
        except BaseException as error:
            status, lines, body, streams = failure(error, logger)

        # 10. Flush the logs
        if streams:
            logger.flush()
        else:
            logger.close()

        # 11. Write the response
        if streams:
            self._spawn(stream(connection, status, lines, body, logger))
        else:
            connection.answer(status, lines, body)

    def _is_authorized(self, secret):
        expected = self._config.secret
        return not expected or equal_in_constant_time(secret.encode('utf-8', 'surrogateescape'), expected)

    def _checked(self, output, logger):
        """Status, header lines, body, and whether that is a stream. Raises if the output cannot be sent."""
        if not isinstance(output, dict):
            logger.error(RETURN_MISSING)
            return failed(500, logger)
        status = outgoing_status(output.get('statusCode', 200))
        lines = outgoing_headers(output.get('headers') or {}, logger.id)
        body = output.get('body')
        if is_stream(body):
            return status, lines, open_body(body, self._threads), True
        return status, lines, whole_body(body), False


def failure(error, logger):
    if isinstance(error, LoadError):
        logger.error(str(error))
        return failed(503, logger)
    logger.error('Execution timed out.' if isinstance(error, TimedOut) else error)
    return failed(500, logger)


def failed(status, logger):
    return status, outgoing_headers({}, logger.id), b'', False


def reject(connection, status, message, log_id=''):
    connection.answer(status, f'{TEXT}x-open-runtimes-log-id: {log_id}\r\n', message.encode())


def read_timings():
    try:
        with open(Config.TIMINGS_FILE, 'rb') as file:
            return file.read()
    except OSError:
        return b''
