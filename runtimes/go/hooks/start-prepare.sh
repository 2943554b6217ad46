# Go's threads and heap follow the cores and the memory of the container. The user's own settings win. Sourced.

if [[ ${OPEN_RUNTIMES_CPUS:-} =~ ^([0-9]+)(\.0*)?([0-9]*)$ ]]; then
    # A part of a core is worth a thread of its own.
    export GOMAXPROCS="${GOMAXPROCS:-$((BASH_REMATCH[1] + (10#0${BASH_REMATCH[3]} > 0 ? 1 : 0)))}"
fi
if [[ ${OPEN_RUNTIMES_MEMORY:-} =~ ^[1-9][0-9]*$ ]]; then
    export GOMEMLIMIT="${GOMEMLIMIT:-$((OPEN_RUNTIMES_MEMORY * 9 / 10))MiB}"
fi
