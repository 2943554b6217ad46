<?php
// What a server that has booted before there was a function takes over when one comes.

namespace OpenRuntimes;

/**
 * Leaves the variables of the message and no others.
 *
 * @param string $message `NAME=value`, each ended by a zero byte
 */
function replaceEnvironment(string $message): void
{
    foreach (array_keys(getenv()) as $name) {
        putenv((string) $name);
        unset($_SERVER[$name]);
    }
    foreach (explode("\0", $message) as $entry) {
        [$name, $value] = explode('=', $entry, 2) + ['', ''];
        if ($name !== '') {
            putenv($entry);
            $_SERVER[$name] = $value;
        }
    }
}
