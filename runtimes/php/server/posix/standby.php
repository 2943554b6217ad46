<?php
// Warm standby: the server has booted before there is a function, and waits for the function's environment.

namespace OpenRuntimes;

require dirname(__DIR__) . '/environment.php';

/** Blocks, so that whoever connects meanwhile waits too. */
function standBy(): void
{
    $descriptor = getenv('OPEN_RUNTIMES_STANDBY_FD');
    if ($descriptor === false) {
        return; // the function is there
    }
    $message = file_get_contents("php://fd/$descriptor");
    if ($message === '') {
        exit(1); // nobody wants this server any more, or the function could not be unpacked
    }
    // PHP read a copy, and has no call that closes the descriptor itself; the C library has.
    if (extension_loaded('ffi')) {
        \FFI::cdef('int close(int);')->close((int) $descriptor);
    }
    replaceEnvironment($message);
}
