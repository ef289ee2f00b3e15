"""Runs a program as the command `python` does: `__main__`, `sys.argv`, tracebacks, exit codes.

Several programs may run in one interpreter, one after another. Each begins as in a new process,
except that the modules of the standard library that were imported stay.
"""

import atexit
import gc
import importlib
import importlib.machinery
import io
import json
import linecache
import logging
import operator
import os
import signal
import sys
import types
import warnings

import turnwise_loop
import turnwise_signals

# What the exit code says of a program that Ctrl-C ended: as `subprocess` has it.
INTERRUPTED = -signal.SIGINT
# CPython's exit code if what was printed could not be written.
NOT_WRITTEN = 120

_SOURCE_NAME = "<string>"


def run(request):
    """Runs a program. The request is JSON: `file` or `source`, `args`, `env`, `cwd`.

    Returns the exit code, or `INTERRUPTED`.
    """
    request = json.loads(request)
    with _Process(request):
        try:
            code = _run_main(request)
        finally:
            atexit._run_exitfuncs()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _drop_main()
        return code if _flush() else NOT_WRITTEN


def _run_main(request):
    file = request.get("file")
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    name = _SOURCE_NAME
    try:
        if file is None:
            source = request["source"]
            linecache.cache[name] = len(source), None, source.splitlines(True), name
        else:
            name = main.__file__ = file
            main.__loader__ = importlib.machinery.SourceFileLoader("__main__", file)
            source = main.__loader__.get_data(file)
        main.__builtins__ = __builtins__
        exec(compile(source, name, "exec", dont_inherit=True), main.__dict__)
        return 0
    except _Exit as exit:
        atexit._clear()
        turnwise_signals.forget()
        return _exit_code(exit.code)
    except SystemExit as exit:
        _hide_this_file(exit)
        return _exit_code(exit.code)
    except BaseException as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # It ends already: one more would hide why.
        _hide_this_file(error)
        sys.excepthook(type(error), error, error.__traceback__)
        return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


class _Exit(SystemExit):
    """`os._exit` was called: what is to happen at the exit does not."""


def _exit_now(status):
    """`os._exit`. The process has other work, so that it ends the program as an exception does: `finally` is run."""
    raise _Exit(operator.index(status))


os._exit = _exit_now


def _exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _hide_this_file(error):
    """Makes the traceback begin with the program."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace


def _drop_main():
    """Lets go of all that the program made, so that what it left undone is told."""
    main = sys.modules.pop("__main__", None)
    if main is not None:
        main.__dict__.clear()
    turnwise_loop.reset()
    gc.collect()


def _flush():
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        return True
    except (OSError, ValueError):
        return False


class _Process:
    """What a process has of its own: set before a program, and as before after it."""

    def __init__(self, request):
        self._request = request

    def __enter__(self):
        request = self._request
        self._modules = sys.modules.copy()
        self._path = sys.path.copy()
        self._argv = sys.argv
        self._environ = os.environ.copy()
        self._filters = warnings.filters[:]
        self._excepthook = sys.excepthook
        self._cwd = os.getcwd()
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["cwd"])
        sys.argv = request["args"]
        file = request.get("file")
        beside = [] if file is None else [os.path.dirname(file)]
        sys.path[:0] = beside + [part for part in os.environ.get("PYTHONPATH", "").split(":") if part]
        sys.stdin = sys.__stdin__ = _open_stream(0, "<stdin>", "strict")
        sys.stdout = sys.__stdout__ = _open_stream(1, "<stdout>", "strict")
        sys.stderr = sys.__stderr__ = _open_stream(2, "<stderr>", "backslashreplace")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        atexit._clear()
        importlib.invalidate_caches()

    def __exit__(self, *_):
        os.chdir(self._cwd)
        os.environ.clear()
        os.environ.update(self._environ)
        sys.excepthook = self._excepthook
        sys.argv = self._argv
        sys.path[:] = self._path
        warnings.filters[:] = self._filters
        logging.root.handlers.clear()
        logging.root.setLevel(logging.WARNING)
        # The program's own modules go; what came from the standard library need not be loaded again.
        library = os.path.dirname(os.__file__)
        for name, module in list(sys.modules.items()):
            origin = getattr(module, "__file__", None)
            if name not in self._modules and origin is not None and not origin.startswith(library):
                del sys.modules[name]
        sys.modules["__main__"] = self._modules["__main__"]
        sys.path_importer_cache.clear()
        linecache.clearcache()


def _open_stream(number, name, errors):
    raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
    raw.name = name
    if number == 0:
        return io.TextIOWrapper(io.BufferedReader(raw), "utf-8", errors)
    # By the line also where nobody looks on: what TypeScript prints beside it stays in order.
    return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors, line_buffering=True)
