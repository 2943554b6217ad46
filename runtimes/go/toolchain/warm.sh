#!/bin/bash
# Compiles the smallest function, while an image is built, to leave the server's part in the build cache.

set -euo pipefail

source "$(dirname "$0")/environment.sh"

cd "$(mktemp -d)"
cat > main.go <<'GO'
package handler

import "github.com/open-runtimes/types-for-go/v4/openruntimes"

func Main(Context openruntimes.Context) openruntimes.Response { return Context.Res.Empty() }
GO
bash /usr/local/server/toolchain/compile.sh main.go /tmp/program
rm -rf "$PWD" /tmp/program
