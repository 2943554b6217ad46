"""Loads the user's function, once."""

import builtins
import importlib
import os
import site
import sys
from inspect import iscoroutinefunction

from .config import Config
from .format import describe

VENV = f'{Config.FUNCTION_FOLDER}/.venv'


class LoadError(Exception):
    """Why a function could not be loaded, in words for its author."""


class Function:
    __slots__ = ('main', 'is_async')

    def __init__(self, main):
        self.main = main
        self.is_async = iscoroutinefunction(main) or iscoroutinefunction(getattr(main, '__call__', None))


class Loader:
    def __init__(self, config):
        self._config = config
        self._function = None
        prepare_imports(config.python_path)

    def load(self):
        """The function. A load that failed is tried again. Raises LoadError."""
        if self._function is None:
            self._function = self._read()
        return self._function

    def _read(self):
        entrypoint = self._config.entrypoint
        if not os.path.isfile(f'{Config.FUNCTION_FOLDER}/{entrypoint}'):
            raise LoadError(f'Failed to load entrypoint, file {entrypoint} does not exist.')
        try:
            module = importlib.import_module(module_name(entrypoint))
        except BaseException as error:
            forget()
            raise LoadError(explain(error)) from error
        main = getattr(module, 'main', None)
        if not callable(main):
            forget()
            raise LoadError("Function signature invalid. Did you forget to export a 'main' function?")
        return Function(main)


def module_name(entrypoint):
    """`src/main.py` is `function.src.main`."""
    path = os.path.splitext(os.path.normpath(entrypoint))[0]
    return '.'.join(['function', *path.split(os.sep)])


def prepare_imports(python_path):
    """Has imports look where Python itself would look, had it been started in the function's folder and environment."""
    sys.path[:] = [
        Config.FUNCTION_FOLDER,
        Config.SOURCE_FOLDER,
        *python_path,
        *[folder for folder in sys.path if folder != Config.SOURCE_FOLDER],
    ]
    # Of what Python does with its module `site`, which it was started without, the part that functions know.
    for name in ('exit', 'quit'):
        setattr(builtins, name, site._sitebuiltins.Quitter(name, 'Ctrl-D (i.e. EOF)'))
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


def forget():
    """Lets the next attempt evaluate the user's files again."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, '__file__', None) or ''
        own = file.startswith(f'{Config.FUNCTION_FOLDER}/') and not file.startswith(f'{VENV}/')
        if own or name.split('.')[0] == 'function':
            del sys.modules[name]
    importlib.invalidate_caches()


def explain(error):
    if isinstance(error, SyntaxError) and (error.filename or '').startswith(f'{Config.FUNCTION_FOLDER}/'):
        place = os.path.relpath(error.filename, Config.FUNCTION_FOLDER)
        return f'Syntax error in {place}: {error.msg} (line {error.lineno})'
    return f'Failed to load module: {describe(error)}'
