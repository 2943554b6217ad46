<?php
// What the environment says, read once when the server starts.

namespace OpenRuntimes;

final class Config
{
    public const BODY_LIMIT = 20 * 1024 * 1024;
    public const FUNCTION_FOLDER = __DIR__ . '/function';
    public const LOGS_FOLDER = '/mnt/logs';
    public const TIMINGS_FILE = '/mnt/telemetry/timings.txt';
    public const PORT = 3000;

    public string $secret;
    public string $authorization;
    public bool $development;
    public string $entrypoint;
    /** @var array<string, string> headers that every request gets */
    public array $enforcedHeaders;
    /** How many requests may run at once, each in a process of its own. */
    public int $maxWorkers;
    /** What one of them may take, as PHP's settings say it. */
    public string $memoryLimit;

    public static function fromEnvironment(): self
    {
        $config = new self();
        $config->secret = (string) getenv('OPEN_RUNTIMES_SECRET');
        $config->authorization = 'Basic ' . base64_encode('opr:' . $config->secret);
        $config->development = getenv('OPEN_RUNTIMES_ENV') === 'development';
        $config->entrypoint = (string) getenv('OPEN_RUNTIMES_ENTRYPOINT');
        $config->enforcedHeaders = self::enforcedHeaders((string) getenv('OPEN_RUNTIMES_HEADERS'));
        // 16 MB is what one worker with a small function needs; the bounds keep tiny and huge containers sensible.
        $memory = (int) getenv('OPEN_RUNTIMES_MEMORY') ?: 512;
        $config->maxWorkers = max(4, min(64, intdiv($memory, 16)));
        $config->memoryLimit = intdiv(3 * $memory, 4) . 'M';
        return $config;
    }

    /** @return array<string, string> */
    private static function enforcedHeaders(string $json): array
    {
        $headers = [];
        $object = json_decode($json);
        foreach (is_object($object) ? get_object_vars($object) : [] as $name => $value) {
            $headers[strtolower((string) $name)] = is_string($value) ? $value : json_encode($value);
        }
        return $headers;
    }
}
