#!/bin/bash
# Compiles the function in the present folder with the server to one program: compile.sh <entrypoint> <program>

set -euo pipefail

readonly ENTRYPOINT=$1 PROGRAM=$2 SERVER_FOLDER=/usr/local/server
readonly TYPES=github.com/open-runtimes/types-for-go/v4
# Beside the function's own packages, since only those may be imported that are not internal.
readonly MAIN=_openruntimes

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
cat > "$work/main.go" <<GO
package main

import (
	handler "${package%/.}"
	"openruntimes/server"
)

func main() { server.Serve(handler.Main) }
GO

# overlay <place> <file>: the file counts as one of that place, which stays as it is.
overlay() {
    replaced+="${replaced:+,}\"$1\":\"$2\""
}
replaced=
overlay "$(go env GOROOT)/src/os/file.go" "$SERVER_FOLDER/toolchain/file.go"
overlay "$(go env GOROOT)/src/os/openruntimes.go" "$SERVER_FOLDER/toolchain/os.go"
overlay "$PWD/$MAIN/main.go" "$work/main.go"

# Dependencies that the function brings along are all that it gets, and the server has to be among them.
flags=()
if [[ -f vendor/modules.txt ]]; then
    flags=(-mod=vendor)
    for file in "$SERVER_FOLDER"/src/*.{go,s}; do
        overlay "$PWD/vendor/openruntimes/server/${file##*/}" "$file"
    done
    overlay "$PWD/vendor/$TYPES/openruntimes/openruntimes.go" "$SERVER_FOLDER/types/openruntimes/openruntimes.go"
    # This list is read past any overlay.
    cp vendor/modules.txt "$work/"
    trap 'cp "$work/modules.txt" vendor/ && rm -rf "$work"' EXIT
    {
        awk -v types="$TYPES" '/^# / { ours = $2 == types } !ours' "$work/modules.txt"
        printf '# %s %s => %s\n## explicit; go 1.19\n%s\n' \
            "$TYPES" "$required" "$SERVER_FOLDER/types" "$TYPES/openruntimes" \
            openruntimes/server v0.0.0 "$SERVER_FOLDER/src" openruntimes/server
        printf '# %s => %s\n' "$TYPES" "$SERVER_FOLDER/types" openruntimes/server "$SERVER_FOLDER/src"
    } > vendor/modules.txt
fi

printf '{"Replace":{%s}}' "$replaced" > "$work/overlay.json"
go build -modfile="$work/go.mod" -overlay="$work/overlay.json" "${flags[@]}" -ldflags='-s -w' -o "$PROGRAM" "./$MAIN"
