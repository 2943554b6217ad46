#!/bin/bash
# Makes, while an image is built, the copy of a file of the standard library with which functions are compiled in its
# place (go build -overlay), so that the server is asked before anything is written to stdout or stderr.

set -euo pipefail

FILE=$(go env GOROOT)/src/os/file.go
COPY=$(dirname "$0")/file.go

sed '/^func (f \*File) Write(/a \\tif isTaken(f, b) {\n\t\treturn len(b), nil\n\t}' "$FILE" > "$COPY"
# A version that has it elsewhere cannot go without it unnoticed.
if cmp --silent "$FILE" "$COPY"; then
    echo "$FILE has no place to ask the server." >&2
    exit 1
fi
