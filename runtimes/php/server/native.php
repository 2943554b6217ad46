<?php
// What a function prints natively: echo through PHP's output buffer, STDOUT and STDERR through their descriptors.

namespace OpenRuntimes;

final class Native
{
    private Descriptors $descriptors;
    private ?Logger $logger = null;
    private string $line = '';

    public function __construct(Descriptors $descriptors)
    {
        $this->descriptors = $descriptors;
    }

    public function start(Logger $logger): void
    {
        $this->logger = $logger;
        $this->line = '';
        $this->descriptors->begin($logger->id);
        // The buffer is kept from call to call, unless a function has ended it.
        if (!self::isOnTop()) {
            // A chunk size of 1 hands over each write at once, so that printed and logged lines keep their order.
            ob_start([$this, 'hear'], 1);
        }
    }

    public function hear(string $text): string
    {
        $end = strrpos($text, "\n");
        if ($end === false) {
            $this->line .= $text;
        } elseif ($this->logger !== null) {
            $this->logger->writeNative($this->line . substr($text, 0, $end + 1));
            $this->line = substr($text, $end + 1);
        }
        return '';
    }

    public function stop(Logger $logger): void
    {
        // Buffers that the function has left open end with its call.
        while (!self::isOnTop() && @ob_end_flush());
        $logger->writeNative($this->line);
        $logger->writeNative($this->descriptors->take());
        $this->logger = null;
    }

    private static function isOnTop(): bool
    {
        $handlers = ob_list_handlers();
        return end($handlers) === self::class . '::hear';
    }
}
