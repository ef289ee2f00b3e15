"""What Python asks of the host, Node, because WebAssembly has none of it; and how it is answered."""

import errno
import itertools
import os
import socket
from asyncio import events

import _turnwise
from pyodide.ffi import create_proxy

# Whether Python can be suspended while the loop runs. Where it can't, Node does nothing meanwhile.
SUSPENDS = _turnwise.suspends

host = _turnwise.host

_numbers = itertools.count(1)
_waiting = {}

# What Node says of names that it can't look up, as `getaddrinfo` of C says it.
_NAME_ERRORS = {
    "ENOTFOUND": (socket.EAI_NONAME, "Name or service not known"),
    "EAI_AGAIN": (socket.EAI_AGAIN, "Temporary failure in name resolution"),
    "EAI_FAIL": (socket.EAI_FAIL, "Non-recoverable failure in name resolution"),
}

# Where Emscripten's C library says it in other words than Linux's.
_TEXTS = {"EADDRINUSE": "Address already in use"}


def require_host(what):
    """Raises an error where Node has no turn while Python waits: `what` could never happen."""
    if not SUSPENDS:
        raise RuntimeError(
            f"{what} needs Node 24 or later: on this version Node is blocked as long as a Python program runs"
        )


def begin(loop, function, *args):
    """Has the host do something. Returns the future of its answer; if that is cancelled, the host gives it up."""
    number = next(_numbers)
    future = _waiting[number] = loop.create_future()
    future.add_done_callback(lambda _: _waiting.pop(number, None) is None or host.giveUp(number))
    function(number, *args)
    return future


def forget(loop):
    """Gives up whatever was asked for on a loop: it is closed."""
    for number, future in list(_waiting.items()):
        if future.get_loop() is loop:
            del _waiting[number]
            host.giveUp(number)


async def ask(function, *args):
    """As `begin`, and waits for the answer."""
    return await begin(events.get_running_loop(), function, *args)


def os_error(code, text=None):
    """The error that CPython has for a code of Node's. It keeps what Node said, as `code` and `text`."""
    number = getattr(errno, code, None)
    if code in _NAME_ERRORS:
        error = socket.gaierror(*_NAME_ERRORS[code])
    elif number is not None:
        error = OSError(number, _TEXTS.get(code) or os.strerror(number))
    else:
        error = OSError(text or code)
    error.code, error.text = code, text or code
    return error


def _answered(number, code, message, value):
    future = _waiting.pop(number, None)
    if future is None or future.done():
        if hasattr(value, "close"):
            value.close()  # Nobody wants it any more.
    elif code is None:
        future.set_result(value)
    else:
        future.set_exception(os_error(code, message))


def connect(changed, signalled):
    """Says by what the host tells of sockets and signals. Once for the interpreter."""
    host.connect(create_proxy(changed), create_proxy(_answered), create_proxy(signalled))


def install():
    """Puts what the host does in the place of what Emscripten only seems to do."""
    import turnwise_names
    import turnwise_network
    import turnwise_selector
    import turnwise_signals
    import turnwise_socket
    import turnwise_socketpair
    import turnwise_subprocess
    import turnwise_threads
    import turnwise_tls

    connect(turnwise_selector.changed, turnwise_signals.signalled)
    for module in (
        turnwise_names,
        turnwise_socket,
        turnwise_socketpair,
        turnwise_network,
        turnwise_subprocess,
        turnwise_signals,
        turnwise_threads,
        turnwise_tls,
    ):
        module.install()
