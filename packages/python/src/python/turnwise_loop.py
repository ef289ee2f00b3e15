"""asyncio's event loop, whose queue, timers and clock are those of Turnwise's `EventLoop`.

All that a program sees of asyncio is CPython's own: tasks, futures, `run`, `Runner`, locks. So is
`BaseEventLoop`, except for the part that decides what runs next, and when: that is asked of the
bridge. For each handle that is kept here there is one in Turnwise's loop, in the same order.
"""

import asyncio
import functools
import json
import operator
import signal
import sys
import threading
import time
import types
import weakref
from asyncio import base_events, events, format_helpers, futures, tasks, unix_events
from collections import deque

import _turnwise
import turnwise_crossing
import turnwise_waits
from pyodide import webloop
from pyodide.ffi import can_run_sync, create_proxy, run_sync, to_js
from turnwise_network import NetworkMixin
from turnwise_signals import SignalsMixin
from turnwise_subprocess import SubprocessMixin
from turnwise_threads import ThreadsMixin
from turnwise_tls import TlsMixin

_get_running_loop, _set_running_loop = events._get_running_loop, events._set_running_loop
_pyodide_loop = _get_running_loop()
_open_loops = set()


class TimerHandle(events.TimerHandle):
    """A timer that Turnwise's loop knows by a number."""

    __slots__ = ("_number",)


class EventLoop(ThreadsMixin, SignalsMixin, SubprocessMixin, TlsMixin, NetworkMixin):
    """The loop of `asyncio.run`, `asyncio.new_event_loop` and `asyncio.get_event_loop`."""

    def __init__(self, selector=None, *, joined=0):
        """`selector` is accepted as by asyncio's loop, and not used: Node says what is ready.

        `joined`: the number of the loop of TypeScript's that it is to be a part of.
        """
        super().__init__()
        self._ready = deque()
        self._timers = {}
        # The timers of sleeps, by what waits for them.
        self._sleeps = {}
        # The tasks that Turnwise's loop knows, by number.
        self._known_tasks = {}
        self._last_task = 0
        # The task whose step runs, and whether it is ready for the next one already.
        self._stepping_task = None
        self._turns = 0
        # Those that are done, and whose outcome somebody is about to ask for.
        self._ended = {}
        # What ends `run_forever` at once: a SystemExit or a KeyboardInterrupt.
        self._ending = None
        self._host_state = None
        # It is a part of TypeScript's loop, and was not started by `run_forever`.
        self._attached = False
        self._left = None
        # Somebody watches the loop: callbacks have names then.
        self._watched = False
        side = {
            "runNext": self._run_next,
            "runTask": self._run_task,
            "runTimer": self._run_timer,
            "interrupt": self._interrupt,
            "enter": self._enter,
            "leave": self._leave,
            "watch": self._watch,
            "waitOf": self._wait_of,
            "describeWait": self._describe_wait,
            "describeError": self._describe_error,
            "cancel": self._cancel_task,
            "rename": self._rename_task,
            "take": self._take,
        }
        side = {name: create_proxy(method) for name, method in side.items()}
        self._proxies = list(side.values())
        _open_loops.add(self)
        self._bridge = bridge = _turnwise.openLoop(to_js(side, dict_converter=_turnwise.objectOf), joined)
        self._host_time = bridge.time
        self._host_call_soon = bridge.callSoon
        self._host_call_at = bridge.callAt
        self._host_sleep_until = bridge.sleepUntil
        self._host_cancel = bridge.cancel
        self._host_schedule = bridge.schedule
        self._host_add_task = bridge.addTask
        self._host_name_task = bridge.nameTask
        self._host_drop_task = bridge.dropTask
        self._host_note_passed = bridge.notePassed

    # ---- What asyncio asks of a loop.

    def time(self):
        return self._host_time()

    def call_soon(self, callback, *args, context=None):
        # As the base class does it, with fewer calls: every step of a task comes by here.
        if self._closed or self._debug:
            handle = super().call_soon(callback, *args, context=context)
            if handle._source_traceback:
                del handle._source_traceback[-1]
            return handle
        handle = events.Handle(callback, args, self, context)
        self._ready.append(handle)
        if type(callback) is _Step and callback.__self__ is self._stepping_task:
            self._turns = _TURNS  # The host hears of it when the step ends.
        else:
            self._tell(callback, args)
        return handle

    def _call_soon(self, callback, args, context):
        handle = events.Handle(callback, args, self, context)
        if handle._source_traceback:
            del handle._source_traceback[-1]
        self._ready.append(handle)
        self._tell(callback, args)
        return handle

    def _tell(self, callback, args):
        """Turnwise's loop gets a handle of its own for the one that is ready."""
        task = _task_of(callback)
        if task is None:
            if self._watched:
                self._note_passed(args)
                self._host_call_soon(_name_of(callback))
            else:
                self._host_call_soon()
        else:
            self._schedule(task)

    def _note_passed(self, args):
        # The callback of a task that was done before it was added.
        done = args[0] if len(args) == 1 and isinstance(args[0], tasks.Task) else None
        known = getattr(done, "_turnwise", None)
        if known is not None and done.done() and done is not self._stepping_task:
            self._host_note_passed(known.id)

    def _schedule(self, task):
        known = getattr(task, "_turnwise", None)
        if known is not None and known.loop is self:
            self._host_schedule(known.number)
            return
        self._last_task = number = self._last_task + 1
        task._turnwise = known = _Known(self, number, task)
        self._known_tasks[number] = known
        known.id = self._host_add_task(number, known.name, getattr(task.get_coro(), "__qualname__", ""))

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = TimerHandle(when, callback, args, self, context)
        if timer._source_traceback:
            del timer._source_traceback[-1]
        if callback is futures._set_result_unless_cancelled:
            timer._number = number = self._host_sleep_until(when)
            self._sleeps[args[0]] = number
        elif self._watched:
            timer._number = number = self._host_call_at(when, _name_of(callback))
        else:
            timer._number = number = self._host_call_at(when)
        self._timers[number] = timer
        timer._scheduled = True
        return timer

    def _timer_handle_cancelled(self, handle):
        # Every cancelled handle is told here, also one whose time has come.
        if handle._scheduled and self._timers.pop(handle._number, None) is not None:
            self._forget_sleep(handle)
            self._host_cancel(handle._number)

    def _forget_sleep(self, timer):
        if timer._callback is futures._set_result_unless_cancelled:
            self._sleeps.pop(timer._args[0], None)

    @property
    def _scheduled(self):
        """The timers, the soonest first: for tests, which look at it."""
        return sorted(self._timers.values())

    @_scheduled.setter
    def _scheduled(self, timers):
        """The base class makes an empty one."""

    def _write_to_self(self):
        # `call_soon_threadsafe` has put a handle into the queue itself, and wakes the loop.
        self._host_call_soon()

    def _process_events(self, event_list):
        pass

    def run_forever(self):
        self._run_forever_setup()
        try:
            if can_run_sync():
                self._wait_suspended()
            elif not self._bridge.runBlocking():
                raise RuntimeError(
                    "this loop waits for something that can't come: no timer is set, and on this version "
                    "of Node nothing else can wake a Python program (Node 24 and later can)"
                )
        finally:
            self._run_forever_cleanup()
        ending, self._ending = self._ending, None
        if ending is not None:
            raise ending

    def _run_once(self):
        """One iteration, for tests that ask for it: it waits for the first timer if nothing is ready."""
        if self._ready or not self._timers:
            self.stop()
        else:
            self.call_at(self._scheduled[0].when(), self.stop)
        self.run_forever()

    def _wait_suspended(self):
        # What `run_sync` waits for belongs to the loop that runs, and that must be Pyodide's: this
        # one is about to run. A future and not a promise, for which Pyodide would make a task: the
        # program's own tasks are to be numbered as in CPython.
        self._left = _pyodide_loop.create_future()
        events._set_running_loop(_pyodide_loop)
        try:
            self._bridge.runSuspended()
            run_sync(self._left)
        finally:
            events._set_running_loop(self)

    def attach(self):
        """From now on it runs as a part of the loop that runs already."""
        self._attached = True
        self._thread_id = threading.get_ident()
        self._bridge.attach()

    def detach(self):
        """The loop that it was a part of is over."""
        self._attached = False
        self._thread_id = None
        self.close()

    def stop(self):
        self._stopping = True
        self._bridge.stop()

    def close(self):
        if self.is_closed():
            return
        super().close()
        self._timers.clear()
        self._let_go()

    def _let_go(self):
        self._bridge.close()
        for proxy in self._proxies:
            proxy.destroy()
        _open_loops.discard(self)

    # ---- What Turnwise's loop calls. True ends it at once.

    def _run_next(self):
        return self._run(self._ready.popleft())

    def _run_task(self, number):
        handle = self._ready.popleft()
        known = self._known_tasks[number]
        self._stepping_task = task = known.task()
        if self._debug or self._attached or handle._cancelled or type(handle) is not events.Handle:
            ends = _ENDS if self._run(handle) else 0
        else:
            ends = 0
            outer = _get_running_loop()
            _set_running_loop(self)
            try:
                # As `handle._run()` and `self._run()` do it, with fewer calls: this is every step of a task.
                handle._context.run(handle._callback, *handle._args)
            except (SystemExit, KeyboardInterrupt) as ending:
                self._ending = ending
                ends = _ENDS
            except BaseException as error:
                self._step_failed(handle, error)
            finally:
                _set_running_loop(outer)
        self._stepping_task = None
        if self._turns:
            self._turns = 0
            return _TURNS + ends
        if not task.done():
            if task.get_name() is not known.name:
                known.name = task.get_name()
                self._host_name_task(number, known.name)
            return _WAITS + ends
        del self._known_tasks[number]
        if self._watched or known.wanted:
            self._ended[number] = task, known.wanted
        if task.cancelled():
            outcome = _CANCELLED
        else:
            # Not `exception()`: that would count as somebody having retrieved it.
            outcome = _RESULT if task._exception is None else _ERROR
        # The traceback of what it failed by keeps this frame, which is not to keep the task: when nobody else does,
        # its error is told.
        handle = task = None
        return outcome + ends

    def _step_failed(self, handle, error):
        callback = format_helpers._format_callback_source(handle._callback, handle._args)
        self.call_exception_handler(
            {"message": f"Exception in callback {callback}", "exception": error, "handle": handle}
        )

    def _run_timer(self, number):
        timer = self._timers.pop(number)
        self._forget_sleep(timer)
        timer._scheduled = False
        return self._run(timer)

    def _run(self, handle):
        if handle._cancelled:
            return None
        outer = events._get_running_loop()
        events._set_running_loop(self)
        if self._attached:
            hooks = sys.get_asyncgen_hooks()
            sys.set_asyncgen_hooks(self._asyncgen_firstiter_hook, self._asyncgen_finalizer_hook)
        try:
            if self._debug:
                self._run_and_measure(handle)
            else:
                handle._run()
        except BaseException as ending:
            self._ending = ending
            return True
        finally:
            handle = None  # As in `_run_task`.
            events._set_running_loop(outer)
            if self._attached:
                sys.set_asyncgen_hooks(*hooks)

    def _run_and_measure(self, handle):
        self._current_handle = handle
        try:
            begin = self.time()
            handle._run()
            took = self.time() - begin
            if took >= self.slow_callback_duration:
                base_events.logger.warning("Executing %s took %.3f seconds", base_events._format_handle(handle), took)
        finally:
            self._current_handle = handle = None

    def _interrupt(self):
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            return None
        outer = events._get_running_loop()
        events._set_running_loop(self)
        try:
            handler(signal.SIGINT, sys._getframe())
        except BaseException as ending:
            self._ending = ending
            return True
        finally:
            events._set_running_loop(outer)

    # While Python is suspended in `run_forever`, what runs is to Python another thread, where
    # Pyodide's loop is taken for the one that runs.

    def _enter(self):
        self._host_state = sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth()
        sys.set_asyncgen_hooks(self._asyncgen_firstiter_hook, self._asyncgen_finalizer_hook)
        sys.set_coroutine_origin_tracking_depth(
            base_events.constants.DEBUG_STACK_DEPTH if self._debug else 0
        )

    def _leave(self):
        hooks, depth = self._host_state
        sys.set_asyncgen_hooks(*hooks)
        sys.set_coroutine_origin_tracking_depth(depth)
        self._left.set_result(None)


    # ---- What Turnwise's tasks ask, and who watches them.

    def _watch(self, watched):
        self._watched = watched

    def _wait_of(self, number):
        waiter = self._waiter(number)
        known = getattr(waiter, "_turnwise", None)
        if known is not None:
            return known.number if known.loop is self else 0
        return -self._sleeps.get(waiter, 0)

    def _waiter(self, number):
        known = self._known_tasks.get(number)
        task = None if known is None else known.task()
        return None if task is None else task._fut_waiter

    def _describe_wait(self, number):
        known = self._known_tasks.get(number)
        task = None if known is None else known.task()
        return json.dumps(turnwise_waits.describe(task, self))

    def _describe_error(self, number):
        error = self._ended.pop(number)[0]._exception
        return json.dumps([type(error).__qualname__, str(error)])

    def _cancel_task(self, number, message=None):
        known = self._known_tasks.get(number)
        task = None if known is None else known.task()
        return task is not None and task.cancel(message)

    def _rename_task(self, number, name):
        known = self._known_tasks.get(number)
        task = None if known is None else known.task()
        if task is not None:
            task.set_name(name)
            known.name = task.get_name()

    def _take(self, number):
        task, wanted = self._ended.pop(number)
        if task.cancelled():
            return task._cancel_message
        if not wanted:
            return None
        error = task.exception()
        return turnwise_crossing.as_js(task.result()) if error is None else turnwise_crossing.to_error(error)

    def _forget_task(self, known):
        if self._known_tasks.pop(known.number, None) is not None and not self.is_closed():
            self._host_drop_task(known.number)


_WAITS, _RESULT, _ERROR, _CANCELLED, _ENDS, _TURNS = 0, 1, 2, 3, 8, 16


class _Known:
    """A task that Turnwise's loop knows. It does not keep the task alive: asyncio's loops don't."""

    __slots__ = ("id", "loop", "name", "number", "task", "wanted")

    def __init__(self, loop, number, task):
        self.loop = loop
        self.number = number
        # By what Turnwise's tools know it.
        self.id = 0
        self.name = task.get_name()
        # TypeScript waits for it.
        self.wanted = False
        self.task = weakref.ref(task, self._gone)

    def _gone(self, _):
        self.loop._forget_task(self)


def _name_of(callback):
    while isinstance(callback, functools.partial):
        callback = callback.func
    return getattr(callback, "__qualname__", None) or type(callback).__qualname__


class _Probe:
    """Stands for a loop, to find out by what a task's steps are called."""

    def __init__(self):
        self.callbacks = []

    def get_debug(self):
        return False

    def call_soon(self, callback, *args, context=None):
        self.callbacks.append(callback)

    def create_future(self):
        return futures.Future(loop=self)


def _step_types(task_type):
    """The types of a task's `__step` and `__wakeup`, as they are given to `call_soon`, and the latter's name."""
    probe = _Probe()

    async def wait():
        await future

    future = probe.create_future()
    outer = events._get_running_loop()
    events._set_running_loop(probe)
    try:
        # With a name of its own: the program's tasks are to be numbered from 1.
        task = task_type(wait(), loop=probe, name="probe")
        probe.callbacks[0]()
        future.set_result(None)
        step, wakeup = probe.callbacks
        wakeup(future)
    finally:
        events._set_running_loop(outer)
    return type(step), type(wakeup), getattr(wakeup, "__name__", "")


_Step, _Wakeup, _WAKEUP = _step_types(tasks.Task)
_PYTHON_STEPS = {
    method
    for name, method in vars(tasks._PyTask).items()
    if name in ("_Task__step", "_PyTask__step", "_Task__wakeup", "_PyTask__wakeup")
}


def _task_of(callback):
    """The task whose step a callback is; None if it is any other callback."""
    kind = type(callback)
    if kind is _Step or (kind is _Wakeup and callback.__name__ == _WAKEUP):
        return callback.__self__
    if kind is types.MethodType and callback.__func__ in _PYTHON_STEPS:
        return callback.__self__
    return None


class Policy(events._BaseDefaultEventLoopPolicy):
    """Makes the main thread's loop when it is first asked for, as asyncio did until Python 3.13."""

    _loop_factory = EventLoop
    _was_set = False

    def get_event_loop(self):
        if not self._was_set:
            self.set_event_loop(self.new_event_loop())
        return super().get_event_loop()

    def set_event_loop(self, loop):
        self._was_set = True
        super().set_event_loop(loop)


def sleep(seconds, /):
    """`time.sleep`: blocks the thread, without using the processor."""
    if not isinstance(seconds, float):
        seconds = operator.index(seconds)
    if seconds != seconds:
        raise ValueError("Invalid value NaN (not a number)")
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    end = time.monotonic() + seconds
    # No clock is finer than a nanosecond: of less than that nothing would ever be left.
    while (left := end - time.monotonic()) > 1e-9:
        _turnwise.sleep(left)  # Ctrl-C ends it early: its handler runs here, and may let the sleep go on.


def install():
    """Undoes what Pyodide did to asyncio and time, and puts this loop in the place of CPython's."""
    asyncio.run = webloop._orig_run
    time.sleep = sleep
    turnwise_crossing.install()
    asyncio.EventLoop = asyncio.SelectorEventLoop = unix_events.SelectorEventLoop = EventLoop
    asyncio._DefaultEventLoopPolicy = unix_events._DefaultEventLoopPolicy = Policy
    reset()


def reset():
    """As in a process that has not used asyncio yet."""
    events._set_running_loop(None)
    events._set_event_loop_policy(Policy())
    for loop in list(_open_loops):
        if not loop._attached:
            loop._let_go()
