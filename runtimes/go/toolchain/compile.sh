#!/bin/bash
# Compiles the function in the present folder with the server to one program: compile.sh <entrypoint> <program>

set -euo pipefail

readonly ENTRYPOINT=$1 PROGRAM=$2 SERVER_FOLDER=/usr/local/server
readonly TYPES=github.com/open-runtimes/types-for-go/v4
# Beside the function's own packages, since only those may be imported that are not internal.
readonly MAIN=./_openruntimes

work=$(mktemp -d)
trap 'rm -rf "$work" "$MAIN"' EXIT

# The user's module with the server added, in files of their own. A patch level is no reason to refuse a toolchain, and
# versions before 1.21 know neither that nor a `toolchain`.
if [[ ! -f go.mod ]]; then
    printf 'module openruntimes/handler\n\n%s\n' "$(go env GOVERSION | sed 's/^go/go /')" > go.mod
fi
sed --regexp-extended 's/^go ([0-9]+\.[0-9]+)[.a-z].*/go \1/; /^toolchain /d' go.mod > "$work/go.mod"
if [[ -f go.sum ]]; then
    cp go.sum "$work/"
fi
required=$(sed --quiet "s,^require $TYPES ,,p" "$SERVER_FOLDER/src/go.mod")
go mod edit \
    -require="$TYPES@$required" -replace="$TYPES=$SERVER_FOLDER/types" \
    -require=openruntimes/server@v0.0.0 -replace="openruntimes/server=$SERVER_FOLDER/src" "$work/go.mod"

module=$(sed --quiet --regexp-extended 's/^module +"?([^" ]+)"?.*/\1/p' "$work/go.mod")
package=$module/$(dirname "$ENTRYPOINT")
mkdir "$MAIN"
cat > "$MAIN/main.go" <<GO
package main

import (
	handler "${package%/.}"
	"openruntimes/server"
)

func main() { server.Serve(handler.Main) }
GO

go build -modfile="$work/go.mod" -ldflags='-s -w' -o "$PROGRAM" "$MAIN"
