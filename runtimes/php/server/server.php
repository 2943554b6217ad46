<?php
// The server: one process, one call at a time, as the front sends them.

namespace OpenRuntimes;

require __DIR__ . '/wire.php';
require __DIR__ . '/logger.php';
require __DIR__ . '/native.php';
require __DIR__ . '/leftovers.php';
require __DIR__ . '/environment.php';
require __DIR__ . '/loader.php';
require __DIR__ . '/request.php';
require __DIR__ . '/response.php';
require __DIR__ . '/context.php';

final class Server
{
    private const FATAL = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;

    /** @var callable */
    private $function;
    private Leftovers $leftovers;
    /** Memory for last words, when a function has taken all. */
    private string $reserve;

    public function run(): void
    {
        $this->reserve = str_repeat('.', 1 << 16);
        register_shutdown_function([$this, 'end']);
        while (($message = Wire::read()) !== null) {
            Native::start();
            if ($message['control'] === 'x-open-runtimes-call') {
                $this->call($message);
                $this->leftovers->clear();
            } else {
                $this->load($message['body']);
            }
        }
    }

    /**
     * Whatever ends the process: what is fatal is said. There is no answer: the front makes one, and one of ours could
     * have the next call sent to a process that is about to end.
     */
    public function end(): void
    {
        $this->reserve = '';
        $error = error_get_last();
        if ($error === null || !($error['type'] & self::FATAL)) {
            return;
        }
        ini_set('memory_limit', '-1');
        Wire::record('error', "{$error['message']} in {$error['file']}:{$error['line']}");
    }

    private function load(string $environment): void
    {
        Environment::prepare($environment);
        try {
            // 7. Load the function
            $this->function = Loader::load((string) getenv('OPEN_RUNTIMES_ENTRYPOINT'));
        } catch (LoadError $error) {
            $this->fail('503 load', $error->getMessage());
            return;
        }
        Native::stop();
        $this->leftovers = new Leftovers();
        Wire::answer('200', [], '');
    }

    private function call(array $message): void
    {
        // 6. Create the context
        $context = new Context($message);
        try {
            // 8. Run the function
            $output = ($this->function)($context);
            // 9. Check the output
            if (!is_array($output)) {
                $this->fail('500 error', Response::MISSING);
                return;
            }
            [$status, $lines, $body] = Response::parts($output);
        } catch (\Throwable $error) {
            $this->fail('500 error', $error);
            return;
        }
        // 11. Write the response
        if (!is_string($body)) {
            $this->stream($status, $lines, $body);
            return;
        }
        Native::stop();
        Wire::answer($status, $lines, $body);
    }

    private function stream(string $status, array $lines, iterable $body): void
    {
        Wire::head($status, 'transfer-encoding: chunked', $lines);
        $end = Wire::END;
        try {
            foreach ($body as $piece) {
                Wire::chunk((string) $piece);
            }
        } catch (\Throwable $error) {
            Logger::write('error', [$error]);
            $end = Wire::FAILED;
        }
        Native::stop();
        Wire::send($end);
    }

    private function fail(string $status, $why): void
    {
        Logger::write('error', [$why]);
        Native::stop();
        Wire::send("HTTP/1.1 $status\r\ncontent-length: 0\r\n\r\n");
    }
}

(new Server())->run();
