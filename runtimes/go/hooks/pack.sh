# The artifact holds the program alone. With an output directory of its own, the
# artifact is what a function has put there. Sourced.

if [[ -z ${OPEN_RUNTIMES_OUTPUT_DIRECTORY-} ]]; then
    empty_folder "$BUILD_FOLDER"
    mv "$PROGRAM" "$BUILD_FOLDER/server"
fi
