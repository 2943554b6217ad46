<?php
// The bytes of one socket: read ahead into a buffer, written until all are gone.

namespace OpenRuntimes;

final class ByteStream
{
    /** @var resource|\Socket */
    private $socket;
    private string $buffer = '';
    private bool $ended = false;

    /** @param int $patience milliseconds that `comesSoon` waits */
    public function __construct($socket, int $patience)
    {
        $this->socket = $socket;
        @socket_set_option($socket, SOL_TCP, TCP_NODELAY, 1);
        @socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => 0, 'usec' => 1000 * $patience]);
    }

    /** Whether bytes are there or come in a moment; the end of all bytes counts. One call of the system if they do. */
    public function comesSoon(): bool
    {
        return $this->buffer !== '' || $this->fill(false) || $this->ended;
    }

    /** Waits until this or the other socket has something to read. @return bool whether this one has */
    public function waitBeside($other): bool
    {
        return $this->waitFor([$this->socket, $other], null);
    }

    public function waitAtMost(int $milliseconds): bool
    {
        return $this->waitFor([$this->socket], $milliseconds);
    }

    private function waitFor(array $read, ?int $milliseconds): bool
    {
        $write = $except = null;
        $ready = @socket_select($read, $write, $except, $milliseconds === null ? null : 0, 1000 * (int) $milliseconds);
        return $ready > 0 && in_array($this->socket, $read, true);
    }

    /**
     * All up to a separator, which is dropped; null when the peer has closed before the first byte.
     *
     * @throws BadRequest when more than `$limit` bytes came without it
     */
    public function takeUntil(string $separator, int $limit): ?string
    {
        while (($end = strpos($this->buffer, $separator)) === false) {
            if (strlen($this->buffer) > $limit) {
                throw new BadRequest('Request headers are too large.', 431);
            }
            if (!$this->fill(true)) {
                if ($this->buffer === '') {
                    return null;
                }
                throw new Disconnected();
            }
        }
        $taken = substr($this->buffer, 0, $end);
        $this->buffer = substr($this->buffer, $end + strlen($separator));
        return $taken;
    }

    /** A line without its end. @throws Disconnected when the peer has closed */
    public function takeLine(): string
    {
        $line = $this->takeUntil("\r\n", 8192);
        if ($line === null) {
            throw new Disconnected();
        }
        return $line;
    }

    public function take(int $length): string
    {
        $parts = [$this->buffer];
        $have = strlen($this->buffer);
        while ($have < $length) {
            $bytes = $this->read(min(1 << 18, $length - $have), true);
            if ($bytes === '') {
                throw new Disconnected();
            }
            $parts[] = $bytes;
            $have += strlen($bytes);
        }
        $all = implode('', $parts);
        $this->buffer = substr($all, $length);
        return substr($all, 0, $length);
    }

    public function write(string $bytes): void
    {
        for ($from = 0, $length = strlen($bytes); $from < $length; $from += $sent) {
            $sent = @socket_write($this->socket, $from === 0 ? $bytes : substr($bytes, $from, 1 << 20));
            if ($sent === false) {
                if (socket_last_error($this->socket) !== SOCKET_EINTR) {
                    throw new Disconnected();
                }
                $sent = 0;
            }
        }
    }

    /**
     * Ends our side and reads what the peer still sends, so that closing does not throw away what it has yet to read.
     */
    public function discard(int $limit): void
    {
        @socket_shutdown($this->socket, 1);
        @socket_set_option($this->socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => 1, 'usec' => 0]);
        for ($left = $limit; $left > 0; $left -= strlen($bytes)) {
            $bytes = @socket_read($this->socket, 65536);
            if ($bytes === false || $bytes === '') {
                return;
            }
        }
    }

    public function close(): void
    {
        @socket_close($this->socket);
    }

    /** @return bool whether bytes came */
    private function fill(bool $patiently): bool
    {
        $bytes = $this->read(65536, $patiently);
        $this->buffer .= $bytes;
        return $bytes !== '';
    }

    /** What comes next; nothing at the end, and when nothing has come for a moment and patience is not asked for. */
    private function read(int $length, bool $patiently): string
    {
        while (!$this->ended) {
            $bytes = @socket_read($this->socket, $length);
            if (is_string($bytes) && $bytes !== '') {
                return $bytes;
            }
            $this->ended = $bytes === ''
                || !in_array(socket_last_error($this->socket), [SOCKET_EINTR, SOCKET_EAGAIN], true);
            if (!$patiently) {
                break;
            }
        }
        return '';
    }
}
