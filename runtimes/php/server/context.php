<?php
// What a function is called with.

namespace OpenRuntimes;

final class Context
{
    public Request $req;
    public Response $res;

    public function __construct(array $message)
    {
        $this->req = new Request($message);
        $this->res = new Response();
    }

    public function log(...$values): void
    {
        Logger::write('log', $values);
    }

    public function error(...$values): void
    {
        Logger::write('error', $values);
    }
}
