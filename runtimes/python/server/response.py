"""What a function answers with, and how that reads on the wire."""

import json

from .wire import RESERVED_PREFIX, has_line_break, is_token

# Framing belongs to the server: what the function says of it could disagree with the body.
FRAMING = frozenset(['content-length', 'transfer-encoding', 'connection', 'keep-alive'])
JSON_TYPE = 'application/json; charset=utf-8'
TEXT_TYPE = 'text/plain; charset=utf-8'

to_json = json.JSONEncoder(separators=(',', ':'), ensure_ascii=False).encode


class Response:
    """Makes answers. The status may be named `status_code`, or `statusCode` as
    in the answer that a function returns."""

    def text(self, body, status_code=200, headers=None, *, statusCode=None):
        return answer(body, statusCode or status_code, dict(headers or {}))

    def binary(self, body, status_code=200, headers=None, *, statusCode=None):
        return answer(body, statusCode or status_code, dict(headers or {}))

    def json(self, value, status_code=200, headers=None, *, statusCode=None):
        return answer(to_json(value), statusCode or status_code, with_header(headers, 'content-type', JSON_TYPE))

    def redirect(self, url, status_code=301, headers=None, *, statusCode=None):
        return answer('', statusCode or status_code, with_header(headers, 'location', url))

    def empty(self):
        return answer('', 204, {})

    def send(self, body, status_code=200, headers=None, *, statusCode=None):
        """Deprecated: name the kind of the body: text, binary or json."""
        return answer(body, statusCode or status_code, dict(headers or {}))


def answer(body, status_code, headers):
    return {'body': body, 'statusCode': status_code, 'headers': headers}


def with_header(headers, name, value):
    """A copy of some headers in which one has a new value, however its name was written."""
    copy = {given: other for given, other in headers.items() if given.lower() != name} if headers else {}
    copy[name] = value
    return copy


def outgoing_status(status_code):
    """The status that goes out. Raises ValueError if the function's is none that can end a request."""
    status = int(status_code)
    if not 200 <= status <= 999:
        raise ValueError(f'Invalid status code: {status_code}')
    return status


def outgoing_headers(headers, log_id):
    """The lines that go out, without framing. Raises ValueError if some cannot be sent."""
    lines = []
    content_type = TEXT_TYPE
    for name, value in headers.items():
        if value is None:
            continue
        name = name.lower()
        if value is JSON_TYPE and name == 'content-type':
            content_type = value  # as most answers have it, and as it has to be
        elif name == 'content-type':
            last = value[-1] if isinstance(value, (list, tuple)) and value else value
            content_type = with_charset(text_of(name, last))
        elif name not in FRAMING and not name.startswith(RESERVED_PREFIX):
            if not is_token(name):
                raise ValueError(f'Invalid header name: {name!r}')
            lines.extend([f'{name}: {text_of(name, item)}\r\n' for item in items_of(name, value)])
    lines.append(f'content-type: {content_type}\r\nx-open-runtimes-log-id: {log_id}\r\n')
    return ''.join(lines)


def items_of(name, value):
    if isinstance(value, (list, tuple)):
        return value
    # Cookies that were joined, as languages do whose headers are strings only.
    return value.splitlines() if name == 'set-cookie' and isinstance(value, str) else [value]


def text_of(name, value):
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    # A line break in a value would let it write headers of its own.
    if has_line_break(text):
        raise ValueError(f'Invalid value of the header {name}: {text!r}')
    return text


def with_charset(content_type):
    media, semicolon, parameters = content_type.partition(';')
    whole = media.lower() + semicolon + parameters
    return whole if whole.startswith('multipart/') or 'charset=' in whole.lower() else f'{whole}; charset=utf-8'


def is_stream(body):
    """Whether a body is still being made: an iterator or a generator, of either kind."""
    return not isinstance(body, (str, bytes)) and (hasattr(body, '__aiter__') or hasattr(body, '__next__'))


def whole_body(body):
    """The bytes of a body that is all there."""
    if isinstance(body, str):
        return body.encode('utf-8', 'replace')
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if body is None:
        return b''
    return (to_json(body) if isinstance(body, (dict, list)) else str(body)).encode('utf-8', 'replace')
