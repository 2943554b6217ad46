# What builds and starts say on the console. Sourced.

# One line that callers can match on; the colour codes stay outside its text.
say() {
    printf '\033[36m[open-runtimes]\033[0m %s\n' "$1"
}

fail() {
    printf '\033[36m[open-runtimes]\033[0m \033[31m%s\033[0m\n' "$1" >&2
    exit 1
}

# Runs the part of a phase that this language does in its own way, if it does.
run_hook() {
    local hook="$SERVER_FOLDER/hooks/$1.sh"
    if [[ -f $hook ]]; then
        # shellcheck disable=SC1090
        source "$hook"
    fi
}

require_writable() {
    if [[ ! -w $1 ]]; then
        fail "Error: The folder $1 cannot be written. Mount a folder there that user $(id -u) may write, or a tmpfs."
    fi
}
