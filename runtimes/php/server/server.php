<?php
// Serves one function over HTTP: the eleven steps of the contract.

namespace OpenRuntimes;

require __DIR__ . '/config.php';
require __DIR__ . '/request.php';
require __DIR__ . '/response.php';
require __DIR__ . '/context.php';
require __DIR__ . '/logger.php';
require __DIR__ . '/loader.php';
require __DIR__ . '/execution.php';
require __DIR__ . '/wire.php';
require __DIR__ . '/bytes.php';
require __DIR__ . '/connection.php';
require __DIR__ . '/native.php';
require __DIR__ . '/control.php';
require __DIR__ . '/last-words.php';

// What only an operating system can do: PHP has one below it, or, as WebAssembly, a host that stands in for it.
require __DIR__ . (extension_loaded('pcntl') ? '/posix' : '/wasm') . '/workers.php';

final class Server
{
    private Config $config;
    private Loader $loader;
    private Descriptors $descriptors;
    private Native $native;
    private ?Connection $connection = null;
    private ?Control $control = null;
    private ?Logger $logger = null;

    public function __construct(Config $config)
    {
        $this->config = $config;
        $this->loader = new Loader($config);
        $this->descriptors = new Descriptors();
        $this->native = new Native($this->descriptors);
    }

    public function run(Workers $workers): void
    {
        // Without a limit of its own, PHP would be ended by the kernel's, and nobody could say why.
        if (ini_get('memory_limit') === '-1') {
            ini_set('memory_limit', $this->config->memoryLimit);
        }
        register_shutdown_function(function () {
            LastWords::say($this->connection, $this->logger, $this->native, $this->descriptors);
        });
        $workers->run($this->config->maxWorkers, [$this->descriptors, 'redirect'], [$this, 'serve']);
    }

    /** Serves one connection until either side lets go of it. */
    public function serve(Connection $connection, Control $control): void
    {
        $this->connection = $connection;
        $this->control = $control;
        try {
            while ($connection->wait($control) && $connection->readHead()) {
                $this->handle($connection);
                if (!$connection->keep) {
                    break;
                }
            }
        } catch (BadRequest $error) {
            $connection->keep = false;
            $connection->refuse($error->getCode(), $error->getMessage());
        } catch (Disconnected $error) {
            // Nobody is left to be told.
        }
        $this->connection = $this->logger = null;
        $control->idle();
        $connection->close();
    }

    private function handle(Connection $connection): void
    {
        $headers = $connection->headers;
        $path = explode('?', $connection->target, 2)[0];

        // 1. Probe
        if ($path === '/__opr/health' || $path === '/__opr/timings') {
            $text = $path === '/__opr/health' ? 'OK' : (string) @file_get_contents(Config::TIMINGS_FILE);
            $this->answer(200, ['content-type: text/plain; charset=utf-8'], $text);
            return;
        }

        // 2. Authorize
        $secret = $headers['x-open-runtimes-secret'] ?? '';
        if ($this->config->secret !== '' && !hash_equals($this->config->secret, $secret)) {
            $this->reject(401, 'Unauthorized. Provide correct "x-open-runtimes-secret" header.');
            return;
        }
        if (strncmp($path, '/__opr/logs/', 12) === 0 && $connection->method === 'GET') {
            $this->answer(200, ['content-type: application/json; charset=utf-8'], Logger::collect(substr($path, 12)));
            return;
        }

        // 3. Read the timeout
        $timeout = $headers['x-open-runtimes-timeout'] ?? null;
        if ($timeout !== null && (!ctype_digit($timeout) || (int) $timeout === 0)) {
            $this->reject(500, 'Header "x-open-runtimes-timeout" must be an integer greater than 0.');
            return;
        }

        // 4. Open the logger
        $logging = $headers['x-open-runtimes-logging'] ?? '';
        $this->logger = $logger = new Logger($this->config, $logging, $headers['x-open-runtimes-log-id'] ?? '');

        // 5. Read the body
        try {
            $body = $connection->readBody(Config::BODY_LIMIT);
        } catch (BodyTooLarge $error) {
            $this->logger = null;
            $this->reject(413, 'Request body size exceeds 20MB limit.', $logger->id);
            return;
        }

        // 6. Create the context
        $request = new Request($this->config, $connection->method, $connection->target, $headers, $body);
        $context = new Context($request, $logger);

        $this->native->start($logger);
        $output = null;
        try {
            // 7. Load the function
            $function = $this->loader->load();
            // 8. Run the function
            $output = Execution::run($function, $context, (int) $timeout);
            // 9. Check the output
            $output = Execution::check($output, $context);
        } catch (LoadError $error) {
            $context->error($error->getMessage());
            $output = ['body' => '', 'statusCode' => 503, 'headers' => []];
            // Loading left traces behind (declared classes, say); only a new process can try again.
            $connection->keep = false;
            $this->control->retire = true;
        } catch (TimedOut $error) {
            $context->error('Execution timed out.');
        } catch (\Throwable $error) {
            $context->error($error);
        }
        $output = $output ?? ['body' => '', 'statusCode' => 500, 'headers' => []];

        // 10. Flush the logs
        $this->native->stop($logger);
        $lines = Response::headerLines((array) ($output['headers'] ?? []), $logger->id);
        $streams = is_iterable($output['body']) && !is_array($output['body']);
        $streams || $logger->close();

        // 11. Write the response
        $streams
            ? $this->stream($output, $lines, $logger)
            : $this->answer((int) $output['statusCode'], $lines, (string) $output['body']);
        $this->logger = null;
    }

    private function stream(array $output, array $lines, Logger $logger): void
    {
        $this->native->start($logger);
        Execution::disarm();
        try {
            $this->connection->stream((int) $output['statusCode'], $lines, $output['body']);
        } catch (Disconnected $error) {
            throw $error;
        } catch (\Throwable $error) {
            $logger->write('errors', [$error]);
            throw new Disconnected(); // an end that the caller can tell from a complete answer
        } finally {
            $this->native->stop($logger);
            $logger->close();
        }
    }

    private function reject(int $status, string $message, string $logId = ''): void
    {
        $this->answer($status, ['content-type: text/plain; charset=utf-8', "x-open-runtimes-log-id: $logId"], $message);
    }

    private function answer(int $status, array $lines, string $body): void
    {
        if ($this->control->pressedLately()) {
            $this->connection->keep = false;
        }
        // Small answers leave at once, so the next connection can already be handed to this worker.
        if (!$this->connection->keep && strlen($body) < 65536) {
            $this->control->idle();
        }
        $this->connection->answer($status, $lines, $body);
    }
}

// Names of our own are no globals of the function's.
(static function () {
    $workers = Workers::listen(Config::PORT);
    standBy();
    (new Server(Config::fromEnvironment()))->run($workers);
})();
