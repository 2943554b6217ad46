# The build cache: the package managers' folders, kept between builds in one squashfs file. Sourced.
# Trouble with it never fails a build, so every step ends in a line of text at worst.

readonly CACHE_ROOT=${OPEN_RUNTIMES_BUILD_CACHE_ROOT:-/usr/local/cache/build}
readonly CACHE_ARTIFACT=${OPEN_RUNTIMES_BUILD_CACHE_ARTIFACT:-/cache/stores.sqfs}
readonly CACHE_SAVE_SECONDS=${OPEN_RUNTIMES_BUILD_CACHE_SAVE_TIMEOUT_SECONDS:-120}
readonly CACHE_MAX_BYTES=${OPEN_RUNTIMES_BUILD_CACHE_MAX_SIZE_BYTES:-2147483648}

# Without a folder to keep it in, nobody wants a cache.
cache_is_wanted() {
    [[ -d ${CACHE_ARTIFACT%/*} && -w ${CACHE_ARTIFACT%/*} ]]
}

restore_cache() {
    mkdir -p "$CACHE_ROOT" 2> /dev/null || true
    if ! cache_is_wanted; then
        return
    fi
    if [[ ! -f $CACHE_ARTIFACT ]]; then
        say 'Build cache miss.'
    elif unsquashfs -force -no-progress -no-xattrs -quiet -dest "$CACHE_ROOT" "$CACHE_ARTIFACT" > /dev/null 2>&1; then
        say 'Build cache hit.'
    else
        find "$CACHE_ROOT" -mindepth 1 -delete || true
        say 'Build cache warning: the saved cache cannot be read, starting with an empty one.'
        say 'Build cache miss.'
    fi
}

save_cache() {
    if ! cache_is_wanted; then
        return
    fi
    if [[ ! -d $CACHE_ROOT ]]; then
        say 'Build cache save skipped: cache root missing.'
        return
    fi
    local partial=${CACHE_ARTIFACT%/*}/.stores.partial size old
    rm -f "$partial"
    # Without a time of its own in it, an unchanged cache makes an unchanged file.
    if ! timeout "$CACHE_SAVE_SECONDS" mksquashfs "$CACHE_ROOT" "$partial" -comp lz4 -b 1M -noappend \
        -no-progress -no-xattrs -mkfs-time 0 -quiet > /dev/null 2>&1; then
        rm -f "$partial"
        say "Build cache warning: saving failed or took longer than $CACHE_SAVE_SECONDS seconds."
        return
    fi
    size=$(stat --format=%s "$partial")
    old=$(stat --format=%s "$CACHE_ARTIFACT" 2> /dev/null || true)
    if ((size > CACHE_MAX_BYTES)); then
        rm -f "$partial"
        say "Build cache save skipped: artifact too large ($size bytes, max $CACHE_MAX_BYTES bytes)."
    elif [[ -n $old ]] && cmp --silent "$partial" "$CACHE_ARTIFACT"; then
        rm -f "$partial"
        say "Build cache save skipped: artifact unchanged ($size bytes)."
    elif ! mv "$partial" "$CACHE_ARTIFACT" 2> /dev/null; then
        rm -f "$partial"
        say 'Build cache warning: the saved cache cannot be replaced.'
    elif [[ -n $old ]]; then
        say "Build cache saved. ($old bytes -> $size bytes)"
    else
        say "Build cache saved. ($size bytes)"
    fi
}
