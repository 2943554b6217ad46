<?php
// One of the host's threads: takes connections one at a time. The host listens, and starts and ends threads.

namespace OpenRuntimes;

require __DIR__ . '/host.php';
require __DIR__ . '/descriptors.php';
require __DIR__ . '/standby.php';

final class Workers
{
    /** The host does that. */
    public static function listen(int $port): self
    {
        return new self();
    }

    /** `$prepare` runs once, `$serve` for each connection. */
    public function run(int $max, callable $prepare, callable $serve): void
    {
        $prepare();
        while (host('accept') === 'caller') {
            $peer = new Peer();
            $control = new Control($peer);
            $serve(new Connection($peer), $control);
            if ($control->stopped || $control->retire) {
                return;
            }
        }
    }
}
