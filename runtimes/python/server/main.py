"""The script that starts the server: boots, listens, reads what it is to serve, and serves until it is told to stop."""

import gc
import sys

# Nothing that is imported is ever garbage.
gc.disable()
# The server's modules belong to a package, so that a function's own `config` or
# `logger` is not mistaken for one of them.
sys.path.insert(0, '/usr/local/server/src')

from _open_runtimes.config import Config  # noqa: E402
from _open_runtimes.native import capture_native_output  # noqa: E402
from _open_runtimes.standby import wait_for_environment  # noqa: E402
from _open_runtimes.worker import Worker  # noqa: E402
from _open_runtimes.workers import Workers, listen  # noqa: E402

gc.enable()


def main():
    listener = listen(Config.PORT)
    wait_for_environment()
    config = Config.from_environment()
    capture_native_output()
    print('HTTP server successfully started!')
    Workers(config.workers, lambda stop: Worker(config, listener).run(stop)).run(listener)


main()
