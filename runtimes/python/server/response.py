"""What a function answers with, and what of it goes to the front."""

import json

JSON_TYPE = 'application/json; charset=utf-8'
RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.'

encode = json.JSONEncoder(separators=(',', ':'), ensure_ascii=False, allow_nan=False).encode


def to_json(value):
    try:
        return encode(value)
    except ValueError:
        # The oldest Pythons do not say which number it was; reading what JSON has no word for does.
        json.loads(json.dumps(value), parse_constant=refuse)
        raise


def refuse(number):
    raise ValueError(f'JSON cannot express the number {number}.') from None


class Response:
    # `statusCode` is its name in the answer that a function returns, and in published functions.
    def text(self, body, status_code=200, headers=None, *, statusCode=None):
        return answer(body, statusCode or status_code, headers)

    binary = text
    send = text  # deprecated: name the kind of the body

    def json(self, value, status_code=200, headers=None, *, statusCode=None):
        return answer(to_json(value), statusCode or status_code, headers, ('content-type', JSON_TYPE))

    def redirect(self, url, status_code=301, headers=None, *, statusCode=None):
        return answer('', statusCode or status_code, headers, ('location', url))

    def empty(self):
        return answer('', 204, None)


def answer(body, status, headers, own=None):
    """`own` is the header that this kind of answer has, in place of a given one, however its name was written."""
    headers = dict(headers or {})
    if own:
        headers = {name: value for name, value in headers.items() if str(name).lower() != own[0]}
        headers[own[0]] = own[1]
    return {'body': body, 'statusCode': status, 'headers': headers}


def parts_of(output):
    """Status, headers and body of what a function has returned, as the front gets them."""
    status = json.dumps(output.get('statusCode', 200), default=str)
    headers = [
        (str(name), str(item).lower() if isinstance(item, bool) else str(item))
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


def is_stream(body):
    """Whether a body is still being made: an iterator or a generator, of either kind."""
    return hasattr(body, '__aiter__') or hasattr(body, '__next__')


def whole_body(body):
    """The bytes of a body that is all there."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if isinstance(body, (dict, list)):
        body = to_json(body)
    return ('' if body is None else str(body)).encode('utf-8', 'replace')
