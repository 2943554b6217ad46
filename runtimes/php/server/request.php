<?php
// The request that a function sees.

namespace OpenRuntimes;

/**
 * @property-read mixed $body by content type: the parsed JSON, or the text
 * @property-read string $bodyText
 * @property-read string $bodyRaw deprecated name of bodyText
 * @property-read string $bodyBinary
 * @property-read mixed $bodyJson
 */
final class Request
{
    public string $method;
    public string $url;
    public string $scheme;
    public string $host;
    public int $port;
    public string $path;
    public string $queryString;
    /** @var array<string, string> */
    public array $query;
    /** @var array<string, string> */
    public array $headers;
    private string $bytes;

    /** @param array $message as the front has sent it */
    public function __construct(array $message)
    {
        $headers = $message['headers'];
        $this->method = $message['method'];
        $this->scheme = $headers['x-forwarded-proto'] ?? 'http';
        $defaultPort = $this->scheme === 'https' ? 443 : 80;
        [$this->host, $this->port] = self::hostAndPort($headers['host'] ?? '', $defaultPort);
        [$this->path, $this->queryString] = explode('?', $message['target'], 2) + [1 => ''];
        $this->query = self::query($this->queryString);
        $this->url = "{$this->scheme}://{$this->host}"
            . ($this->port === $defaultPort ? '' : ":{$this->port}")
            . $this->path
            . ($this->queryString === '' ? '' : "?{$this->queryString}");
        $this->headers = $headers;
        $this->bytes = $message['body'];
    }

    public function __get(string $name)
    {
        switch ($name) {
            case 'bodyText':
            case 'bodyRaw':
            case 'bodyBinary':
                return $this->bytes;
            case 'bodyJson':
                return $this->json();
            case 'body':
                if (strncmp(strtolower($this->headers['content-type'] ?? 'text/plain'), 'application/json', 16) !== 0) {
                    return $this->bytes;
                }
                return $this->bytes === '' ? [] : $this->json();
        }
        throw new \LogicException("The request has no property '$name'.");
    }

    public function __isset(string $name): bool
    {
        return in_array($name, ['body', 'bodyText', 'bodyRaw', 'bodyBinary', 'bodyJson'], true);
    }

    private function json()
    {
        try {
            return json_decode($this->bytes, true, 512, JSON_THROW_ON_ERROR);
        } catch (\JsonException $cause) {
            $what = "Invalid JSON in the request body: {$cause->getMessage()}";
            throw new \JsonException($what, $cause->getCode(), $cause);
        }
    }

    /** @return array{string, int} */
    private static function hostAndPort(string $header, int $defaultPort): array
    {
        if (preg_match('/^(\[[^\]]*\]|[^:]*):(\d+)$/D', $header, $match)) {
            return [$match[1], (int) $match[2]];
        }
        return [$header, $defaultPort];
    }

    /** @return array<string, string> */
    private static function query(string $queryString): array
    {
        $query = [];
        foreach (explode('&', $queryString) as $part) {
            [$name, $value] = explode('=', $part, 2) + [1 => ''];
            if ($name !== '') {
                $query[$name] = $value;
            }
        }
        return $query;
    }
}
