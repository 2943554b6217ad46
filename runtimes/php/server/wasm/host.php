<?php
// Calls of the operating system that PHP lacks as WebAssembly, carried out by the host (thread.mjs). They have the names and
// forms of PHP's own: code in this namespace finds these first, and so needs no knowledge of where it runs.

namespace OpenRuntimes;

const SOL_TCP = 6, TCP_NODELAY = 1, SOL_SOCKET = 1, SO_RCVTIMEO = 20, SOCKET_EINTR = 4, SOCKET_EAGAIN = 11, MSG_DONTWAIT = 64, SIGALRM = 14;

/** The one connection that a worker has, and its line to the host. */
final class Peer
{
    /** Milliseconds after which reading gives up; 0 for never. */
    public int $patience = 0;
}

/** Asks the host, and waits for the answer. */
function host(string $request): string
{
    return \post_message_to_js($request);
}

function socket_select(?array &$read, ?array &$write, ?array &$except, ?int $seconds, int $microseconds = 0): int
{
    // A connection and its line to the host are the same object here, so two of them mean: wait for both.
    $milliseconds = $seconds === null ? -1 : 1000 * $seconds + \intdiv($microseconds, 1000);
    $ready = host('wait ' . $milliseconds . (\count($read) > 1 ? ' words' : ''));
    $read = $ready === 'connection' ? $read : [];
    return \count($read);
}

/** @return string|false empty when the peer has closed, false when nothing has come in time */
function socket_read(Peer $peer, int $length)
{
    if ($peer->patience > 0 && host("wait {$peer->patience}") === '') {
        return false;
    }
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

/** A word of the host to this worker. */
function socket_recv(Peer $peer, ?string &$word, int $length, int $flags): int
{
    $word = host('word');
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
