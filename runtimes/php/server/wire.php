<?php
// Reads calls and writes answers and log records, as the front's inner contract has them (runtimes/agent/README.md).

namespace OpenRuntimes;

final class Wire
{
    public const END = "0\r\n\r\n";
    public const FAILED = "failed\r\n";

    /** @var resource */
    private static $requests;
    private static $answers;
    private static $records;
    /** Whose they are. */
    private static int $process;

    public static function open(): void
    {
        // As WebAssembly, PHP has the front's descriptors as files only (wasm/interpreter.mjs).
        $folder = is_dir('/dev/front') ? '/dev/front' : 'php://fd';
        self::$requests = fopen("$folder/4", 'rb');
        self::$answers = fopen("$folder/5", 'wb');
        self::$records = fopen("$folder/3", 'wb');
        stream_set_chunk_size(self::$requests, 1 << 16);
        self::$process = getmypid();
    }

    /**
     * The next message; null at the end.
     *
     * @return ?array{method: string, target: string, headers: array<string, string>, body: string, control: string}
     */
    public static function read(): ?array
    {
        $line = fgets(self::$requests);
        if ($line === false) {
            return null;
        }
        [$method, $target] = explode(' ', $line);
        $control = strstr(fgets(self::$requests), ':', true);
        $headers = [];
        while (($line = fgets(self::$requests)) !== "\r\n" && $line !== false) {
            [$name, $value] = explode(':', $line, 2);
            $headers[$name] = trim($value);
        }
        $length = (int) ($headers['content-length'] ?? 0);
        $body = $length > 0 ? stream_get_contents(self::$requests, $length) : '';
        return compact('method', 'target', 'headers', 'body', 'control');
    }

    /** @param array<array{string, string}> $lines names and values */
    public static function answer(string $status, array $lines, string $body): void
    {
        self::head($status, 'content-length: ' . strlen($body), $lines, $body);
    }

    public static function head(string $status, string $framing, array $lines, string $body = ''): void
    {
        $head = 'HTTP/1.1 ' . self::escape($status) . "\r\n$framing\r\n";
        foreach ($lines as [$name, $value]) {
            $head .= self::escape($name) . ': ' . self::escape($value) . "\r\n";
        }
        self::send("$head\r\n$body");
    }

    public static function chunk(string $piece): void
    {
        if ($piece !== '') {
            self::send(dechex(strlen($piece)) . "\r\n$piece\r\n");
        }
    }

    public static function send(string $bytes): void
    {
        // A child that a function has forked ends where its code does: the answer, and what follows, is its parent's.
        if (getmypid() !== self::$process) {
            exit;
        }
        fwrite(self::$answers, $bytes);
    }

    /** @param string $kind `log`, `error` or `native` */
    public static function record(string $kind, string $text): void
    {
        fwrite(self::$records, "$kind - " . strlen($text) . "\n$text\n");
    }

    private static function escape(string $text): string
    {
        $escaped = static fn ($match) => sprintf('%%%02X', ord($match[0]));
        return preg_replace_callback('/[\x00-\x1f\x7f%:]/', $escaped, $text);
    }
}

Wire::open();
