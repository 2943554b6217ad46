# What the process of a build or a start must be before it does anything: not process 1, and not root.
# Sourced by build.sh and start.sh. Programs have their full names here: the container may have been given any PATH, and
# root runs none but the image's own.

# After root is given up, so that nothing of it stays. Process 1 ignores signals that it has no handler for and must
# reap orphans. tini knows how to be it, bash does not.
be_below_init() {
    if (($$ == 1)); then
        exec /usr/bin/tini -- "$BASH" "$0" "$@"
    fi
}

# Executors that start containers as root let us prepare the mounts; after that nobody needs root any more.
be_unprivileged() {
    if ((EUID != 0)); then
        return
    fi
    local path present=() user=10001
    for path in /usr/local/build /usr/local/server/src/function /usr/local/cache /cache \
        /mnt/code /mnt/logs /mnt/telemetry /mnt/telemetry/timings.txt /mnt/standby; do
        # Only the folder itself: what is in it belongs to whoever put it there, but for the one file that both write.
        if [[ -e $path && ! -L $path ]]; then
            present+=("$path")
        fi
    done
    # Read-only mounts stay as they are; what must be written and cannot be is told of by who writes it.
    /bin/chown --no-dereference "$user:$user" "${present[@]}" 2> /dev/null || true
    export HOME=/tmp
    exec /usr/bin/setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \
        --bounding-set=-all --inh-caps=-all "$BASH" "$0" "$@"
}
