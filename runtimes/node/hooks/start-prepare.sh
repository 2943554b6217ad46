# The heap follows the memory of the container and leaves a quarter for all
# else. The user's own options come later and win. Sourced.

if [[ ${OPEN_RUNTIMES_MEMORY:-} =~ ^[1-9][0-9]*$ ]]; then
    export NODE_OPTIONS="--max-old-space-size=$((OPEN_RUNTIMES_MEMORY * 3 / 4)) ${NODE_OPTIONS:-}"
fi
