#!/bin/bash
# Lints and tests the agent while an image is built: test.sh <folder of the crate>.

set -euo pipefail

if [[ -f /fetch/ca-bundle.crt ]]; then
    export CARGO_HTTP_CAINFO=/fetch/ca-bundle.crt SSL_CERT_FILE=/fetch/ca-bundle.crt
fi
export CARGO_HOME=/tmp/cargo CARGO_TARGET_DIR=/tmp/target
cd "$1"
cargo fmt --check
cargo clippy --locked --all-targets -- --deny warnings
cargo test --locked
rm -rf /tmp/cargo /tmp/target
