<?php
// How a worker and the listening process tell each other whether the worker is free.

namespace OpenRuntimes;

/** A worker's end of the line to the listening process. */
final class Control
{
    public bool $stopped = false;
    /** Set when this process should serve no other connection. */
    public bool $retire = false;
    private bool $wanted = false;
    private bool $saidIdle = false;
    /** When the system was last asked, in nanoseconds. */
    private int $asked = 0;
    public $socket;

    public function __construct($socket)
    {
        $this->socket = $socket;
    }

    /** Whether the worker should let its connection go after this answer: others wait, or the server stops. */
    public function pressed(): bool
    {
        while (@socket_recv($this->socket, $word, 1, MSG_DONTWAIT) > 0) {
            $this->wanted = true;
            $this->stopped = $this->stopped || $word === 's';
        }
        return $this->wanted;
    }

    /** The same, but asks the system at most once in a millisecond: busy connections ask after every answer. */
    public function pressedLately(): bool
    {
        $now = hrtime(true);
        if ($now - $this->asked < 1000000) {
            return $this->wanted;
        }
        $this->asked = $now;
        return $this->pressed();
    }

    /** Said before the connection is closed, so that a peer who connects anew finds this worker free. */
    public function idle(): void
    {
        if (!$this->saidIdle && !$this->retire) {
            $this->saidIdle = true;
            @socket_send($this->socket, 'i', 1, 0);
        }
    }
}
