"""Signals of the system, which Node hears. Ctrl-C has a way of its own: see `EventLoop._interrupt`."""

import atexit
import os
import signal
import sys
import weakref
from asyncio import coroutines, events

from turnwise_host import SUSPENDS, host, os_error, require_host

_UNCATCHABLE = signal.SIGKILL, signal.SIGSTOP

_loops = weakref.WeakSet()
_set_handler = signal.signal
# Those that Node tells of.
_watched = set()


class SignalsMixin:
    """The part of the event loop that is about signals."""

    def __init__(self):
        super().__init__()
        _loops.add(self)

    def add_signal_handler(self, sig, callback, *args):
        if coroutines.iscoroutine(callback) or coroutines._iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        self._check_signal(sig)
        self._check_closed()
        if sig in _UNCATCHABLE:
            raise RuntimeError(f"sig {sig} cannot be caught")
        if sig != signal.SIGINT:
            require_host("a handler of any signal but SIGINT")
        self._signal_handlers[sig] = events.Handle(callback, args, self, None)
        signal.signal(sig, lambda *_: self._handle_signal(sig))


class _SignalHandle(events.Handle):
    """What a handler raises ends the loop, as it would end whatever code it came upon."""

    def _run(self):
        self._context.run(self._callback, *self._args)


def signalled(number):
    """The host says that the process got a signal."""
    handler = signal.getsignal(number)
    loop = next((loop for loop in _loops if loop.is_running()), None)
    if callable(handler) and loop is not None:
        loop._add_callback_signalsafe(_SignalHandle(handler, (number, sys._getframe()), loop))


def set_handler(signalnum, handler):
    """`signal.signal`. Signals are heard while the program waits in its event loop."""
    before = _set_handler(signalnum, handler)
    if signalnum == signal.SIGINT or not SUSPENDS:
        return before
    if handler == signal.SIG_DFL:
        _watched.discard(signalnum)
        host.unwatchSignal(int(signalnum))
    elif signalnum not in _watched:
        if not _watched:
            atexit.register(forget)
        _watched.add(signalnum)
        host.watchSignal(int(signalnum), signal.Signals(signalnum).name)
    return before


def forget():
    """The next program has handlers of its own."""
    for number in list(_watched):
        set_handler(number, signal.SIG_DFL)


def kill(pid, signal_number):
    """`os.kill`."""
    if pid == os.getpid() and signal_number != 0 and callable(handler := signal.getsignal(signal_number)):
        handler(signal_number, sys._getframe(1))
        return
    code = host.sendSignal(pid, signal.Signals(signal_number).name if signal_number else "")
    if code is not None:
        raise os_error(code)


def raise_signal(signalnum, /):
    """`signal.raise_signal`."""
    kill(os.getpid(), signalnum)


def install():
    """Emscripten has a process of its own, which is the only one, and numbered 42."""
    signal.signal = set_handler
    signal.raise_signal = raise_signal
    os.kill = kill
    os.getpid = lambda: host.pid
    os.getppid = lambda: host.ppid
