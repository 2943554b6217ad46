# Makes the virtual environment work where the artifact will be unpacked, and compiles the function. Sourced.

relocate_environment() {
    local at_run_time=$SERVER_FOLDER/src/function name python
    # No link of an artifact may lead out of it, so what are links to Python become scripts: Python takes itself for the
    # one of the environment when it is called by that name.
    for name in .venv/bin/python*; do
        python=$(realpath "$name")
        rm "$name"
        printf '#!/bin/bash\nexec -a "$0" %s "$@"\n' "$python" > "$name"
        chmod +x "$name"
    done
    find .venv/bin .venv/pyvenv.cfg .venv/lib/*/site-packages -maxdepth 1 -type f \
        \( -path '*/bin/*' -o -name '*.cfg' -o -name '*.pth' \) \
        -exec grep --files-with-matches --null --binary-files=without-match --fixed-strings "$BUILD_FOLDER" {} + |
        xargs --null --no-run-if-empty sed --in-place "s,$BUILD_FOLDER,$at_run_time,g"
}

if [[ -d .venv ]]; then
    rm -f .venv/lib/*/site-packages/pip-of-the-image.pth
    if [[ -z $(find .venv/lib/*/site-packages -mindepth 1 -print -quit) ]]; then
        rm -rf .venv
    else
        relocate_environment
        # Whatever folder of the build becomes the artifact, its environment goes with it.
        if [[ -d ${OPEN_RUNTIMES_OUTPUT_DIRECTORY-} && ! $OPEN_RUNTIMES_OUTPUT_DIRECTORY -ef . ]]; then
            mv .venv "$OPEN_RUNTIMES_OUTPUT_DIRECTORY/"
        fi
    fi
fi

# What does not parse is told by the server; the build goes on.
python3 -I -m compileall -qq -x '\.venv' "./${OPEN_RUNTIMES_OUTPUT_DIRECTORY-}" || true
