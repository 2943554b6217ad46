# Go finds what the image has compiled, and what earlier builds have, and keeps
# its downloads where the build cache is kept. Sourced.

source "$SERVER_FOLDER/toolchain/environment.sh"
export GOMODCACHE="$CACHE_ROOT/go-modules" GOCACHE=/tmp/go-build

# Links: only what this build compiles takes up space, and nothing is kept twice.
mkdir -p "$GOCACHE"
cp --recursive --symbolic-link --force "$SERVER_FOLDER/cache/." "$GOCACHE"
if [[ -d $CACHE_ROOT/go-build ]]; then
    cp --recursive --symbolic-link --force "$CACHE_ROOT/go-build/." "$GOCACHE"
fi
