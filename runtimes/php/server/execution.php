<?php
// One call of the function: within its time, and with a result that can be sent.

namespace OpenRuntimes;

/** The function took longer than its caller allows. */
final class TimedOut extends \Error
{
}

final class Execution
{
    private static ?\Closure $alarm = null;
    private static bool $armed = false;
    private static bool $running = false;

    /** @param int $timeout in seconds; 0 for none */
    public static function run(callable $function, Context $context, int $timeout)
    {
        if ($timeout === 0) {
            self::disarm();
            return $function($context);
        }
        self::$alarm ??= static function () {
            if (self::$running) {
                throw new TimedOut();
            }
        };
        // What a function has made of the signal is not ours any more; to look costs less than to set it each time.
        if (pcntl_signal_get_handler(SIGALRM) !== self::$alarm) {
            pcntl_signal(SIGALRM, self::$alarm);
        }
        $deadline = microtime(true) + $timeout;
        self::$armed = self::$running = true;
        pcntl_alarm($timeout);
        try {
            $output = $function($context);
        } finally {
            self::$running = false;
        }
        if (microtime(true) >= $deadline) {
            throw new TimedOut(); // the function has caught it
        }
        return $output;
    }

    /**
     * Releases the alarm of an earlier call: a function without a limit would otherwise be woken by it. Nothing else is
     * harmed by it, and the next call with a limit sets it anew, so most calls spare themselves this one.
     */
    public static function disarm(): void
    {
        if (self::$armed) {
            self::$armed = false;
            pcntl_alarm(0);
        }
    }

    /** @return array with `body`, `statusCode` and `headers`, or null when nothing was returned */
    public static function check($output, Context $context): ?array
    {
        if (!is_array($output)) {
            $context->error('Return statement missing. return context.res.empty() if no response is expected.');
            return null;
        }
        $output += ['body' => '', 'statusCode' => 200, 'headers' => []];
        if (is_array($output['body'])) {
            $output['body'] = json_encode($output['body'], JSON_THROW_ON_ERROR);
        }
        return $output;
    }
}
