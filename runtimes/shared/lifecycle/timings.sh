# How long the phases of a start took, for whoever asks the server for it. Sourced.

readonly TIMINGS_FILE=/mnt/telemetry/timings.txt
readonly SERVER_PORT=3000
readonly SERVER_PORT_HEX=0BB8
readonly POLL_SECONDS=0.005
readonly POLLS=12000
readonly ANSWER_SECONDS=60

# now <variable>: sets it to the time in microseconds, without starting a process.
now() {
    printf -v "$1" '%s' "${EPOCHREALTIME/[.,]/}"
}

# A start without timings is a start, but nobody shall look for them in vain.
check_timings() {
    { : >> "$TIMINGS_FILE"; } 2> /dev/null || say "Timings warning: $TIMINGS_FILE cannot be written by user $EUID."
}

# record_since <key> <microseconds>: lines of an earlier start or of the executor stay.
record_since() {
    local ended elapsed
    now ended
    elapsed=$((ended - $2))
    printf '%s=%d.%03d\n' "$1" $((elapsed / 1000000)) $((elapsed / 1000 % 1000)) 2> /dev/null >> "$TIMINGS_FILE" || true
}

# Waits for the server's port in a process that belongs to process 1, so that no server needs code for this.
record_startup() {
    local began
    now began
    (
        (
            exec > /dev/null 2>&1
            if port_is_bound_soon; then
                record_since startup "$began"
            fi
        ) &
    )
}

port_is_bound_soon() {
    local poll silence
    # Reading from a pipe that nobody writes to is a pause that needs no process.
    exec {silence}<> <(:)
    for ((poll = 0; poll < POLLS; poll++)); do
        if port_is_bound; then
            exec {silence}>&-
            return
        fi
        read -r -t "$POLL_SECONDS" -u "$silence" || true
    done
    return 1
}

# Whether somebody listens at the server's port, over either version of IP. It is looked up, since connecting would take
# a process.
port_is_bound() {
    local file sockets
    for file in /proc/net/tcp /proc/net/tcp6; do
        IFS= read -r -d '' sockets 2> /dev/null < "$file" || true
        if [[ $sockets =~ :$SERVER_PORT_HEX\ +[0-9A-F]+:0000\ 0A\  ]]; then
            return
        fi
    done
    return 1
}

# Comes back when the server has answered its health path, however long ago its port was bound.
server_answers() {
    local server line
    exec {server}<> "/dev/tcp/127.0.0.1/$SERVER_PORT"
    printf 'GET /__opr/health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n' >&"$server"
    read -r -t "$ANSWER_SECONDS" line <&"$server"
}
