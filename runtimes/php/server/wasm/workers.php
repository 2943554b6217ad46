<?php
// One of the host's threads: takes connections one at a time. The host listens, and starts and ends threads.

namespace OpenRuntimes;

require __DIR__ . '/host.php';
require __DIR__ . '/descriptors.php';

final class Workers
{
    /** @var callable(): void runs once in each worker */
    private $prepare;
    /** @var callable(Connection, Control): void serves one connection */
    private $serve;

    public function __construct(int $max, callable $prepare, callable $serve)
    {
        $this->prepare = $prepare;
        $this->serve = $serve;
    }

    public function run(int $port): void
    {
        // The host can end a call only with all that PHP holds in its memory.
        Logger::$patience = 0;
        ($this->prepare)();
        while (host('accept') === 'caller') {
            $peer = new Peer();
            $control = new Control($peer);
            ($this->serve)(new Connection($peer), $control);
            if ($control->stopped || $control->retire) {
                return;
            }
        }
    }
}
