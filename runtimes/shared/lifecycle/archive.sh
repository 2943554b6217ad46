# Artifacts: packing them, telling their format, unpacking them without letting them out of their folder. Sourced.

# In the order in which a start looks for them.
readonly ARTIFACTS=(code.sqfs code.tar code.tar.gz code.gz)
readonly UNSOUND='it cannot be unpacked.'

# pack_artifact <folder> <output folder> <compression>
pack_artifact() {
    local folder=$1 output=$2 compression=$3
    case $compression in
        squashfs) pack_squashfs "$folder" "$output" ;;
        skip) pack_nothing "$folder" "$output" ;;
        none) pack_tar "$folder" "$output" cat ;;
        zstd) pack_tar "$folder" "$output" "zstd --quiet" ;;
        *) pack_tar "$folder" "$output" gzip ;;
    esac
}

# The compression that a build uses: unknown words mean gzip, `auto` decides by size.
choose_compression() {
    local asked=${OPEN_RUNTIMES_BUILD_COMPRESSION:-gzip}
    if [[ $asked == auto ]]; then
        local kib
        kib=$(du --summarize --block-size=1K "$1" | cut -f1)
        asked=$( ((kib < 5120)) && echo none || echo gzip)
    fi
    case $asked in
        none | zstd | squashfs | skip) echo "$asked" ;;
        *) echo gzip ;;
    esac
}

# Written under another name first: a build that is killed leaves no half artifact.
pack_tar() {
    local folder=$1 output=$2 compressor=$3
    tar --create --directory="$folder" --anchored --no-wildcards "${ARTIFACTS[@]/#/--exclude=./}" . |
        $compressor > "$output/.code.partial"
    mv "$output/.code.partial" "$output/code.tar.gz"
}

pack_squashfs() {
    local folder=$1 output=$2
    rm -f "$output/.code.partial"
    mksquashfs "$folder" "$output/.code.partial" -comp lz4 -b 1M -noappend -no-progress -no-xattrs -quiet \
        -e "${ARTIFACTS[@]}" > /dev/null
    mv "$output/.code.partial" "$output/code.sqfs"
}

pack_nothing() {
    local folder=$1 output=$2
    (cd "$folder" && rm -rf "${ARTIFACTS[@]}")
    # Where source and artifact share a folder, files that the build dropped must not come back with the source.
    if [[ $output -ef ${OPEN_RUNTIMES_BUILD_INPUT_DIR:-/mnt/code} ]]; then
        find "$output" -mindepth 1 -delete
    fi
    copy_files "$folder" "$output"
    : > "$output/.extracted"
}

# Copies all files of a folder, dot-files included; owners do not matter, links stay links.
copy_files() {
    cp --recursive --no-dereference --preserve=mode,timestamps,links "$1/." "$2/"
}

# unpack_artifact <file> <folder>: nothing stays in the folder when the artifact is refused.
unpack_artifact() {
    local file=$1 folder=$2 complaints='' escaping=''
    extract "$file" "$folder"
    if [[ -n $complaints ]]; then
        empty_folder "$folder"
        # The first one is the reason; what follows tells that tar gives up.
        fail "Error: The code archive was refused: ${complaints%%$'\n'*}"
    fi
    find_escaping_link "$folder"
    if [[ -n $escaping ]]; then
        empty_folder "$folder"
        fail "Error: The code archive was refused, a link leaves its folder: $escaping"
    fi
}

# Sets `complaints` to all that is wrong with the artifact.
extract() {
    local file=$1 folder=$2 magic
    shopt -s lastpipe
    # In this locale bash reads and compares bytes. It leaves out zeros, of which these formats have none at their
    # beginning.
    local -x LC_ALL=C
    IFS= read -r -N 4 magic < "$file" || true
    case $magic in
        hsqs) extract_squashfs ;;
        $'\x1f\x8b'*) extract_tar gzip -dc ;;
        $'\x28\xb5\x2f\xfd') extract_tar zstd -dc ;;
        *) extract_tar cat ;;
    esac
}

# tar itself refuses members with `..`, and strips leading slashes with a warning, which we take for a refusal too.
# The decompressor runs beside tar, which would start a shell for it, and this shell itself hears what they say.
extract_tar() {
    "$@" < "$file" | tar --extract --directory="$folder" --no-same-owner --no-same-permissions \
        --warning=no-timestamp --warning=no-unknown-keyword 2>&1 | hear || complaints=${complaints:-$UNSOUND}
}

extract_squashfs() {
    unsquashfs -force -no-progress -no-xattrs -quiet -dest "$folder" "$file" 2>&1 > /dev/null | hear \
        || complaints=${complaints:-$UNSOUND}
}

# The last part of a pipeline: since bash runs it in this very shell, what it reads stays.
hear() {
    IFS= read -r -d '' complaints || true
}

empty_folder() {
    find "$1" -mindepth 1 -delete
}
