"""Threads: WebAssembly has none. What asyncio would give to one runs in the loop, as a callback of its own."""

import asyncio
import concurrent.futures
import contextvars
import os
import sys
import threading
import warnings
from asyncio import events, tasks

_WARNING = (
    "there are no threads in WebAssembly: the function runs in the event loop, and nothing else runs until it returns"
)
_NO_THREADS = (
    "can't start a thread, there are none in WebAssembly: use a task, or asyncio.to_thread or loop.run_in_executor, "
    "which run the function in the event loop"
)
_NO_PROCESSES = (
    "can't start a process for a function, WebAssembly has no such processes: use loop.run_in_executor, "
    "which runs it in the event loop, or asyncio.create_subprocess_exec for another program"
)
_NEVER = (
    "this waits for another thread, and there are none in WebAssembly: it would wait for ever. "
    "Use asyncio's Event, Condition and Queue, and await futures"
)

_LIBRARIES = os.path.dirname(asyncio.__file__), os.path.dirname(__file__)


class ThreadsMixin:
    """The part of the event loop that is about executors."""

    def __init__(self):
        super().__init__()
        # The futures of functions that have not run.
        self._inline = set()

    def run_in_executor(self, executor, func, *args):
        self._check_closed()
        if self._debug:
            self._check_callback(func, "run_in_executor")
        if executor is None:
            self._check_default_executor()
        elif not isinstance(executor, (concurrent.futures.ThreadPoolExecutor, ProcessPoolExecutor)):
            return super().run_in_executor(executor, func, *args)  # Somebody's own: it knows what it does.
        _warn_once()
        future = self.create_future()
        self._inline.add(future)
        # A thread's context is empty: `to_thread` brings the caller's along.
        self.call_soon(self._run_inline, future, func, args, context=contextvars.Context())
        future.add_done_callback(self._inline.discard)
        return future

    def _run_inline(self, future, func, args):
        if future.cancelled():
            return
        # As in a thread, no loop runs.
        events._set_running_loop(None)
        try:
            result = func(*args)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            outcome, value = future.set_exception, error
        else:
            outcome, value = future.set_result, result
        finally:
            events._set_running_loop(self)
        outcome(value)

    async def shutdown_default_executor(self, timeout=None):
        self._executor_shutdown_called = True
        if self._inline:
            await tasks.wait(self._inline, timeout=timeout)
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=False)


class ProcessPoolExecutor(concurrent.futures.Executor):
    """Stands for `concurrent.futures.ProcessPoolExecutor` in `run_in_executor`, and can do nothing else."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *, max_tasks_per_child=None):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")

    def submit(self, fn, /, *args, **kwargs):
        raise RuntimeError(_NO_PROCESSES)


_warned = None


def _warn_once():
    """Once for each program."""
    global _warned
    program = sys.modules.get("__main__")
    if program is not _warned:
        _warned = program
        warnings.warn(_WARNING, RuntimeWarning, skip_file_prefixes=_LIBRARIES)


def _start_thread(*_, **__):
    raise RuntimeError(_NO_THREADS)


_wait = threading.Condition.wait


def _wait_or_refuse(self, timeout=None):
    if timeout is None:
        raise RuntimeError(_NEVER)
    return _wait(self, timeout)


def install():
    """What can't be had fails at once, and says why."""
    threading._start_joinable_thread = _start_thread
    threading.Condition.wait = _wait_or_refuse
    concurrent.futures.ProcessPoolExecutor = ProcessPoolExecutor
