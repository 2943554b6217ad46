# The three settings that a build records in its artifact and a start reads back. Sourced.
# Neither side ever runs a value as shell: they are written and parsed as plain lines.

readonly SETTINGS_FILE=.open-runtimes
readonly SETTINGS=(OPEN_RUNTIMES_ENTRYPOINT OPEN_RUNTIMES_CLEANUP OPEN_RUNTIMES_BUILD_COMPRESSION)

write_settings() {
    local name
    for name in "${SETTINGS[@]}"; do
        if [[ ${!name-} == *$'\n'* ]]; then
            fail "Error: $name must be a single line."
        fi
        printf '%s=%s\n' "$name" "${!name-}"
    done > "$1/$SETTINGS_FILE"
}

# Recorded values win over the environment; empty ones and unknown names count for nothing.
read_settings() {
    local line name value
    if [[ ! -f $1/$SETTINGS_FILE ]]; then
        return
    fi
    while IFS= read -r line || [[ -n $line ]]; do
        name=${line%%=*}
        value=${line#*=}
        if [[ " ${SETTINGS[*]} " == *" $name "* && $line == *=* && -n $value ]]; then
            export "$name=$value"
        fi
    done < "$1/$SETTINGS_FILE"
}
