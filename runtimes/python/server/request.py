"""The request that a function sees."""

import json
import re

match_host = re.compile(r'(\[[^\]]*\]|[^:]*):([0-9]+)').fullmatch


class Request:
    """What the caller has sent. `body` goes by the content type: the parsed JSON, or the text."""

    def __init__(self, message):
        self.method = message.method
        self.headers = message.headers
        self.body_binary = message.body
        self.path, _, self.query_string = message.target.partition('?')
        parts = [part.partition('=') for part in self.query_string.split('&')]
        self.query = {name: value for name, _, value in parts if name}
        self.scheme = self.headers.get('x-forwarded-proto') or 'http'
        default = 443 if self.scheme == 'https' else 80
        self.host, self.port = self.headers.get('host', ''), default
        match = match_host(self.host)
        if match:
            self.host, self.port = match[1], int(match[2])
        port = '' if self.port == default else f':{self.port}'
        query = f'?{self.query_string}' if self.query_string else ''
        self.url = f'{self.scheme}://{self.host}{port}{self.path}{query}'

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
