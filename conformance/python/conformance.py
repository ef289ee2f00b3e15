"""What a conformance program may import, and what runs it. Same texts as log.ts."""

import asyncio
import gc
import json
import logging
import re
import sys
import warnings
from asyncio import events

from virtual_loop import Deadlock, Endless, VirtualLoop

# What depends on when the garbage collector runs can't be compared.
COLLECTOR_MESSAGES = ("was never retrieved", "was destroyed but it is pending")

# The loops of a batch with their tasks. A coroutine that was abandoned runs its `finally`
# when it is collected; in the middle of the next program it would do so on that one's loop.
_kept = []

_ERROR_NAMES = {"ValueError": "RangeError", "BaseExceptionGroup": "ExceptionGroup"}
_DEFAULT_NAME = re.compile(r"\bTask-(\d+)\b")


def describe(error):
    """The same text for the same error in both halves."""
    if error is None:
        return "None"
    name = type(error).__name__
    name = _ERROR_NAMES.get(name, name)
    if isinstance(error, BaseExceptionGroup):
        inner = ", ".join(describe(one) for one in error.exceptions)
        return f"{name}: {error.message} [{inner}]"
    text = str(error)
    return f"{name}: {text}" if text else name


def show(value):
    """The same text for the same value in both halves."""
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(one) for one in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Book:
    """The log of one run."""

    def __init__(self, loop):
        self.lines = []
        self._loop = loop
        self._open = True
        self._first_number = 0

    def log(self, text):
        if not self._open:
            return
        task = asyncio.current_task(self._loop)
        name = "-" if task is None else task.get_name()
        self.lines.append(f"{self._loop.time():.6f} {name} {text}")

    def handle_exception(self, loop, context):
        message = context["message"]
        if any(part in message for part in COLLECTOR_MESSAGES):
            return
        # What follows is the repr of a function.
        if message.startswith("Exception in callback"):
            message = "Exception in callback"
        # A shield's begins with the name of the error.
        for name, ours in _ERROR_NAMES.items():
            message = message.replace(f"{name} exception in", f"{ours} exception in")
        error = context.get("exception")
        self.log(f"handler: {message}" + (f" ({describe(error)})" if error else ""))

    def begin(self):
        """Called first thing in the main task; default names are counted from here."""
        task = asyncio.current_task(self._loop)
        self._first_number = int(task.get_name().removeprefix("Task-"))
        task.set_name("main")

    def close(self, ending):
        self._open = False
        self.lines.append(ending)
        return [
            _DEFAULT_NAME.sub(lambda found: f"Task-{int(found[1]) - self._first_number}", line)
            if "Task-" in line
            else line
            for line in self.lines
        ]


def run_main(main):
    """asyncio.run(main(log)) on the virtual loop; returns the lines of its log."""
    runner = asyncio.Runner(loop_factory=VirtualLoop)
    loop = runner.get_loop()
    _kept.append(loop)
    book = Book(loop)
    loop.set_exception_handler(book.handle_exception)

    async def begin():
        book.begin()
        await main(book.log)

    try:
        runner.run(begin())
        ending = "main returned"
    except Deadlock:
        ending = "main deadlocked"
    except Endless:
        ending = "main is endless"
    except asyncio.CancelledError:
        ending = "main cancelled"
    except BaseException as error:
        ending = f"main raised {describe(error)}"
    try:
        # Cancels and awaits what is left: after a deadlock, that is the main task, too.
        runner.close()
    except KeyboardInterrupt as error:
        ending = f"main raised {describe(error)}"  # as out of asyncio.run, which closes the runner
    except Deadlock:
        pass  # what was left waits for ever, cancelled or not; `ending` tells the main thing
    except Endless:
        ending = "the shutdown is endless"
    return book.close(ending)


def run_source(source, filename):
    """Runs a program given as text. An error of the program's own text is a line, too."""
    names = {"__name__": filename}
    try:
        exec(compile(source, filename, "exec"), names)
    except Exception as error:
        return [f"program broken: {type(error).__name__}: {error}"]
    return run_main(names["main"])


def run_batch(batch):
    """JSON in, JSON out: one crossing from JavaScript to Python for many programs."""
    host_loop = events._get_running_loop()
    events._set_running_loop(None)  # Pyodide's own loop passes for running all the time
    gc.disable()
    try:
        return json.dumps([run_source(one["source"], one["name"]) for one in json.loads(batch)])
    finally:
        # What was abandoned runs its `finally` now; Pyodide's loop must not run what that starts.
        events._set_running_loop(VirtualLoop())
        _kept.clear()
        gc.enable()
        gc.collect()
        events._set_running_loop(host_loop)


warnings.simplefilter("ignore")
logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
sys.unraisablehook = lambda report: None
