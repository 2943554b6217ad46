# The build manifest: a list of the artifact's files, for whoever wants to show them. Sourced. It never fails a build.

write_manifest() {
    local folder=$1 file=${OPEN_RUNTIMES_BUILD_MANIFEST-} most=${OPEN_RUNTIMES_BUILD_MANIFEST_MAX_FILES:-10000}
    if [[ -z $file ]]; then
        return
    fi
    if ! list_files "$folder" "$most" > "$file" 2> /dev/null; then
        say "Build manifest warning: $file cannot be written."
    fi
}

# perl is part of every Debian system; its -0 reads names that end in a zero byte, as the only safe separator.
list_files() {
    local folder=$1 most=$2 excluded
    excluded=("${ARTIFACTS[@]/#/-o -path ./}")
    (
        cd "$folder" || exit
        # shellcheck disable=SC2068
        find . \( -name node_modules -prune ${excluded[@]} \) -o \( -type f -o -type l \) -printf '%P\0'
    ) | sort --zero-terminated | perl -0 -e '
        my $most = shift;
        my @files;
        while (my $name = <STDIN>) {
            chomp $name;
            last if @files >= $most;
            $name =~ s/(["\\])/\\$1/g;
            $name =~ s/([\x00-\x1f])/sprintf("\\u%04x", ord($1))/ge;
            push @files, "\"$name\"";
        }
        print "{\"version\":1,\"files\":[", join(",", @files), "]}\n";
    ' "$most"
}
