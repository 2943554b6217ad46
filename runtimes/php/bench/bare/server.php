<?php
// The least that reads a request's head and answers a JSON hello: processes
// that accept on one socket, each serving one connection at a time.

const PROCESSES = 16;

$listener = stream_socket_server('tcp://0.0.0.0:3000', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN,
    stream_context_create(['socket' => ['backlog' => 1024, 'tcp_nodelay' => true]]));
for ($forked = 1; $forked < PROCESSES && pcntl_fork() !== 0; $forked++);

while (true) {
    $connection = @stream_socket_accept($listener, -1);
    while ($connection && ($head = readHead($connection)) !== '') {
        [$method, $target, $headers] = parseHead($head);
        $body = json_encode(['message' => 'Hello!']);
        $length = strlen($body);
        $head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: $length\r\n\r\n";
        fwrite($connection, $head . $body);
    }
}

/** The request line and the headers; empty when the caller has gone. */
function readHead($connection): string
{
    $head = '';
    while (substr($head, -4) !== "\r\n\r\n") {
        $bytes = fread($connection, 8192);
        if ($bytes === '' || $bytes === false) {
            return '';
        }
        $head .= $bytes;
    }
    return $head;
}

function parseHead(string $head): array
{
    $lines = explode("\r\n", substr($head, 0, -4));
    [$method, $target] = explode(' ', array_shift($lines));
    $headers = [];
    foreach ($lines as $line) {
        [$name, $value] = explode(':', $line, 2);
        $headers[strtolower($name)] = trim($value);
    }
    return [$method, $target, $headers];
}
