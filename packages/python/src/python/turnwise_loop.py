"""asyncio's event loop, whose queue, timers and clock are those of Turnwise's `EventLoop`.

All that a program sees of asyncio is CPython's own: tasks, futures, `run`, `Runner`, locks. So is
`BaseEventLoop`, except for the part that decides what runs next, and when: that is asked of the
bridge. For each handle that is kept here there is one in Turnwise's loop, in the same order.
"""

import asyncio
import operator
import signal
import sys
import time
from asyncio import base_events, events, unix_events
from asyncio.log import logger
from collections import deque

import _turnwise
from pyodide import webloop
from pyodide.ffi import can_run_sync, create_proxy, run_sync

_pyodide_loop = events._get_running_loop()
_open_loops = set()


class TimerHandle(events.TimerHandle):
    """A timer that Turnwise's loop knows by a number."""

    __slots__ = ("_number",)


class EventLoop(base_events.BaseEventLoop):
    """The loop of `asyncio.run`, `asyncio.new_event_loop` and `asyncio.get_event_loop`."""

    def __init__(self):
        super().__init__()
        self._ready = deque()
        self._timers = {}
        # What ends `run_forever` at once: a SystemExit or a KeyboardInterrupt.
        self._ending = None
        self._host_state = None
        self._left = None
        self._proxies = [
            create_proxy(method)
            for method in (self._run_next, self._run_timer, self._interrupt, self._enter, self._leave)
        ]
        _open_loops.add(self)
        self._bridge = bridge = _turnwise.openLoop(*self._proxies)
        self._host_time = bridge.time
        self._host_call_soon = bridge.callSoon
        self._host_call_at = bridge.callAt
        self._host_cancel = bridge.cancel

    # ---- What asyncio asks of a loop.

    def time(self):
        return self._host_time()

    def _call_soon(self, callback, args, context):
        handle = events.Handle(callback, args, self, context)
        if handle._source_traceback:
            del handle._source_traceback[-1]
        self._ready.append(handle)
        self._host_call_soon()
        return handle

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
        timer._number = number = self._host_call_at(when)
        self._timers[number] = timer
        timer._scheduled = True
        return timer

    def _timer_handle_cancelled(self, handle):
        # Every cancelled handle is told here, also one whose time has come.
        if handle._scheduled and self._timers.pop(handle._number, None) is not None:
            self._host_cancel(handle._number)

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

    def _run_timer(self, number):
        timer = self._timers.pop(number)
        timer._scheduled = False
        return self._run(timer)

    def _run(self, handle):
        if handle._cancelled:
            return None
        outer = events._get_running_loop()
        events._set_running_loop(self)
        try:
            if self._debug:
                self._run_and_measure(handle)
            else:
                handle._run()
        except BaseException as ending:
            self._ending = ending
            return True
        finally:
            events._set_running_loop(outer)

    def _run_and_measure(self, handle):
        self._current_handle = handle
        try:
            begin = self.time()
            handle._run()
            took = self.time() - begin
            if took >= self.slow_callback_duration:
                logger.warning("Executing %s took %.3f seconds", base_events._format_handle(handle), took)
        finally:
            self._current_handle = None

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
    while (left := end - time.monotonic()) > 0:
        _turnwise.sleep(left)  # Ctrl-C ends it early: its handler runs here, and may let the sleep go on.


def install():
    """Undoes what Pyodide did to asyncio and time, and puts this loop in the place of CPython's."""
    asyncio.run = webloop._orig_run
    time.sleep = sleep
    asyncio.EventLoop = asyncio.SelectorEventLoop = unix_events.SelectorEventLoop = EventLoop
    asyncio._DefaultEventLoopPolicy = unix_events._DefaultEventLoopPolicy = Policy
    reset()


def reset():
    """As in a process that has not used asyncio yet."""
    events._set_running_loop(None)
    events._set_event_loop_policy(Policy())
    for loop in list(_open_loops):
        loop._let_go()
