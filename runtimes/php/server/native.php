<?php
// What a function prints natively: echo through PHP's output buffer, STDOUT and STDERR through their descriptors.

namespace OpenRuntimes;

final class Native
{
    private Descriptors $descriptors;
    private int $level = 0;
    private string $line = '';

    public function __construct(Descriptors $descriptors)
    {
        $this->descriptors = $descriptors;
    }

    public function start(Logger $logger): void
    {
        $this->line = '';
        $this->descriptors->begin($logger->id);
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
        $logger->writeNative($this->descriptors->take());
    }
}
