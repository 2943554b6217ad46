#!/bin/bash
# Builds the agent while an image is built: build.sh <folder of the crate> <where the program goes>.
# Static, so that it runs in images of every suite, and in those of others.

set -euo pipefail

if [[ -f /fetch/ca-bundle.crt ]]; then
    export CARGO_HTTP_CAINFO=/fetch/ca-bundle.crt SSL_CERT_FILE=/fetch/ca-bundle.crt
fi
target=$(rustc --version --verbose | sed -n 's/^host: //p')
cd "$1"
RUSTFLAGS='-C target-feature=+crt-static' CARGO_HOME=/tmp/cargo CARGO_TARGET_DIR=/tmp/target \
    cargo build --release --locked --target "$target"
cp "/tmp/target/$target/release/agent" "$2"
rm -rf /tmp/cargo /tmp/target
