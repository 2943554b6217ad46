<?php
// The processes of the server: one listens, and hands each connection to one of several that serve.
//
// PHP runs one thing at a time, so a request that blocks needs a process to itself. The listening process passes a new
// connection to the worker that was busy last (its memory is warm, and a function's state stays in one place as long as
// requests do not overlap), and starts another one when all are busy.

namespace OpenRuntimes;

require __DIR__ . '/descriptors.php';
require __DIR__ . '/standby.php';

final class Workers
{
    private const WAITING = 'w';
    private const STOP = 's';
    private const DRAIN_SECONDS = 10;

    private int $max;
    private $prepare;
    private $serve;
    private $listener;
    /** @var array<int, array{socket: resource|\Socket, idle: bool}> by process id, the last used last */
    private array $workers = [];
    /** @var array connections that no worker has taken yet */
    private array $queue = [];
    private bool $stopping = false;

    public static function listen(int $port): self
    {
        $workers = new self();
        $workers->listener = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
        socket_set_option($workers->listener, SOL_SOCKET, SO_REUSEADDR, 1);
        if (!socket_bind($workers->listener, '0.0.0.0', $port) || !socket_listen($workers->listener, 1024)) {
            fwrite(STDERR, "Port $port cannot be bound: " . socket_strerror(socket_last_error()) . "\n");
            exit(1);
        }
        socket_set_nonblock($workers->listener);
        return $workers;
    }

    /**
     * Serves until SIGTERM, then lets the workers finish. `$prepare` runs once in each, `$serve` for each connection.
     */
    public function run(int $max, callable $prepare, callable $serve): void
    {
        $this->max = $max;
        $this->prepare = $prepare;
        $this->serve = $serve;
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, function () {
            $this->stopping = true;
        });
        fwrite(STDOUT, "HTTP server successfully started!\n");
        $this->start();
        while (!$this->stopping) {
            $this->turn(null);
        }
        socket_close($this->listener);
        $this->drain();
    }

    private function turn(?float $until): void
    {
        $read = array_column($this->workers, 'socket');
        if (!$this->stopping) {
            $read[] = $this->listener;
        }
        $write = $except = null;
        $seconds = $until === null ? null : max(0, (int) ceil($until - microtime(true)));
        if (@socket_select($read, $write, $except, $seconds) === false) {
            return; // a signal came
        }
        // Workers are heard before the listener: one that has just finished then takes the next connection.
        foreach ($this->workers as $process => $worker) {
            if (in_array($worker['socket'], $read, true)) {
                $this->hear($process);
            }
        }
        if (!$this->stopping && in_array($this->listener, $read, true)) {
            while (($connection = @socket_accept($this->listener)) !== false) {
                socket_set_block($connection);
                $this->queue[] = $connection;
            }
        }
        $this->assign();
    }

    private function hear(int $process): void
    {
        $said = @socket_read($this->workers[$process]['socket'], 64);
        if ($said === false || $said === '') {
            $this->bury($process);
            return;
        }
        $worker = $this->workers[$process];
        unset($this->workers[$process]);
        $this->workers[$process] = ['idle' => true] + $worker;
    }

    private function bury(int $process): void
    {
        pcntl_waitpid($process, $status);
        socket_close($this->workers[$process]['socket']);
        unset($this->workers[$process]);
        if (!$this->stopping && !$this->workers) {
            $this->start();
        }
    }

    private function assign(): void
    {
        while ($this->queue) {
            $process = $this->lastIdle() ?? (count($this->workers) < $this->max ? $this->start() : null);
            if ($process === null) {
                $this->tellAll(self::WAITING);
                return;
            }
            $this->hand($process, array_shift($this->queue));
        }
    }

    private function lastIdle(): ?int
    {
        foreach (array_reverse($this->workers, true) as $process => $worker) {
            if ($worker['idle']) {
                return $process;
            }
        }
        return null;
    }

    private function hand(int $process, $connection): void
    {
        $this->workers[$process]['idle'] = false;
        // Given a socket, PHP passes descriptor 0; given the same as a stream, the right one.
        $stream = socket_export_stream($connection);
        $message = ['iov' => ['c'], 'control' => [['level' => SOL_SOCKET, 'type' => SCM_RIGHTS, 'data' => [$stream]]]];
        @socket_sendmsg($this->workers[$process]['socket'], $message, 0);
        socket_close($connection);
    }

    private function tellAll(string $word): void
    {
        foreach ($this->workers as $worker) {
            @socket_send($worker['socket'], $word, 1, MSG_DONTWAIT);
        }
    }

    private function start(): int
    {
        socket_create_pair(AF_UNIX, SOCK_SEQPACKET, 0, $pair);
        $process = pcntl_fork();
        if ($process === 0) {
            $this->serveUntilTold($pair[1]);
        }
        socket_close($pair[1]);
        $this->workers[$process] = ['socket' => $pair[0], 'idle' => true];
        return $process;
    }

    /** The life of a worker: takes connections one at a time. */
    private function serveUntilTold($control): void
    {
        pcntl_signal(SIGTERM, SIG_IGN);
        socket_close($this->listener);
        foreach ($this->workers as $worker) {
            socket_close($worker['socket']);
        }
        $this->workers = $this->queue = [];
        ($this->prepare)();
        while (true) {
            $message = ['name' => [], 'buffer_size' => 1, 'controllen' => socket_cmsg_space(SOL_SOCKET, SCM_RIGHTS, 1)];
            if (@socket_recvmsg($control, $message, 0) <= 0 || $message['iov'][0] === self::STOP) {
                exit(0);
            }
            if ($message['iov'][0] === 'c') {
                $lead = new Control($control);
                ($this->serve)(new Connection($message['control'][0]['data'][0]), $lead);
                if ($lead->stopped || $lead->retire) {
                    exit(0);
                }
            }
        }
    }

    private function drain(): void
    {
        $until = microtime(true) + self::DRAIN_SECONDS;
        $this->assign();
        $this->tellAll(self::STOP);
        while ($this->workers && microtime(true) < $until) {
            $this->turn($until);
        }
        foreach (array_keys($this->workers) as $process) {
            posix_kill($process, SIGKILL);
        }
    }
}
