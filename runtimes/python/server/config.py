"""What the environment says, read once when the server starts."""

import base64
import json
import math
import os

# What a worker with a small function needs, so that many cores do not use up little memory.
MEGABYTES_OF_A_WORKER = 64


class Config:
    PORT = 3000
    BODY_LIMIT = 20 * 1024 * 1024
    DRAIN_SECONDS = 10
    SOURCE_FOLDER = '/usr/local/server/src'
    FUNCTION_FOLDER = SOURCE_FOLDER + '/function'
    LOGS_FOLDER = '/mnt/logs'
    TIMINGS_FILE = '/mnt/telemetry/timings.txt'

    @classmethod
    def from_environment(cls):
        config = cls()
        config.secret = os.environb.get(b'OPEN_RUNTIMES_SECRET', b'')
        config.authorization = 'Basic ' + base64.b64encode(b'opr:' + config.secret).decode()
        config.development = os.environ.get('OPEN_RUNTIMES_ENV') == 'development'
        config.entrypoint = os.environ.get('OPEN_RUNTIMES_ENTRYPOINT') or 'main.py'
        config.enforced_headers = enforced_headers(os.environ.get('OPEN_RUNTIMES_HEADERS', ''))
        # Isolated from the environment when it starts, Python leaves this one to us.
        config.python_path = [folder for folder in os.environ.get('PYTHONPATH', '').split(':') if folder]
        config.workers = count_workers(os.environ.get('OPEN_RUNTIMES_CPUS'), os.environ.get('OPEN_RUNTIMES_MEMORY'))
        return config


def enforced_headers(text):
    """The headers that every request gets, by name."""
    try:
        headers = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(headers, dict):
        return {}
    return {
        name.lower(): value if isinstance(value, str) else json.dumps(value, separators=(',', ':'))
        for name, value in headers.items()
    }


def count_workers(cpus, megabytes):
    """One process for each core, of which there may be a fraction, as far as there is memory for them."""
    count = math.ceil(positive(cpus) or 1)
    memory = positive(megabytes)
    return max(1, min(count, os.cpu_count() or 1, int(memory // MEGABYTES_OF_A_WORKER) if memory else count))


def positive(text):
    try:
        number = float(text or '')
    except ValueError:
        return None
    return number if 0 < number < math.inf else None
