"""The text of HTTP/1.1: what a request's head may look like, and what goes wrong with it."""

import re

HEAD_LIMIT = 64 * 1024
CONTINUE = b'HTTP/1.1 100 Continue\r\n\r\n'
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

REASONS = {
    200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content', 301: 'Moved Permanently',
    302: 'Found', 303: 'See Other', 304: 'Not Modified', 307: 'Temporary Redirect', 308: 'Permanent Redirect',
    400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
    409: 'Conflict', 410: 'Gone', 413: 'Content Too Large', 415: 'Unsupported Media Type', 418: "I'm a teapot",
    422: 'Unprocessable Content', 429: 'Too Many Requests', 431: 'Request Header Fields Too Large',
    500: 'Internal Server Error', 501: 'Not Implemented',
    502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
}
STATUS_LINES = {status: f'HTTP/1.1 {status} {reason}\r\n' for status, reason in REASONS.items()}
BODILESS = frozenset([204, 304])

match_request_line = re.compile(rf'({TOKEN}) (?! )(([^\x00-\x20?\x7f]*)[^\x00-\x20\x7f]*) HTTP/1\.([01])').fullmatch
is_token = re.compile(TOKEN).fullmatch
has_line_break = re.compile('[\r\n\0]').search

# Headers that are the executor's business, not the function's.
RESERVED_PREFIX = 'x-open-runtimes-'

KNOWN_LINES_LIMIT = 1000
KNOWN_LINE_LENGTH = 200


class BadRequest(Exception):
    """The peer sent what is not HTTP; `status` is the answer."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.status = status


class BodyTooLarge(Exception):
    """The body has more bytes than a function may get."""


class Disconnected(Exception):
    """The peer is gone."""


class Head:
    """A request without its body."""

    __slots__ = ('method', 'path', 'query_string', 'headers', 'control', 'chunks', 'persistent', 'asks')

    def __init__(self, data):
        """`data` is all up to the empty line. Raises BadRequest."""
        lines = data.decode('utf-8', 'surrogateescape').lstrip('\r\n').split('\r\n')
        self.method, self.path, self.query_string, self.chunks = request_lines[lines[0]]
        del lines[0]
        headers, control = {}, {}
        for line in lines:
            name, value, reserved = header_lines[line]
            kind = control if reserved else headers
            kind[name] = value if name not in kind else join_values(name, kind[name], value)
        self.headers = headers
        self.control = control  # those of the executor, which functions do not see
        if 'content-length' in headers or 'transfer-encoding' in headers:
            check_framing(headers)
        self.persistent = self.chunks and ('connection' not in headers or 'close' not in headers['connection'].lower())
        self.asks = 'expect' in headers  # whether the peer waits to be told that its body is welcome


class Lines(dict):
    """What lines say, which is remembered: few differ, so looking one up is
    cheaper than reading it again. Raises BadRequest."""

    def __init__(self, parse):
        super().__init__()
        self._parse = parse

    def __missing__(self, line):
        # Characters that other readers of the same bytes take for the end of a line, or of all.
        if has_line_break(line):
            raise BadRequest('Malformed request.')
        parsed = self._parse(line)
        if len(line) <= KNOWN_LINE_LENGTH:
            if len(self) >= KNOWN_LINES_LIMIT:
                self.clear()
            self[line] = parsed
        return parsed


def parse_request_line(line):
    """Method, path, query string, and whether the peer understands an answer in chunks."""
    match = match_request_line(line)
    if not match:
        raise BadRequest('Malformed request line.')
    method, target, path, version = match.groups()
    return method, path, target[len(path) + 1:], version == '1'


def parse_header(line):
    """Name in lower case, value, and whether it is a control header."""
    name, colon, value = line.partition(':')
    if not colon or not is_token(name):
        raise BadRequest('Malformed header line.')
    name = name.lower()
    return name, value.strip(' \t'), name.startswith(RESERVED_PREFIX)


request_lines = Lines(parse_request_line)
header_lines = Lines(parse_header)


def join_values(name, value, other):
    if name == 'host' or name == 'content-length':
        raise BadRequest(f'Repeated {name} header.')
    return f"{value}{'; ' if name == 'cookie' else ', '}{other}"


def check_framing(headers):
    length = headers.get('content-length')
    encoding = headers.get('transfer-encoding')
    if length is not None and not is_number(length):
        raise BadRequest('Malformed body framing.')
    # Two ways to tell where a body ends are how requests are smuggled past a proxy.
    if encoding is not None and (length is not None or encoding.lower() != 'chunked'):
        raise BadRequest('Malformed body framing.')


def is_number(text):
    return text.isascii() and text.isdigit()


def status_line(status):
    return STATUS_LINES.get(status) or f'HTTP/1.1 {status} \r\n'
