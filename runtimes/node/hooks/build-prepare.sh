# The package managers keep their downloads where the build cache is kept. Sourced.

export npm_config_cache="$CACHE_ROOT/npm" XDG_DATA_HOME="$CACHE_ROOT/data" YARN_CACHE_FOLDER="$CACHE_ROOT/yarn"
export npm_config_update_notifier=false npm_config_fund=false

# A function of one file is a function; npm would refuse to install without a package to install for.
if [[ ! -f package.json ]]; then
    echo '{ "private": true }' > package.json
fi
