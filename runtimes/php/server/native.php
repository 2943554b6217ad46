<?php
// What a function prints natively: echo through PHP's output buffer, STDOUT and STDERR through their descriptors.

namespace OpenRuntimes;

final class Native
{
    /** The file that descriptors 1 and 2 of a worker lead to; null where they cannot be redirected. */
    private $descriptors = null;
    private int $level = 0;
    private string $line = '';

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
        $this->descriptors = fopen("php://fd/$file", 'r+');
    }

    public function tellOperator(string $message): void
    {
        fwrite($this->console ?? STDERR, $message . "\n");
    }

    public function start(Logger $logger): void
    {
        $this->line = '';
        // A chunk size of 1 hands over each write at once, so that printed and logged lines keep their order.
        ob_start(function (string $text) use ($logger): string {
            $end = strrpos($text, "\n");
            if ($end === false) {
                $this->line .= $text;
            } else {
                $logger->writeNative($this->line . substr($text, 0, $end + 1));
                $this->line = substr($text, $end + 1);
            }
            return '';
        }, 1);
        $this->level = ob_get_level();
    }

    public function stop(Logger $logger): void
    {
        while (ob_get_level() >= $this->level && $this->level > 0) {
            ob_end_flush();
        }
        $this->level = 0;
        $logger->writeNative($this->line);
        if ($this->descriptors !== null && fstat($this->descriptors)['size'] > 0) {
            rewind($this->descriptors);
            $logger->writeNative(stream_get_contents($this->descriptors));
            ftruncate($this->descriptors, 0);
            rewind($this->descriptors);
        }
    }
}
