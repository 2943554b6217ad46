# Compiles the function; what the compiler says of it is the build's own output. Sourced.

if [[ ! -f $OPEN_RUNTIMES_ENTRYPOINT ]]; then
    fail "Error: Failed to load entrypoint, file $OPEN_RUNTIMES_ENTRYPOINT does not exist."
fi

# An install command may have removed the folder; then nothing is kept.
if [[ ! -d $CACHE_ROOT ]]; then
    GOMODCACHE=/tmp/go-modules
fi

PROGRAM=/tmp/server
if ! complaints=$("$BASH" "$SERVER_FOLDER/toolchain/compile.sh" "$OPEN_RUNTIMES_ENTRYPOINT" "$PROGRAM" 2>&1); then
    printf '%s\n' "$complaints" >&2
    if [[ $complaints == *handler.Main* ]]; then
        fail "Error: Function signature invalid. Did you forget to export a 'main' function?"
    fi
    fail 'Error: The function does not compile.'
fi
printf '%s' "${complaints:+$complaints$'\n'}"

# What was compiled of modules that the function depends on spares the next build the work.
if [[ -d $CACHE_ROOT && -d $GOMODCACHE/cache/download ]]; then
    mkdir -p "$CACHE_ROOT/go-build"
    (cd "$GOCACHE" && find . -type f -exec \
        cp --parents --preserve=timestamps --target-directory="$CACHE_ROOT/go-build" {} +)
    find "$CACHE_ROOT/go-build" -type f -mtime +5 -delete
fi
