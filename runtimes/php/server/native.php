<?php
// What a function prints through PHP's output buffer: a record for each write, so that it keeps its place among the
// logged, and no output that would keep PHP from setting headers, as sessions do.

namespace OpenRuntimes;

final class Native
{
    public static function start(): void
    {
        // Kept from call to call, unless a function has ended it.
        if (!self::isOnTop()) {
            ob_start([self::class, 'hear'], 1);
        }
    }

    public static function hear(string $text): string
    {
        if ($text !== '') {
            Wire::record('native', $text);
        }
        // Memory has run out. PHP prints that, or throws the buffers away, while it may still take some; the call of a
        // shutdown function will need it.
        $error = error_get_last();
        if ($error !== null && $error['type'] === E_ERROR && strncmp($error['message'], 'Allowed memory', 14) === 0) {
            ini_set('memory_limit', '-1');
        }
        return '';
    }

    /** Ends what a function has left open and others may wait for, or may want to read. */
    public static function stop(): void
    {
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        while (!self::isOnTop() && @ob_end_flush());
    }

    private static function isOnTop(): bool
    {
        $handlers = ob_list_handlers();
        return end($handlers) === self::class . '::hear';
    }
}
