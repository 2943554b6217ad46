<?php
// Calls of the operating system that PHP lacks as WebAssembly, carried out by the host (thread.mjs). They have the
// names and forms of PHP's own: code in this namespace finds these first, and so needs no knowledge of where it runs.

namespace OpenRuntimes;

const SOL_TCP = 6, TCP_NODELAY = 1, SOL_SOCKET = 1, SO_RCVTIMEO = 20;
const SOCKET_EINTR = 4, SOCKET_EAGAIN = 11, MSG_DONTWAIT = 64, SIGALRM = 14;

/** The caller that a worker serves, whoever that is, and at once the worker's line to the host. */
final class Peer
{
    /** Milliseconds after which reading gives up; 0 for never. */
    public int $patience = 0;
    /** Whether reading has just given up: whoever tries again means to wait. */
    public bool $tried = false;
    /** Whether nothing but the end of what the caller sends is waited for. */
    public bool $leaving = false;
    /** Whether the worker has heard that the server stops. */
    public bool $stopped = false;
}

/** Asks the host, and waits for the answer. */
function host(string $request): string
{
    return \post_message_to_js($request);
}

function socket_select(?array &$read, ?array &$write, ?array &$except, ?int $seconds, int $microseconds = 0): int
{
    // Without a limit it is the next request that is waited for, and the line
    // to the host, which is the same object here.
    $ready = host($seconds === null ? 'request' : 'wait ' . (1000 * $seconds + \intdiv($microseconds, 1000)));
    $read = $ready === '' ? [] : $read;
    return \count($read);
}

/** @return string|false empty when the caller has closed, false when nothing has come in time */
function socket_read(Peer $peer, int $length)
{
    if ($peer->patience > 0 && ($peer->leaving || !$peer->tried)) {
        $peer->tried = host(($peer->leaving ? 'wait ' : 'soon ') . $peer->patience) === '';
        if ($peer->tried) {
            return false;
        }
    }
    $peer->tried = false;
    return host("read $length");
}

/** @return int|false */
function socket_write(Peer $peer, string $bytes)
{
    static $out = null;
    $out ??= \fopen('/dev/connection', 'wb');
    \fwrite($out, $bytes);
    return host('sent') === 'sent' ? \strlen($bytes) : false;
}

/**
 * A word of the host to this worker: that the server stops. It presses nobody,
 * since it can take callers away by itself.
 */
function socket_recv(Peer $peer, ?string &$word, int $length, int $flags): int
{
    $word = $peer->stopped ? '' : host('stopping');
    $peer->stopped = $peer->stopped || $word !== '';
    return \strlen($word);
}

/** A word of this worker to the host. */
function socket_send(Peer $peer, string $word, int $length, int $flags): int
{
    host('idle');
    return $length;
}

function socket_shutdown(Peer $peer, int $how): void
{
    $peer->leaving = true;
    host('shut');
}

function socket_close(Peer $peer): void
{
    host('close');
}

function socket_set_option(Peer $peer, int $level, int $option, $value): bool
{
    if ($option === SO_RCVTIMEO) {
        $peer->patience = 1000 * $value['sec'] + \intdiv($value['usec'], 1000);
    }
    return true;
}

function socket_last_error(Peer $peer): int
{
    return SOCKET_EAGAIN;
}

function pcntl_signal(int $signal, callable $handler): void
{
    // The alarm does not come as a signal here: the host ends the worker.
}

function pcntl_signal_get_handler(int $signal): int
{
    return 0;
}

function pcntl_alarm(int $seconds): void
{
    host("alarm $seconds");
}
