<?php
// The log files of one request: what the function says through its context, and what it prints natively.

namespace OpenRuntimes;

final class Logger
{
    private const MESSAGE_LIMIT = 8000;
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE;

    /** Empty when logging is off. */
    public string $id;
    /** Random digits for the ids to come: one call of the system is enough for many. */
    private static string $digits = '';
    private bool $open = true;
    private bool $nativeSeen = false;
    /** @var array<string, resource|false> by kind, once there is something to write; false where that cannot be */
    private array $files = [];

    public function __construct(Config $config, string $logging, string $id)
    {
        if ($logging !== '' && $logging !== 'enabled') {
            $this->id = '';
        } elseif (preg_match('/^[A-Za-z0-9_-]{1,64}$/D', $id)) {
            $this->id = $id;
        } else {
            $this->id = $config->development ? 'dev' : self::newId();
        }
    }

    private static function newId(): string
    {
        if (self::$digits === '') {
            self::$digits = bin2hex(random_bytes(640));
        }
        $id = substr(self::$digits, -20);
        self::$digits = substr(self::$digits, 0, -20);
        return $id;
    }

    /** @param string $kind `logs` or `errors` */
    public function write(string $kind, array $values): void
    {
        if ($this->id === '' || !$this->open) {
            return;
        }
        $message = implode(' ', array_map([self::class, 'format'], $values));
        // Bytes are never fewer than characters, so that most messages are not counted one character at a time.
        if (strlen($message) > self::MESSAGE_LIMIT && self::length($message) > self::MESSAGE_LIMIT) {
            $message = self::cut($message) . '... Log truncated due to size limit (8000 characters)';
        }
        // Written at once: whatever ends the process, it stays.
        $file = $this->files[$kind] ??= @fopen(self::file($this->id, $kind), 'a');
        if ($file !== false) {
            @fwrite($file, $message . "\n");
        }
    }

    /** Text that the function printed instead of logging it. */
    public function writeNative(string $text): void
    {
        if ($text === '') {
            return;
        }
        if (!$this->nativeSeen) {
            $this->nativeSeen = true;
            $this->write('logs', ['Native logs detected. Use context.log() or context.error() for better experience.']);
        }
        foreach (explode("\n", substr($text, -1) === "\n" ? substr($text, 0, -1) : $text) as $line) {
            $this->write('logs', [$line]);
        }
    }

    /** What is written from now on never appears. */
    public function close(): void
    {
        $this->open = false;
        foreach (array_filter($this->files) as $file) {
            fclose($file);
        }
        $this->files = [];
    }

    /** Reads and deletes the files of an id: the answer of the path for log collection. */
    public static function collect(string $id): string
    {
        $found = ['logs' => '', 'errors' => ''];
        if (preg_match('/^[A-Za-z0-9_-]{1,64}$/D', $id)) {
            foreach (array_keys($found) as $kind) {
                $found[$kind] = (string) @file_get_contents(self::file($id, $kind));
                @unlink(self::file($id, $kind));
            }
        }
        return json_encode($found, self::JSON);
    }

    private static function file(string $id, string $kind): string
    {
        return Config::LOGS_FOLDER . "/{$id}_{$kind}.log";
    }

    /** The text of a logged value; never throws, since logging must not harm the function. */
    private static function format($value): string
    {
        try {
            if (is_string($value)) {
                return $value;
            }
            if ($value instanceof \Throwable) {
                return self::describe($value);
            }
            if (is_object($value) && method_exists($value, '__toString') && !$value instanceof \JsonSerializable) {
                return (string) $value;
            }
            return is_resource($value) ? get_resource_type($value) : (string) json_encode($value, self::JSON);
        } catch (\Throwable $error) {
            return is_object($value) ? get_class($value) : gettype($value);
        }
    }

    /** Message, place and stack of an error. */
    public static function describe(\Throwable $error): string
    {
        $place = "{$error->getFile()}:{$error->getLine()}";
        return get_class($error) . ": {$error->getMessage()} in {$place}\n{$error->getTraceAsString()}";
    }

    // PHP's own functions for characters are in an extension that not every
    // build has; these count UTF-8 by its lead bytes.
    private static function length(string $text): int
    {
        return strlen($text) - (int) preg_match_all('/[\x80-\xBF]/', $text);
    }

    private static function cut(string $text): string
    {
        $isText = preg_match('/^.{' . self::MESSAGE_LIMIT . '}/su', $text, $match);
        return $isText ? $match[0] : substr($text, 0, self::MESSAGE_LIMIT);
    }
}
