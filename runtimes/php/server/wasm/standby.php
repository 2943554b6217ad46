<?php
// Warm standby: the interpreter has booted before there is a function, and waits for the function's environment.

namespace OpenRuntimes;

require dirname(__DIR__) . '/environment.php';

function standBy(): void
{
    $message = host('environment');
    if ($message !== '') {
        replaceEnvironment($message);
    }
}
