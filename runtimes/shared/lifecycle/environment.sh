# The function's environment: what this shell exports, and what it cannot hold. Sourced after all that has names of its
# own.

# Variables of the function, as NAME=value, whose names this shell uses itself or cannot have.
ASIDE=()

# Where the container was given a variable that is named like a constant or a list here, the function still gets its
# own.
set_given_aside() {
    local entries entry name
    mapfile -d '' -t entries < /proc/self/environ
    for entry in "${entries[@]}"; do
        name=${entry%%=*}
        if is_name "$name" && [[ ${!name@a} == *[ar]* ]]; then
            export -n "${name?}"
            ASIDE+=("$entry")
        fi
    done
}

# take_variables <NAME=value>...: as if the container had been started with them.
take_variables() {
    local entry name
    for entry in "$@"; do
        name=${entry%%=*}
        if [[ $entry != ?*=* || $name == OPEN_RUNTIMES_STANDBY* ]]; then
            continue
        elif is_name "$name" && is_free "$name"; then
            export "${entry?}"
        else
            ASIDE+=("$entry")
        fi
    done
}

# By patterns, which cost a tenth of a regular expression.
is_name() {
    [[ $1 == [A-Za-z_]* && $1 != *[!A-Za-z0-9_]* ]]
}

# What is set and not exported is this shell's own.
is_free() {
    [[ ! -v $1 || ${!1@a} == *x* ]]
}

# become <command>: with the function's environment, and without this shell. No variable here, which could be one of the
# function's.
become() {
    case $1 in
        # What server.sh does, without the milliseconds that two more shells take.
        # shellcheck disable=SC2086
        'bash helpers/server.sh' | helpers/server.sh) set -- $OPEN_RUNTIMES_SERVER_COMMAND ;;
        *) set -- "$BASH" -c "$1" ;;
    esac
    if ((${#ASIDE[@]} > 0)); then
        set -- env -- "${ASIDE[@]}" "$@"
    fi
    exec "$@"
}
