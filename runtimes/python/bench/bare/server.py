"""The least that reads a request's head and answers a JSON hello, with this language's own event loop."""

import asyncio
import json


class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.head = b''

    def data_received(self, data):
        self.head += data
        if self.head.endswith(b'\r\n\r\n'):
            method, target, headers = parse(self.head)
            self.head = b''
            body = json.dumps({'message': 'Hello!'}).encode()
            headers = f'content-type: application/json; charset=utf-8\r\ncontent-length: {len(body)}\r\n'
            head = f'HTTP/1.1 200 OK\r\n{headers}\r\n'
            self.transport.write(head.encode() + body)


def parse(head):
    line, *lines = head[:-4].decode('latin-1').split('\r\n')
    method, target, version = line.split(' ')
    headers = {}
    for line in lines:
        name, colon, value = line.partition(':')
        headers[name.lower()] = value.strip()
    return method, target, headers


async def main():
    server = await asyncio.get_running_loop().create_server(Connection, '0.0.0.0', 3000, backlog=1024)
    await server.serve_forever()


asyncio.run(main())
