<?php
// What a function answers with, and what of it goes to the front.

namespace OpenRuntimes;

final class Response
{
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
    public const MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';

    public function text($body, $statusCode = 200, array $headers = []): array
    {
        return ['body' => $body, 'statusCode' => $statusCode, 'headers' => $headers];
    }

    public function json($value, $statusCode = 200, array $headers = []): array
    {
        // An empty object of a request has become an empty array, so that is what an empty array becomes again.
        $body = $value === [] ? '{}' : self::encode($value);
        return $this->text($body, $statusCode, self::withHeader($headers, 'content-type', 'application/json'));
    }

    public function binary(string $bytes, $statusCode = 200, array $headers = []): array
    {
        return $this->text($bytes, $statusCode, $headers);
    }

    public function redirect(string $url, $statusCode = 301, array $headers = []): array
    {
        return $this->text('', $statusCode, self::withHeader($headers, 'location', $url));
    }

    public function empty(): array
    {
        return $this->text('', 204);
    }

    /** @deprecated name the kind of the body: text, binary or json */
    public function send($body, $statusCode = 200, array $headers = []): array
    {
        return $this->text($body, $statusCode, $headers);
    }

    /** @return array{string, array<array{string, string}>, string|iterable} status, lines of headers, body */
    public static function parts(array $output): array
    {
        $output += ['body' => '', 'statusCode' => 200, 'headers' => []];
        $lines = [];
        foreach ((array) $output['headers'] as $name => $value) {
            $name = (string) $name;
            if (is_string($value) && strtolower($name) === 'set-cookie') {
                $value = preg_split('/\r?\n/', $value);
            }
            foreach (is_array($value) ? $value : [$value] as $item) {
                $lines[] = [$name, is_bool($item) ? ($item ? 'true' : 'false') : (string) $item];
            }
        }
        $body = $output['body'];
        $isStream = is_iterable($body) && !is_array($body);
        return [
            json_encode($output['statusCode'], JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE),
            $lines,
            $isStream ? $body : (is_array($body) ? self::encode($body) : (string) $body),
        ];
    }

    private static function encode($value): string
    {
        try {
            return json_encode($value, self::JSON);
        } catch (\JsonException $error) {
            $number = $error->getCode() === JSON_ERROR_INF_OR_NAN ? self::findNumber($value, 512) : null;
            if ($number === null) {
                throw $error;
            }
            $name = is_nan($number) ? 'NaN' : ($number > 0 ? 'Infinity' : '-Infinity');
            throw new \JsonException("JSON cannot express the number $name.", JSON_ERROR_INF_OR_NAN, $error);
        }
    }

    /** The first that JSON has no word for. */
    private static function findNumber($value, int $depth): ?float
    {
        if (is_float($value)) {
            return is_finite($value) ? null : $value;
        }
        $found = null;
        $members = is_array($value) ? $value : (is_object($value) ? get_object_vars($value) : []);
        while ($found === null && $members && $depth > 0) {
            $found = self::findNumber(array_shift($members), $depth - 1);
        }
        return $found;
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
