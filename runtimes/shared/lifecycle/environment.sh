# The function's environment: what this shell exports, and what it cannot hold. Sourced after all that has names of its
# own.

# Variables of the function, as NAME=value, whose names this shell uses itself or cannot have, or which the programs of
# the image must not see before the function's own are run.
ASIDE=()

# The PATH that the function was given, if it was.
GIVEN_PATH=()
readonly IMAGE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# What changes every program, or this shell and those that it runs, whatever they are for.
readonly SYSTEM_VARIABLES='@(LD_*|GLIBC_TUNABLES|BASH_ENV|CDPATH|GLOBIGNORE|POSIXLY_CORRECT|TMPDIR|TAR_OPTIONS'\
'|GZIP|ZSTD_*|PERL5*|PERLLIB)'

# Where the container was given a variable that is named like a constant or a list here, or is the system's, the
# function still gets its own.
set_given_aside() {
    local entries entry name
    mapfile -d '' -t entries < /proc/self/environ
    for entry in "${entries[@]}"; do
        name=${entry%%=*}
        if [[ $name == PATH ]]; then
            set_path_aside "${entry#*=}"
        elif is_name "$name" && is_system "$name"; then
            unset "$name"
            ASIDE+=("$entry")
        elif is_name "$name" && [[ ${!name@a} == *[ar]* ]]; then
            export -n "${name?}"
            ASIDE+=("$entry")
        fi
    done
}

# set_path_aside <value>: the programs of the image are found first here, and last by the function.
set_path_aside() {
    export PATH=$IMAGE_PATH
    if [[ -n $1 && $1 != "$IMAGE_PATH" ]]; then
        GIVEN_PATH=("${1%":$IMAGE_PATH"}")
    fi
}

# take_variables <NAME=value>...: as if the container had been started with them.
take_variables() {
    local entry name
    for entry in "$@"; do
        name=${entry%%=*}
        if [[ $entry != ?*=* || $name == OPEN_RUNTIMES_STANDBY* ]]; then
            continue
        elif [[ $name == PATH ]]; then
            set_path_aside "${entry#*=}"
        elif is_name "$name" && ! is_system "$name" && is_free "$name"; then
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

is_system() {
    # shellcheck disable=SC2053
    [[ $1 == $SYSTEM_VARIABLES ]]
}

# What is set and not exported is this shell's own.
is_free() {
    [[ ! -v $1 || ${!1@a} == *x* ]]
}

# become <command>: with the function's environment, and without this shell. No variable here, which could be one of the
# function's.
become() {
    case $1 in
        # What server.sh does, without the milliseconds that two more shells take; and the server by its own command,
        # such as `node src/server.js`, which executors name as if there were no front before it.
        # shellcheck disable=SC2086
        'bash helpers/server.sh' | helpers/server.sh | "${OPEN_RUNTIMES_SERVER_COMMAND#* -- }")
            set -- $OPEN_RUNTIMES_SERVER_COMMAND
            ;;
        *) set -- "$BASH" -c "$1" ;;
    esac
    if ((${#ASIDE[@]} + ${#GIVEN_PATH[@]} > 0)); then
        set -- env -- "${ASIDE[@]}" "${GIVEN_PATH[@]+PATH=${GIVEN_PATH[0]}:$PATH}" "$@"
    fi
    exec "$@"
}
