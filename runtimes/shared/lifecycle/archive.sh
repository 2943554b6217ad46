# Artifacts: packing them, telling their format, unpacking them without letting them out of their folder. Sourced.

# In the order in which a start looks for them.
readonly ARTIFACTS=(code.sqfs code.tar code.tar.gz code.gz)

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
    local file=$1 folder=$2 complaints
    if ! complaints=$(extract "$file" "$folder" 2>&1) || [[ -n $complaints ]]; then
        empty_folder "$folder"
        fail "Error: The code archive was refused: ${complaints:-it cannot be unpacked.}"
    fi
    if complaints=$(link_that_leaves "$folder") && [[ -n $complaints ]]; then
        empty_folder "$folder"
        fail "Error: The code archive was refused, a link leaves its folder: $complaints"
    fi
}

extract() {
    local file=$1 folder=$2 magic
    # In this locale bash reads and compares bytes. It leaves out zeros, of which these formats have none at their beginning.
    local LC_ALL=C
    IFS= read -r -N 4 magic < "$file" || true
    case $magic in
        hsqs) unsquashfs -force -no-progress -no-xattrs -quiet -dest "$folder" "$file" > /dev/null ;;
        $'\x1f\x8b'*) extract_tar "$folder" --gzip < "$file" ;;
        $'\x28\xb5\x2f\xfd') extract_tar "$folder" --zstd < "$file" ;;
        *) extract_tar "$folder" < "$file" ;;
    esac
}

# tar itself refuses members with `..`, and strips leading slashes with a warning, which we take for a refusal too.
extract_tar() {
    local folder=$1
    shift
    LC_ALL=C tar --extract --directory="$folder" --no-same-owner --no-same-permissions \
        --warning=no-timestamp --warning=no-unknown-keyword "$@"
}

# Names the first link that leads out; through other links or not, since what counts is where it ends.
link_that_leaves() {
    local link target root
    root=$(cd "$1" && pwd -P)
    while IFS= read -r -d '' link; do
        target=$(realpath --canonicalize-missing -- "$link")
        if [[ $target != "$root" && $target != "$root"/* ]]; then
            printf '%s' "${link#"$root"/}"
            return
        fi
    done < <(find "$root" -type l -print0)
}

empty_folder() {
    find "$1" -mindepth 1 -delete
}
