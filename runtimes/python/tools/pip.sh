#!/bin/bash
# The image's pip, run by the Python of whatever environment is active, and so installing into that.

exec python /usr/local/lib/pip/pip "$@"
