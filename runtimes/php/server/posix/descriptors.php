<?php
// The descriptors 1 and 2 of a worker: what a function writes there, past PHP's
// output buffer, ends up in a file in memory.

namespace OpenRuntimes;

final class Descriptors
{
    /** What both descriptors lead to; null where they cannot be redirected. */
    private $file = null;
    /** The container's own stderr, for what no request is to blame for. */
    private $console = null;

    /** Redirects the descriptors of this process. PHP has no call for that, the C library has. */
    public function redirect(): void
    {
        if (!extension_loaded('ffi')) {
            return;
        }
        $this->console = fopen('php://fd/2', 'w');
        $c = \FFI::cdef('int dup2(int, int); int memfd_create(const char *, unsigned int);');
        $file = $c->memfd_create('native output', 1);
        $c->dup2($file, 1);
        $c->dup2($file, 2);
        $this->file = fopen("php://fd/$file", 'r+');
    }

    /** A call begins, whose logs have this id. */
    public function begin(string $logId): void
    {
        // Nothing to do: the process itself sees the end of every call.
    }

    /** What has been written since the last time. */
    public function take(): string
    {
        if ($this->file === null || fstat($this->file)['size'] === 0) {
            return '';
        }
        rewind($this->file);
        $text = stream_get_contents($this->file);
        ftruncate($this->file, 0);
        rewind($this->file);
        return $text;
    }

    public function tellOperator(string $message): void
    {
        fwrite($this->console ?? STDERR, $message . "\n");
    }
}
