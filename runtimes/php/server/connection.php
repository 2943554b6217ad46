<?php
// HTTP/1.1 on one socket: reads requests, writes answers.

namespace OpenRuntimes;

final class Connection
{
    private const HEAD_LIMIT = 64 * 1024;
    private const SOON_MS = 20;
    private const LAST_CALL_MS = 50;

    public string $method = '';
    public string $target = '';
    /** @var array<string, string> names in lower case, repeated ones joined */
    public array $headers = [];
    /** Whether the connection may serve another request after this one. */
    public bool $keep = true;
    private int $served = 0;
    private bool $bodyRead = true;
    private string $version = '1.1';
    private ByteStream $bytes;

    public function __construct($socket)
    {
        $this->bytes = new ByteStream($socket, self::SOON_MS);
    }

    /** Reads the next request up to its body. @return bool false when the peer has closed between requests */
    public function readHead(): bool
    {
        $head = $this->bytes->takeUntil("\r\n\r\n", self::HEAD_LIMIT);
        if ($head === null) {
            return false;
        }
        [$this->method, $this->target, $this->version, $this->headers] = Wire::parseHead($head);
        $this->served++;
        $connection = strtolower($this->headers['connection'] ?? '');
        $this->keep = $this->version === '1.1' ? strpos($connection, 'close') === false : false;
        $this->bodyRead = !isset($this->headers['transfer-encoding'])
            && ($this->headers['content-length'] ?? '0') === '0';
        return true;
    }

    /** @throws BodyTooLarge when the body has more bytes than the limit */
    public function readBody(int $limit): string
    {
        if ($this->bodyRead) {
            return '';
        }
        $length = (int) ($this->headers['content-length'] ?? 0);
        if ($length > $limit) {
            throw new BodyTooLarge();
        }
        if (strtolower($this->headers['expect'] ?? '') === '100-continue') {
            $this->bytes->write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        $body = isset($this->headers['transfer-encoding']) ? $this->readChunks($limit) : $this->bytes->take($length);
        $this->bodyRead = true;
        return $body;
    }

    private function readChunks(int $limit): string
    {
        $body = '';
        while (true) {
            $size = explode(';', $this->bytes->takeLine(), 2)[0];
            if (!preg_match('/^[0-9A-Fa-f]{1,8}$/D', trim($size))) {
                throw new BadRequest('Malformed chunk.', 400);
            }
            $size = (int) hexdec(trim($size));
            if ($size === 0) {
                break;
            }
            if (strlen($body) + $size > $limit) {
                throw new BodyTooLarge();
            }
            $body .= $this->bytes->take($size);
            if ($this->bytes->takeLine() !== '') {
                throw new BadRequest('Malformed chunk.', 400);
            }
        }
        while ($this->bytes->takeLine() !== '') {
            // Trailers carry nothing that a function sees.
        }
        return $body;
    }

    /** Sends a whole answer. @param string[] $lines header lines */
    public function answer(int $status, array $lines, string $body): void
    {
        $bodiless = $status === 204 || $status === 304 || $status < 200;
        if (!$bodiless) {
            $lines[] = 'content-length: ' . strlen($body);
        }
        $this->bytes->write($this->head($status, $lines) . ($bodiless || $this->method === 'HEAD' ? '' : $body));
        $this->settle();
    }

    /** Answers what was no request. */
    public function refuse(int $status, string $message): void
    {
        $this->method = '';
        $this->answer($status, ['content-type: text/plain; charset=utf-8'], $message);
    }

    /** Sends an answer piece by piece, each as soon as it is there. */
    public function stream(int $status, array $lines, iterable $chunks): void
    {
        $chunked = $this->version === '1.1';
        $this->keep = $this->keep && $chunked;
        if ($chunked) {
            $lines[] = 'transfer-encoding: chunked';
        }
        $this->bytes->write($this->head($status, $lines));
        foreach ($this->method === 'HEAD' ? [] : $chunks as $chunk) {
            $chunk = (string) $chunk;
            if ($chunk !== '') {
                $this->bytes->write($chunked ? dechex(strlen($chunk)) . "\r\n{$chunk}\r\n" : $chunk);
            }
        }
        if ($chunked && $this->method !== 'HEAD') {
            $this->bytes->write("0\r\n\r\n");
        }
        $this->settle();
    }

    /**
     * Waits for the next request.
     *
     * @return bool whether there is one; false when the connection should be let go instead
     */
    public function wait(Control $control): bool
    {
        while (!$this->bytes->comesSoon() && !$this->bytes->waitBeside($control->socket)) {
            // A connection that has not had its first answer is let go only when the server stops. One that has may be
            // about to ask again: the request that crosses our closing would be lost, so it gets a moment.
            if ($control->pressed() && ($this->served > 0 || $control->stopped)) {
                return $this->bytes->waitAtMost(self::LAST_CALL_MS);
            }
        }
        return true;
    }

    public function close(): void
    {
        $this->bytes->close();
    }

    private function head(int $status, array $lines): string
    {
        $this->keep = $this->keep && $this->bodyRead;
        $lines[] = self::date();
        $lines[] = 'connection: ' . ($this->keep ? 'keep-alive' : 'close');
        $reason = Wire::REASONS[$status] ?? 'Unknown';
        return "HTTP/1.1 $status $reason\r\n" . implode("\r\n", $lines) . "\r\n\r\n";
    }

    /** The header line; it stays the same for a second. */
    private static function date(): string
    {
        static $second = 0;
        static $line = '';
        $now = time();
        if ($now !== $second) {
            $second = $now;
            $line = 'date: ' . gmdate('D, d M Y H:i:s', $now) . ' GMT';
        }
        return $line;
    }

    // Closing with unread bytes makes the kernel throw away the answer as well,
    // so what the peer still sends is read first.
    private function settle(): void
    {
        if (!$this->bodyRead) {
            $this->bytes->discard(2 * Config::BODY_LIMIT);
        }
    }
}
