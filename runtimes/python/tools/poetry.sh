#!/bin/bash
# The image's Poetry. It sees its own packages only, and installs into the environment that is active.

exec /usr/local/bin/python3 -I -S -c '
import sys
sys.path.insert(0, "/usr/local/lib/poetry")
from poetry.console.application import main
sys.exit(main())' "$@"
