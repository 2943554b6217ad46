#!/bin/bash
# Builds a function: build.sh "<install command>". Takes the source from /mnt/code and leaves the artifact there.

set -euo pipefail

# Before any name of this script can cover one of the function's variables.
source /usr/local/server/helpers/process.sh
be_unprivileged "$@"
be_below_init "$@"
# What a variable of the function may have asked for, which is gone with it.
set +o posix

readonly SERVER_FOLDER=/usr/local/server
readonly BUILD_FOLDER=/usr/local/build
readonly LIFECYCLE=$SERVER_FOLDER/helpers
readonly INPUT_FOLDER=${OPEN_RUNTIMES_BUILD_INPUT_DIR:-/mnt/code}
readonly OUTPUT_FOLDER=${OPEN_RUNTIMES_BUILD_OUTPUT_DIR:-/mnt/code}

source "$LIFECYCLE/console.sh"
source "$LIFECYCLE/settings.sh"
source "$LIFECYCLE/links.sh"
source "$LIFECYCLE/archive.sh"
source "$LIFECYCLE/cache.sh"
source "$LIFECYCLE/manifest.sh"
source "$LIFECYCLE/environment.sh"

is_empty() {
    [[ -z $(find "$1" -mindepth 1 -print -quit 2> /dev/null) ]]
}

prepare() {
    say 'Environment preparation started.'
    require_writable "$BUILD_FOLDER"
    require_writable "$OUTPUT_FOLDER"
    restore_cache
    if is_empty "$INPUT_FOLDER"; then
        fail "Error: No source code found. Ensure your source isn't empty."
    fi
    empty_folder "$BUILD_FOLDER"
    copy_files "$INPUT_FOLDER" "$BUILD_FOLDER"
    cd "$BUILD_FOLDER"
    run_hook build-prepare
    say 'Environment preparation finished.'
}

install() {
    say 'Build command execution started.'
    if [[ -n $1 ]]; then
        (become "$1") || exit
    fi
    say 'Build command execution finished.'
}

package() {
    say 'Build packaging started.'
    run_hook compile
    run_hook pack
    local output
    output=$(realpath --canonicalize-missing "$BUILD_FOLDER/${OPEN_RUNTIMES_OUTPUT_DIRECTORY-}")
    if ! is_within "$output" "$BUILD_FOLDER" || is_empty "$output"; then
        fail "Error: No build output found. Ensure your output directory isn't empty."
    fi
    settle_links "$output"
    OPEN_RUNTIMES_BUILD_COMPRESSION=$(choose_compression "$output")
    write_settings "$output"
    write_manifest "$output"
    pack_artifact "$output" "$OUTPUT_FOLDER" "$OPEN_RUNTIMES_BUILD_COMPRESSION"
    say 'Build packaging finished.'
}

set_given_aside
prepare
install "${1-}"
package
save_cache
say 'Build finished.'
