"""The request that a function sees."""

import json
import re

RESERVED_PREFIX = 'x-open-runtimes-'

match_host = re.compile(r'(\[[^\]]*\]|[^:]*):([0-9]+)').fullmatch


class Request:
    """What the caller has sent. `body` goes by the content type: the parsed JSON, or the text."""

    def __init__(self, config, method, target, headers, body):
        """`headers` as they came, names in lower case; this object takes them over."""
        self.method = method.upper()
        self.scheme = headers.get('x-forwarded-proto') or 'http'
        default_port = 443 if self.scheme == 'https' else 80
        self.host, self.port = headers.get('host', ''), default_port
        match = match_host(self.host)
        if match:
            self.host, self.port = match[1], int(match[2])
        self.path, _, self.query_string = target.partition('?')
        self.url = (
            f"{self.scheme}://{self.host}{'' if self.port == default_port else f':{self.port}'}{self.path}"
            f"{f'?{self.query_string}' if self.query_string else ''}"
        )
        self.headers = visible_headers(config, headers)
        self.query = parse_query(self.query_string) if self.query_string else {}
        self.body_binary = body

    @property
    def body_text(self):
        return self.body_binary.decode('utf-8', 'replace')

    @property
    def body_raw(self):
        """Deprecated: the old name of body_text."""
        return self.body_text

    @property
    def body_json(self):
        try:
            return json.loads(self.body_text)
        except json.JSONDecodeError as error:
            raise json.JSONDecodeError(f'Invalid JSON in the request body: {error.msg}', error.doc, error.pos) from None

    @property
    def body(self):
        if not self.headers.get('content-type', '').lower().startswith('application/json'):
            return self.body_text
        return self.body_json if self.body_binary else {}


def visible_headers(config, headers):
    for name in [name for name in headers if name.startswith(RESERVED_PREFIX)]:
        del headers[name]
    if headers.get('authorization') == config.authorization:
        del headers['authorization']
    headers.update(config.enforced_headers)
    return headers


def parse_query(query_string):
    query = {}
    for part in query_string.split('&'):
        name, _, value = part.partition('=')
        if name:
            query[name] = value
    return query
