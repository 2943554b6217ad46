# How long the phases of a start took, for whoever asks the server for it. Sourced.

readonly TIMINGS_FILE=/mnt/telemetry/timings.txt
readonly SERVER_PORT=3000
readonly POLL_SECONDS=0.005
readonly POLLS=12000

# The time in microseconds, without starting a process.
now() {
    NOW=${EPOCHREALTIME/[.,]/}
}

# record_since <key> <microseconds>: lines of an earlier start or of the executor stay.
record_since() {
    now
    local elapsed=$((NOW - $2))
    printf '%s=%d.%03d\n' "$1" $((elapsed / 1000000)) $((elapsed / 1000 % 1000)) 2> /dev/null >> "$TIMINGS_FILE" || true
}

# Waits for the server's port in a process that belongs to process 1, so that no server needs code for this.
record_startup() {
    local started=$1
    (
        (
            exec > /dev/null 2>&1
            # Reading from a pipe that nobody writes to is a pause that needs no process.
            exec {silence}<> <(:)
            for ((poll = 0; poll < POLLS; poll++)); do
                if (exec 3<> "/dev/tcp/127.0.0.1/$SERVER_PORT"); then
                    record_since startup "$started"
                    exit
                fi
                read -r -t "$POLL_SECONDS" -u "$silence" || true
            done
        ) &
    )
}
