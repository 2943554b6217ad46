"""The request that a function sees."""

import json
import re

match_host = re.compile(r'(\[[^\]]*\]|[^:]*):([0-9]+)').fullmatch


class Request:
    """What the caller has sent. `body` goes by the content type: the parsed JSON, or the text."""

    def __init__(self, message):
        """This object takes over the headers of `message`."""
        self.method = message.method
        self.path, _, self.query_string = message.target.partition('?')
        self.headers = message.headers
        self.body_binary = message.body
        self._origin = self.headers.get('x-forwarded-proto') or 'http', self.headers.get('host', '')

    def __getattr__(self, name):
        """Makes what few functions ask for when one does."""
        if name in ('scheme', 'host', 'port', 'url'):
            self.scheme, self.host, self.port = read_origin(*self._origin)
            self.url = url_of(self)
        elif name == 'query':
            self.query = parse_query(self.query_string)
        else:
            raise AttributeError(f"'Request' object has no attribute '{name}'")
        return self.__dict__[name]

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


def read_origin(scheme, host):
    """Scheme, host and port."""
    match = match_host(host)
    if match:
        return scheme, match[1], int(match[2])
    return scheme, host, default_port(scheme)


def default_port(scheme):
    return 443 if scheme == 'https' else 80


def url_of(request):
    port = '' if request.port == default_port(request.scheme) else f':{request.port}'
    query = f'?{request.query_string}' if request.query_string else ''
    return f'{request.scheme}://{request.host}{port}{request.path}{query}'


def parse_query(query_string):
    query = {}
    for part in query_string.split('&'):
        name, _, value = part.partition('=')
        if name:
            query[name] = value
    return query
