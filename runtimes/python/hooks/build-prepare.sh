# Each build has a virtual environment of its own, and pip keeps its downloads where the build cache is kept. Sourced.

# One that came with the source was made for another machine.
rm -rf .venv
python3 -I -m venv --without-pip .venv
export VIRTUAL_ENV="$BUILD_FOLDER/.venv" PATH="$BUILD_FOLDER/.venv/bin:$PATH"
# `python -m pip` finds the image's pip, which need not be installed into each environment.
for packages in .venv/lib/*/site-packages; do
    echo /usr/local/lib/pip > "$packages/pip-of-the-image.pth"
done
export PIP_CACHE_DIR="$CACHE_ROOT/pip" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
export POETRY_CACHE_DIR="$CACHE_ROOT/poetry" POETRY_VIRTUALENVS_CREATE=false POETRY_NO_INTERACTION=1

# A function of one file is a function; pip would refuse to install from a list that is not there.
if [[ ! -f requirements.txt ]]; then
    : > requirements.txt
fi
