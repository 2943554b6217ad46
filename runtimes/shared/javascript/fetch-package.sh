#!/bin/bash
# Fetches from the npm registry while an image is built.
#
#   fetch-package.sh <name>@<version> <folder> [<integrity>]   one package, unpacked; its hash must be the given one
#   fetch-package.sh --locked <folder>                         the dependencies that a folder's package-lock.json names

set -euo pipefail

if [[ -f /fetch/ca-bundle.crt ]]; then
    export NODE_EXTRA_CA_CERTS=/fetch/ca-bundle.crt npm_config_cafile=/fetch/ca-bundle.crt
fi
if [[ -z ${NPM_CONFIG_REGISTRY-} ]]; then
    unset NPM_CONFIG_REGISTRY
fi

if [[ $1 == --locked ]]; then
    cd "$2"
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
    exit
fi

package=$1
folder=$2
integrity=${3-}
cd "$(mktemp -d)"
npm pack "$package" > /dev/null
archive=$(ls)
if [[ -n $integrity ]]; then
    actual="sha512-$(openssl dgst -sha512 -binary "$archive" | base64 --wrap=0)"
    if [[ $actual != "$integrity" ]]; then
        echo "$package is not what the manifest pins: expected $integrity, got $actual." >&2
        exit 1
    fi
fi
mkdir -p "$folder"
tar --extract --gzip --file="$archive" --directory="$folder" --strip-components=1 --no-same-owner
