# What the process of a build or a start must be before it does anything: not process 1, and not root.
# Sourced by build.sh and start.sh.

# After root is given up, so that nothing of it stays. Process 1 ignores signals that it has no handler for and must
# reap orphans. tini knows how to be it, bash does not.
be_below_init() {
    if (($$ == 1)); then
        exec tini -- "$BASH" "$0" "$@"
    fi
}

# Executors that start containers as root let us prepare the mounts; after that nobody needs root any more.
be_unprivileged() {
    if ((EUID != 0)); then
        return
    fi
    local folder user=10001
    for folder in /usr/local/build /usr/local/server/src/function /usr/local/cache /cache \
        /mnt/code /mnt/logs /mnt/telemetry /mnt/standby; do
        # Only the folder itself: what is in it belongs to whoever put it there. Read-only mounts stay as they are.
        if [[ -d $folder && ! -L $folder ]]; then
            chown "$user:$user" "$folder" 2> /dev/null || true
        fi
    done
    export HOME=/tmp
    exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs \
        --bounding-set=-all --inh-caps=-all "$BASH" "$0" "$@"
}
