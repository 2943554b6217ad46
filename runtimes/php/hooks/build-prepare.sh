# Composer keeps its downloads where the build cache is kept. Sourced.

export COMPOSER_CACHE_DIR="$CACHE_ROOT/composer" COMPOSER_HOME=/tmp/composer
