"""The text of HTTP/1.1: what a request's head may look like, and what goes wrong with it."""

import re

HEAD_LIMIT = 64 * 1024
CONTINUE = b'HTTP/1.1 100 Continue\r\n\r\n'
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

REASONS = {
    200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content', 301: 'Moved Permanently',
    302: 'Found', 303: 'See Other', 304: 'Not Modified', 307: 'Temporary Redirect', 308: 'Permanent Redirect',
    400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict',
    410: 'Gone', 413: 'Content Too Large', 415: 'Unsupported Media Type', 418: "I'm a teapot", 422: 'Unprocessable Content',
    429: 'Too Many Requests', 431: 'Request Header Fields Too Large', 500: 'Internal Server Error', 501: 'Not Implemented',
    502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
}
BODILESS = frozenset([204, 304])

match_request_line = re.compile(rf'({TOKEN}) ([^\x00-\x20\x7f]+) HTTP/1\.([01])').fullmatch
is_token = re.compile(TOKEN).fullmatch

# Names as they were sent and in lower case: few differ, so looking one up is cheaper than examining it again.
known_names = {}
KNOWN_NAMES_LIMIT = 1000


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

    __slots__ = ('method', 'target', 'headers', 'chunks', 'persistent', 'asks')

    def __init__(self, data):
        """`data` is all up to the empty line. Raises BadRequest."""
        text = data.decode('utf-8', 'surrogateescape').lstrip('\r\n')
        line, *lines = text.split('\r\n')
        # Characters that other readers of the same bytes take for the end of a line, or of all.
        if text.count('\n') != len(lines) or text.count('\r') != len(lines) or '\0' in text:
            raise BadRequest('Malformed request.')
        match = match_request_line(line)
        if not match:
            raise BadRequest('Malformed request line.')
        self.method, self.target, version = match.groups()
        self.headers = parse_headers(lines)
        check_framing(self.headers)
        self.chunks = version == '1'  # whether the peer understands an answer in chunks
        self.persistent = self.chunks and 'close' not in self.headers.get('connection', '').lower()
        self.asks = 'expect' in self.headers  # whether the peer waits to be told that its body is welcome


def parse_headers(lines):
    headers = {}
    for line in lines:
        name, colon, value = line.partition(':')
        name = known_names.get(name) or learn_name(name)
        if not colon:
            raise BadRequest('Malformed header line.')
        value = value.strip(' \t')
        if name not in headers:
            headers[name] = value
        elif name == 'host' or name == 'content-length':
            raise BadRequest(f'Repeated {name} header.')
        else:
            headers[name] += ('; ' if name == 'cookie' else ', ') + value
    return headers


def learn_name(name):
    if not is_token(name):
        raise BadRequest('Malformed header line.')
    if len(known_names) < KNOWN_NAMES_LIMIT:
        known_names[name] = name.lower()
    return name.lower()


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
    return f"HTTP/1.1 {status} {REASONS.get(status, '')}\r\n"
