#!/bin/bash
# Starts a function: start.sh "<start command>". Unpacks the artifact, then becomes the start command.

set -euo pipefail

# Before any name of this script can cover one of the function's variables.
source /usr/local/server/helpers/process.sh
be_unprivileged "$@"
be_below_init "$@"
# What a variable of the function may have asked for, which is gone with it.
set +o posix

readonly SERVER_FOLDER=/usr/local/server
readonly FUNCTION_FOLDER=$SERVER_FOLDER/src/function
readonly CODE_FOLDER=/mnt/code
readonly LIFECYCLE=$SERVER_FOLDER/helpers

source "$LIFECYCLE/console.sh"
source "$LIFECYCLE/settings.sh"
source "$LIFECYCLE/links.sh"
source "$LIFECYCLE/archive.sh"
source "$LIFECYCLE/timings.sh"
source "$LIFECYCLE/standby.sh"
source "$LIFECYCLE/environment.sh"

find_function() {
    if [[ -e $CODE_FOLDER/.extracted ]]; then
        say 'Code already extracted, skipping extraction.'
        link_files "$CODE_FOLDER" "$FUNCTION_FOLDER"
        return
    fi
    local name
    for name in "${ARTIFACTS[@]}"; do
        if [[ -f $CODE_FOLDER/$name ]]; then
            say 'Code extraction started.'
            unpack_artifact "$CODE_FOLDER/$name" "$FUNCTION_FOLDER"
            say 'Code extraction finished.'
            return
        fi
    done
    fail 'Code archive not found.'
}

link_files() {
    shopt -s dotglob nullglob
    ln --symbolic --force --no-dereference --target-directory="$2" "$1"/*
    shopt -u dotglob nullglob
    rm -f "$2/.extracted"
}

# All that comes before the start command.
prepare() {
    cd "$SERVER_FOLDER"
    require_writable "$FUNCTION_FOLDER"
    check_timings

    local began
    now began
    find_function
    record_since extract "$began"

    now began
    read_settings "$FUNCTION_FOLDER"
    run_hook start-prepare
    record_since prepare "$began"

    say 'Runtime started.'
}

if (($# != 1)); then
    fail 'Usage: helpers/start.sh "<start command>"'
fi
set_given_aside
if [[ -n ${OPEN_RUNTIMES_STANDBY-} ]]; then
    stand_by "$1"
fi
prepare
record_startup
become "$1"
