#!/bin/bash
# Becomes the server of this image.

# The variable is a command line of the image's own, such as `node src/server.js`: it is meant to be split.
# shellcheck disable=SC2086
exec $OPEN_RUNTIMES_SERVER_COMMAND
