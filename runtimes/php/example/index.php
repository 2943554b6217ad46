<?php

return function ($context) {
    $context->log("{$context->req->method} {$context->req->path}");

    return $context->res->json([
        'message' => 'Hello from PHP!',
        'method' => $context->req->method,
        'path' => $context->req->path,
        'query' => (object) $context->req->query,
    ]);
};
