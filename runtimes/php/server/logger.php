<?php
// What the function says through its context, as text.

namespace OpenRuntimes;

final class Logger
{
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
        | JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE;

    /** @param string $kind `log` or `error` */
    public static function write(string $kind, array $values): void
    {
        Wire::record($kind, implode(' ', array_map([self::class, 'format'], $values)));
    }

    /** Message, place and stack of an error. */
    public static function describe(\Throwable $error): string
    {
        $place = "{$error->getFile()}:{$error->getLine()}";
        return get_class($error) . ": {$error->getMessage()} in {$place}\n{$error->getTraceAsString()}";
    }

    /** The text of a logged value; never throws, since logging must not harm the function. */
    private static function format($value): string
    {
        try {
            if ($value instanceof \Throwable) {
                return self::describe($value);
            }
            $isText = $value === null || is_string($value) || (is_float($value) && !is_finite($value));
            $hasText = is_object($value) && method_exists($value, '__toString') && !$value instanceof \JsonSerializable;
            if ($isText || $hasText) {
                return (string) $value;
            }
            return is_resource($value) ? get_resource_type($value) : (string) json_encode($value, self::JSON);
        } catch (\Throwable $error) {
            return is_object($value) ? get_class($value) : gettype($value);
        }
    }
}
