<?php
// What a function answers with, and how that reads on the wire.

namespace OpenRuntimes;

final class Response
{
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;

    public function text($body, int $statusCode = 200, array $headers = []): array
    {
        return ['body' => $body, 'statusCode' => $statusCode, 'headers' => $headers];
    }

    public function json($value, int $statusCode = 200, array $headers = []): array
    {
        // An empty object of a request has become an empty array, so that is what an empty array becomes again.
        $body = $value === [] ? '{}' : json_encode($value, self::JSON);
        return $this->text($body, $statusCode, self::withHeader($headers, 'content-type', 'application/json'));
    }

    public function binary(string $bytes, int $statusCode = 200, array $headers = []): array
    {
        return $this->text($bytes, $statusCode, $headers);
    }

    public function redirect(string $url, int $statusCode = 301, array $headers = []): array
    {
        return $this->text('', $statusCode, self::withHeader($headers, 'location', $url));
    }

    public function empty(): array
    {
        return $this->text('', 204);
    }

    /** @deprecated name the kind of the body: text, binary or json */
    public function send($body, int $statusCode = 200, array $headers = []): array
    {
        return $this->text($body, $statusCode, $headers);
    }

    /**
     * The head of an answer in the form of the wire, without framing.
     *
     * @param array<string, string|string[]> $headers as the function gave them
     * @return string[] lines without line ends
     */
    public static function headerLines(array $headers, string $logId): array
    {
        $lines = [];
        $contentType = 'text/plain';
        foreach ($headers as $name => $value) {
            $name = strtolower((string) $name);
            if ($name === 'content-type') {
                $contentType = is_array($value) ? (string) end($value) : (string) $value;
            } elseif (self::mayPass($name)) {
                $items = is_array($value) ? $value : [$value];
                if (!is_array($value) && $name === 'set-cookie') {
                    $items = preg_split('/\r?\n/', (string) $value);
                }
                foreach ($items as $item) {
                    $lines[] = self::oneLine($name) . ': ' . self::oneLine(self::asText($item));
                }
            }
        }
        $lines[] = 'content-type: ' . self::oneLine(self::contentType($contentType));
        $lines[] = "x-open-runtimes-log-id: $logId";
        return $lines;
    }

    // Framing belongs to the server: a length or encoding set by the function could disagree with the body.
    private static function mayPass(string $name): bool
    {
        return $name !== '' && strncmp($name, 'x-open-runtimes-', 16) !== 0
            && !in_array($name, ['content-length', 'transfer-encoding', 'connection'], true);
    }

    private static function contentType(string $value): string
    {
        if ($value === 'application/json') {
            return 'application/json; charset=utf-8'; // what most answers are
        }
        [$media, $parameters] = explode(';', $value, 2) + [1 => null];
        $value = strtolower($media) . ($parameters === null ? '' : ";$parameters");
        $settled = strncmp($value, 'multipart/', 10) === 0 || stripos($value, 'charset=') !== false;
        return $settled ? $value : "$value; charset=utf-8";
    }

    private static function asText($value): string
    {
        return is_bool($value) ? ($value ? 'true' : 'false') : (string) $value;
    }

    // A line break in a value would let it write headers of its own.
    private static function oneLine(string $text): string
    {
        return str_replace(["\r", "\n", "\0"], ' ', $text);
    }

    private static function withHeader(array $headers, string $name, string $value): array
    {
        foreach (array_keys($headers) as $given) {
            if (strtolower((string) $given) === $name) {
                unset($headers[$given]);
            }
        }
        return $headers + [$name => $value];
    }
}
