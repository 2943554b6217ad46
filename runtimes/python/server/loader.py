"""Loads the user's function."""

import importlib
import os
import site
import sys
import time

from _open_runtimes.logger import FUNCTION_FOLDER, describe

SOURCE_FOLDER = os.path.dirname(FUNCTION_FOLDER)
VENV = f'{FUNCTION_FOLDER}/.venv'


class LoadError(Exception):
    """The function could not be loaded, in words for its author."""


def load(environment):
    """The function, in the environment that is given, if one is. Raises LoadError."""
    if environment:
        replace_environment(environment)
    entrypoint = os.environ.get('OPEN_RUNTIMES_ENTRYPOINT') or 'main.py'
    prepare_imports()
    if not os.path.isfile(f'{FUNCTION_FOLDER}/{entrypoint}'):
        raise LoadError(f'Failed to load entrypoint, file {entrypoint} does not exist.')
    try:
        # `src/main.py` is `function.src.main`.
        path = os.path.splitext(os.path.normpath(entrypoint))[0]
        module = importlib.import_module('.'.join(['function', *path.split(os.sep)]))
    except BaseException as error:
        raise LoadError(explain(error)) from error
    main = getattr(module, 'main', None)
    if not callable(main):
        raise LoadError("Function signature invalid. Did you forget to export a 'main' function?")
    return main


def replace_environment(message):
    """`NAME=value`, each ended by a zero byte."""
    os.environ.clear()
    for entry in message.split(b'\0'):
        name, _, value = entry.partition(b'=')
        if name:
            os.environb[name] = value
    time.tzset()


def prepare_imports():
    """Has imports look where Python itself would look, had it been started in the function's folder and environment."""
    sys.path[:] = [
        FUNCTION_FOLDER,
        SOURCE_FOLDER,
        *[folder for folder in os.environ.get('PYTHONPATH', '').split(os.pathsep) if folder],
        *[folder for folder in sys.path if folder != SOURCE_FOLDER],
    ]
    # Of what Python does with its module `site`, which it was started without, the part that functions know.
    site.setquit()
    if os.path.isdir(VENV):
        enter_environment()
    # What importlib.invalidate_caches would do as well is to import modules for 15 milliseconds.
    sys.path_importer_cache.clear()


def enter_environment():
    """Makes the function's virtual environment this process's own, and that of the programs that it starts."""
    sys.prefix = sys.exec_prefix = os.environ['VIRTUAL_ENV'] = VENV
    sys.executable = f'{VENV}/bin/python'
    os.environ['PATH'] = f"{VENV}/bin:{os.environ.get('PATH', os.defpath)}"
    for version in os.listdir(f'{VENV}/lib'):
        site.addsitedir(f'{VENV}/lib/{version}/site-packages')


def explain(error):
    if isinstance(error, SyntaxError) and (error.filename or '').startswith(f'{FUNCTION_FOLDER}/'):
        place = os.path.relpath(error.filename, FUNCTION_FOLDER)
        return f'Syntax error in {place}: {error.msg} (line {error.lineno})'
    return f'Failed to load module: {describe(error)}'
