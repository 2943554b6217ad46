# Symbolic links of a function: wherever its artifact is unpacked, each leads to a place inside of it. Sourced.

# settle_links <folder>: at the end of a build. Fails if a link leads out; those that lead in only by way of the
# folder's own name are made to lead there without it.
settle_links() {
    local folder=$1 found=() links=() targets=() root index link text
    mapfile -d '' -t found < <(find "$folder" -type l -printf '%P\0%l\0')
    for ((index = 0; index < ${#found[@]}; index += 2)); do
        link=${found[index]} text=${found[index + 1]}
        if ! stays_inside "$link" "$text" && [[ $text != "$SERVER_FOLDER/src/function/"* ]]; then
            links+=("$link")
        fi
    done
    if ((${#links[@]} == 0)); then
        return
    fi
    root=$(cd "$folder" && pwd -P)
    find_targets "${links[@]/#/"$folder/"}"
    for index in "${!links[@]}"; do
        link=$folder/${links[index]}
        if ! is_within "${targets[index]-}" "$root"; then
            fail "Error: The link \"${links[index]}\" leads to \"$(readlink -- "$link")\", outside of the build \
output. Put a copy of what it leads to in its place, or remove it."
        fi
        ln --symbolic --force --no-dereference --relative -- "${targets[index]}" "$link"
    done
}

# stays_inside <link> <what it says>: whether that leads to a place inside without a step out of the folder on its way.
stays_inside() {
    local depth=${1//[!\/]/} rest=$2
    while [[ $rest == ./* || $rest == ../* ]]; do
        if [[ $rest == ../* ]]; then
            [[ -n $depth ]] || return
            depth=${depth%/}
        fi
        rest=${rest#*/}
    done
    [[ $rest != /* && /$rest/ != */../* ]] || [[ $rest == .. && -n $depth ]]
}

# Sets `escaping` to the first link of a folder that leads out; through other links or not, since what counts is where
# it ends.
find_escaping_link() {
    local file root index links=() targets=() LC_ALL=C
    shopt -s dotglob globstar nullglob
    for file in "$1"/**; do
        if [[ -L $file ]]; then
            links+=("$file")
        fi
    done
    shopt -u dotglob globstar nullglob
    if ((${#links[@]} == 0)); then
        return
    fi
    root=$(cd "$1" && pwd -P)
    find_targets "${links[@]}"
    for index in "${!links[@]}"; do
        if ! is_within "${targets[index]-}" "$root"; then
            escaping=${links[index]#"$1"/}
            return
        fi
    done
}

# Sets `targets` to where these links end, whether there is something or not.
find_targets() {
    mapfile -d '' -t targets < <(printf '%s\0' "$@" | xargs -0 realpath --zero --canonicalize-missing --)
}

is_within() {
    [[ $1 == "$2" || $1 == "$2"/* ]]
}
