<?php
// What the environment says of PHP itself, and the one that comes with a function for which this process has waited.

namespace OpenRuntimes;

final class Environment
{
    /** @param string $message `NAME=value`, each ended by a zero byte; empty where all is there already */
    public static function prepare(string $message): void
    {
        if ($message !== '') {
            self::replace($message);
        }
        // Without a limit of its own, PHP would be ended by the kernel's, and nobody could say why.
        if (ini_get('memory_limit') === '-1') {
            ini_set('memory_limit', intdiv(3 * ((int) getenv('OPEN_RUNTIMES_MEMORY') ?: 512), 4) . 'M');
        }
        $zone = (string) getenv('TZ');
        if ($zone !== '' && @timezone_open($zone) !== false) {
            date_default_timezone_set($zone);
        }
    }

    /** Leaves the variables of the message and no others. */
    private static function replace(string $message): void
    {
        foreach (array_keys(getenv()) as $name) {
            putenv((string) $name);
            unset($_SERVER[$name]);
        }
        foreach (explode("\0", rtrim($message, "\0")) as $entry) {
            [$name, $value] = explode('=', $entry, 2) + ['', ''];
            putenv($entry);
            $_SERVER[$name] = $value;
        }
        // As WebAssembly: programs that a function starts have the host's environment.
        if (function_exists('post_message_to_js')) {
            post_message_to_js($message);
        }
    }
}
