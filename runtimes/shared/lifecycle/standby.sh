# Standby: a container that has started before there is a function for it, and waits at its gate, a named pipe. Sourced.
# The function's environment comes through it: NAME=value, each ended by a zero byte, complete at the end of the file.

readonly STANDBY_FOLDER=/mnt/standby
readonly GATE=$STANDBY_FOLDER/gate
readonly ENVIRONMENT=$STANDBY_FOLDER/environment
readonly SCRATCH=$STANDBY_FOLDER/scratch

# stand_by <start command>: comes back with a function to start, or becomes a server that waits for one itself.
stand_by() {
    require_writable "$STANDBY_FOLDER"
    rm -f "$GATE" "$ENVIRONMENT"
    mkfifo "$GATE"
    # Who may put an artifact into its folders may open the gate.
    chmod --reference="$STANDBY_FOLDER" "$GATE"
    if [[ $OPEN_RUNTIMES_STANDBY == warm && ${OPEN_RUNTIMES_WARM_STANDBY-} == 1 ]]; then
        become_waiting_server "$1"
    fi
    open_scratch
    rehearse_extraction
    wait_at_gate
    close_scratch
}

# The server boots, binds its port and reads the function's environment from a pipe. Who writes it there is no child of
# the server.
become_waiting_server() {
    local server
    mkfifo --mode=600 "$ENVIRONMENT"
    (keep_gate &)
    exec {server}< "$ENVIRONMENT"
    # What only counts when a process starts; there is no function yet.
    run_hook standby-prepare
    unset OPEN_RUNTIMES_STANDBY
    export OPEN_RUNTIMES_STANDBY_FD=$server
    become "$1"
}

# Gets the function ready for a server that waits. What fails ends this shell with nothing written, and that ends the
# server.
keep_gate() {
    local environment began
    exec {environment}> "$ENVIRONMENT"
    rm -f "$ENVIRONMENT"
    open_scratch
    rehearse_extraction
    port_is_bound_soon
    wait_at_gate
    prepare
    now began
    print_environment >&"$environment"
    exec {environment}>&-
    if server_answers; then
        record_since startup "$began"
    fi
}

# The first run of a program in a container takes twice as long as all others. What comes of this one does not matter.
rehearse_extraction() {
    tar --create --files-from=/dev/null | gzip -c | gzip -dc | tar --extract --directory="$FUNCTION_FOLDER" || true
}

# Comes back when the gate has been opened and the whole message has come. Without one, nobody wants this container any
# more.
wait_at_gate() {
    local gate entries
    exec {gate}< "$GATE"
    # Whoever has it open now is the only one who ever has.
    rm -f "$GATE"
    # This shell would read a pipe byte by byte; cat, which waits there already, does not.
    cat <&"$gate" >&"$WRITTEN" &
    exec {gate}<&-
    wait "$!"
    mapfile -d '' -t entries <&"$READ"
    if ((${#entries[@]} == 0)); then
        exit 1
    fi
    unset OPEN_RUNTIMES_STANDBY
    take_variables "${entries[@]}"
}

# A file without a name, in which a shell finds again what it or others have written, at the cost of no process.
open_scratch() {
    exec {WRITTEN}> "$SCRATCH" {READ}< "$SCRATCH"
    rm -f "$SCRATCH"
}

close_scratch() {
    exec {WRITTEN}>&- {READ}<&-
}

# The whole environment, as the message at the gate has it.
print_environment() {
    local names name entries=()
    compgen -e >&"$WRITTEN"
    mapfile -t names <&"$READ"
    for name in "${names[@]}"; do
        entries+=("$name=${!name}")
    done
    printf '%s\0' "${entries[@]}" "${ASIDE[@]}" "${GIVEN_PATH[@]+PATH=${GIVEN_PATH[0]}:$PATH}"
}
