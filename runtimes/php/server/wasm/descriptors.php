<?php
// The descriptors 1 and 2 of a worker: the host collects what a function writes there, past PHP's output buffer.

namespace OpenRuntimes;

final class Descriptors
{
    public function redirect(): void
    {
        // Nothing to do: the host has had both descriptors from the start.
    }

    /** A call begins, whose logs have this id: the host writes there when the call ends without a word from PHP. */
    public function begin(string $logId): void
    {
        host("begin $logId");
    }

    /** What has been written since the last time. */
    public function take(): string
    {
        return host('take');
    }

    public function tellOperator(string $message): void
    {
        host("tell $message");
    }
}
