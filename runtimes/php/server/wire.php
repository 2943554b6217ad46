<?php
// The text of HTTP/1.1: what a request's head may look like, and what goes wrong with it.

namespace OpenRuntimes;

/** The peer sent what is not HTTP; the answer is the status in the code. */
final class BadRequest extends \RuntimeException
{
}

/** The peer is gone. */
final class Disconnected extends \RuntimeException
{
}

final class BodyTooLarge extends \RuntimeException
{
}

final class Wire
{
    public const REASONS = [
        200 => 'OK', 201 => 'Created', 202 => 'Accepted', 204 => 'No Content', 206 => 'Partial Content',
        301 => 'Moved Permanently', 302 => 'Found', 303 => 'See Other', 304 => 'Not Modified',
        307 => 'Temporary Redirect', 308 => 'Permanent Redirect',
        400 => 'Bad Request', 401 => 'Unauthorized', 403 => 'Forbidden', 404 => 'Not Found',
        405 => 'Method Not Allowed', 409 => 'Conflict', 413 => 'Content Too Large', 418 => "I'm a teapot",
        422 => 'Unprocessable Content', 429 => 'Too Many Requests', 431 => 'Request Header Fields Too Large',
        500 => 'Internal Server Error', 501 => 'Not Implemented', 502 => 'Bad Gateway', 503 => 'Service Unavailable',
        504 => 'Gateway Timeout',
    ];

    private const TOKEN = '[!#$%&\'*+.^_`|\~0-9A-Za-z-]+';
    private const REQUEST_LINE = '~^(' . self::TOKEN . ') ([^ ]+) HTTP/(1\.[01])$~D';
    private const HEADER_LINE = '~\G(' . self::TOKEN . '):[ \t]*+([^\r\n]*+)(?:\r\n|$)~D';

    /**
     * @param string $head all up to the empty line
     * @return array{string, string, string, array<string, string>}
     *     method, target, version, headers (names in lower case)
     */
    public static function parseHead(string $head): array
    {
        [$line, $rest] = explode("\r\n", ltrim($head, "\r\n"), 2) + [1 => ''];
        if (!preg_match(self::REQUEST_LINE, $line, $match)) {
            throw new BadRequest('Malformed request line.', 400);
        }
        return [$match[1], $match[2], $match[3], $rest === '' ? [] : self::headers($rest)];
    }

    /** @return array<string, string> */
    private static function headers(string $lines): array
    {
        // One search for all lines costs a third of one for each. It stops at the first that is malformed.
        $found = preg_match_all(self::HEADER_LINE, $lines, $matches);
        if ($found !== substr_count($lines, "\r\n") + 1) {
            throw new BadRequest('Malformed header line.', 400);
        }
        $headers = [];
        foreach ($matches[1] as $i => $name) {
            $name = strtolower($name);
            $value = rtrim($matches[2][$i], " \t");
            if (!isset($headers[$name])) {
                $headers[$name] = $value;
            } elseif ($name === 'host' || $name === 'content-length') {
                throw new BadRequest("Repeated $name header.", 400);
            } else {
                $headers[$name] .= ($name === 'cookie' ? '; ' : ', ') . $value;
            }
        }
        $length = $headers['content-length'] ?? null;
        $encoding = $headers['transfer-encoding'] ?? null;
        // Two ways to tell where a body ends are how requests are smuggled past a proxy.
        $isWrong = $length !== null && !ctype_digit($length);
        if ($isWrong || ($encoding !== null && ($length !== null || strtolower($encoding) !== 'chunked'))) {
            throw new BadRequest('Malformed body framing.', 400);
        }
        return $headers;
    }
}
