<?php
// What a function is called with.

namespace OpenRuntimes;

final class Context
{
    public Request $req;
    public Response $res;
    private Logger $logger;

    public function __construct(Request $request, Logger $logger)
    {
        $this->req = $request;
        $this->res = new Response();
        $this->logger = $logger;
    }

    public function log(...$values): void
    {
        $this->logger->write('logs', $values);
    }

    public function error(...$values): void
    {
        $this->logger->write('errors', $values);
    }
}
