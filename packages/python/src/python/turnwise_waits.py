"""What a task waits for, told from outside: for those who look at a program that runs."""

import os
from asyncio import taskgroups, tasks

_OWN = os.path.dirname(os.__file__), "/lib/turnwise"


def describe(task, loop):
    """The words, the numbers of the tasks that must be done first, and where the user's own code waits."""
    if task is None or task.done():
        return {"on": "nothing any more", "tasks": [], "stack": []}
    frames = _suspended(task.get_coro())
    waiter = task._fut_waiter
    return {
        "on": _words(waiter, frames),
        # In the order in which they were made: a set has none.
        "tasks": sorted(known.number for each in _tasks_behind(waiter, frames) if (known := _known(each, loop))),
        "stack": [_line(frame) for frame in reversed(frames) if not _is_own(frame.f_code.co_filename)],
    }


def _suspended(coro):
    """The frames of a coroutine and of all that it awaits, outermost first."""
    frames = []
    while coro is not None:
        frame = next((f for a in ("cr_frame", "gi_frame", "ag_frame") if (f := getattr(coro, a, None))), None)
        if frame is None:
            break
        frames.append(frame)
        coro = next((c for a in ("cr_await", "gi_yieldfrom", "ag_await") if (c := getattr(coro, a, None))), None)
    return frames


def _words(waiter, frames):
    if isinstance(waiter, tasks.Task):
        return f"the task {waiter.get_name()}"
    if isinstance(waiter, tasks._GatheringFuture):
        return f"a gather of {len(waiter._children)}"
    # Of asyncio's own functions the outermost is the one that the user called.
    for frame in frames:
        if _is_own(frame.f_code.co_filename):
            return f"{frame.f_code.co_qualname}()"
    return "a future"


def _tasks_behind(waiter, frames):
    if isinstance(waiter, tasks._GatheringFuture):
        return [child for child in waiter._children if not child.done()]
    for frame in frames:
        if frame.f_code is tasks._wait.__code__:
            return [each for each in frame.f_locals.get("fs", ()) if not each.done()]
        if frame.f_code is taskgroups.TaskGroup.__aexit__.__code__:
            return [each for each in frame.f_locals["self"]._tasks if not each.done()]
    return []


def _known(task, loop):
    known = getattr(task, "_turnwise", None)
    return known if known is not None and known.loop is loop else None


def _is_own(file):
    return file.startswith(_OWN) or file.startswith("<frozen")


def _line(frame):
    code = frame.f_code
    return f"    at {code.co_qualname} ({code.co_filename}:{frame.f_lineno}:1)"
