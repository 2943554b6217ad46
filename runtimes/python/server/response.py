"""What a function answers with, and what of it goes to the front."""

import json
import math

JSON_TYPE = 'application/json; charset=utf-8'
RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.'

encode = json.JSONEncoder(separators=(',', ':'), ensure_ascii=False, allow_nan=False).encode


def to_json(value):
    try:
        return encode(value)
    except ValueError:
        number = find_number(value)
        if number is None:
            raise
        raise ValueError(f'JSON cannot express the number {json.dumps(number)}.') from None


def find_number(value):
    """The first that JSON has no word for."""
    if isinstance(value, float):
        return None if math.isfinite(value) else value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return next((found for found in map(find_number, members) if found is not None), None)


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


def parts_of(output):
    """Status, headers and body of what a function has returned, as the front gets them."""
    status = json.dumps(output.get('statusCode', 200), default=str)
    headers = [
        (str(name), text_of(item))
        for name, value in (output.get('headers') or {}).items()
        if value is not None
        for item in items_of(str(name), value)
    ]
    body = output.get('body', '')
    return status, headers, body if is_stream(body) else whole_body(body)


def items_of(name, value):
    if isinstance(value, (list, tuple)):
        return value
    # Cookies that were joined, as languages do whose headers are strings only.
    return value.splitlines() if name.lower() == 'set-cookie' and isinstance(value, str) else [value]


def text_of(value):
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


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
