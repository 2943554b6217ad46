# Composer keeps its downloads where the build cache is kept. Sourced.

export COMPOSER_CACHE_DIR="$CACHE_ROOT/composer" COMPOSER_HOME=/tmp/composer

# A function of one file is a function; composer would refuse to install without a project to install for.
if [[ ! -f composer.json ]]; then
    echo '{}' > composer.json
fi
