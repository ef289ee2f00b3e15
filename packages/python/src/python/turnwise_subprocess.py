"""asyncio's subprocesses, CPython's own, over Node's processes."""

import errno
import json
import os
import signal
import subprocess
import sys
from asyncio import base_subprocess, selector_events

import turnwise_socket
from turnwise_host import ask, begin, host, os_error, require_host

# What `subprocess.Popen` can be told, and Node can do or does anyway.
_OPTIONS = {"close_fds", "cwd", "env", "restore_signals", "start_new_session"}

# What opens a standard stream, by its number.
_INPUTS = {0: lambda fd: host.openInput(fd)}
_OUTPUTS = {1: lambda fd: host.openOutput(fd, 1), 2: lambda fd: host.openOutput(fd, 2)}

_PLACES = {subprocess.PIPE: "pipe", subprocess.STDOUT: "stdout", subprocess.DEVNULL: "devnull"}


class SubprocessMixin:
    """The part of the event loop that is about processes, and pipes to them."""

    async def _make_subprocess_transport(
        self, protocol, args, shell, stdin, stdout, stderr, bufsize, extra=None, **options
    ):
        require_host("a subprocess")
        process = await _start(args, shell, (stdin, stdout, stderr), options)
        waiter = self.create_future()
        transport = SubprocessTransport(
            self,
            protocol,
            args,
            shell,
            stdin,
            stdout,
            stderr,
            bufsize,
            waiter=waiter,
            extra=extra,
            process=process,
        )
        try:
            await waiter
        except BaseException as error:
            if not isinstance(error, (SystemExit, KeyboardInterrupt)):
                transport.close()
                await transport._wait()
            raise
        return transport

    def _make_read_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return ReadPipeTransport(self, _socket_of(pipe, _INPUTS), protocol, waiter, _with_pipe(pipe, extra))

    def _make_write_pipe_transport(self, pipe, protocol, waiter=None, extra=None):
        return WritePipeTransport(self, _socket_of(pipe, _OUTPUTS), protocol, waiter, _with_pipe(pipe, extra))


class SubprocessTransport(base_subprocess.BaseSubprocessTransport):
    """A process that was started."""

    def _start(self, *, process, **_):
        self._proc = process
        begin(self._loop, host.waitFor, process.child).add_done_callback(self._ended)

    def _ended(self, ended):
        if not ended.cancelled():
            self._process_exited(ended.result())

    def send_signal(self, signal):
        self._check_proc()
        try:
            self._proc.send_signal(signal)
        except ProcessLookupError:
            pass


class Process:
    """Stands for a `subprocess.Popen`."""

    def __init__(self, args, child, pipes):
        self.args = args
        self.child = child
        self.pid = child.pid
        self.returncode = None
        self.stdin, self.stdout, self.stderr = pipes

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None:
            raise OSError(errno.ENOTSUP, "to wait here would block, and Node could not tell of the end: await it")
        return self.returncode

    def send_signal(self, number):
        code = self.child.sendSignal(signal.Signals(number).name)
        if code is not None:
            raise os_error(code)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def __repr__(self):
        return f"<Popen: returncode: {self.returncode} args: {self.args!r}>"


class ReadPipeTransport(selector_events._SelectorSocketTransport):
    """Reads from a pipe."""


class WritePipeTransport(selector_events._SelectorSocketTransport):
    """Writes to a pipe."""

    def _read_ready(self):
        # Nothing comes from the other end but its end.
        self._force_close(BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) if self._buffer else None)


async def _start(args, shell, places, options):
    refused = sorted(name for name, value in options.items() if name not in _OPTIONS and value)
    if refused:
        raise NotImplementedError(f"Node can't start a process with {', '.join(refused)}")
    cwd = options.get("cwd")
    env = options.get("env")
    request = {
        "command": os.fsdecode(args) if shell else [os.fsdecode(arg) for arg in args],
        "stdio": [_place(place, fd) for fd, place in enumerate(places)],
        "here": os.getcwd(),
        "env": {os.fsdecode(name): os.fsdecode(value) for name, value in (os.environ if env is None else env).items()},
        "startNewSession": bool(options.get("start_new_session")),
    }
    if cwd is not None:
        request["cwd"] = os.path.abspath(os.fsdecode(cwd))
    try:
        child = await ask(host.spawn, json.dumps(request))
    except OSError as error:
        if error.errno is None:
            raise
        missing = "/bin/sh" if shell else os.fsdecode(args[0])
        if cwd is not None and not os.path.isdir(cwd):
            missing = os.fsdecode(cwd)
        raise OSError(error.errno, error.strerror, missing) from None
    pipes = [_pipe(child, fd) if place == subprocess.PIPE else None for fd, place in enumerate(places)]
    return Process(args, child, pipes)


def _place(place, fd):
    if place is None:
        return fd
    if isinstance(place, int):
        return _PLACES.get(place, place)
    return place.fileno()


def _pipe(child, index):
    return turnwise_socket.over(lambda fd: child.stream(index, fd))


def _socket_of(pipe, standard):
    if isinstance(pipe, turnwise_socket.socket):
        return pipe
    open_end = standard.get(pipe.fileno())
    if open_end is None:
        raise ValueError(
            f"the loop can't watch {pipe!r}, only pipes of subprocesses, stdin, stdout and stderr: "
            "WebAssembly has no way to wait for any other"
        )
    require_host("connecting a standard stream")
    return turnwise_socket.over(open_end)


def _with_pipe(pipe, extra):
    return {**(extra or {}), "pipe": pipe}


def install():
    """What starts Python gets one like this, and what is started outside of a program this process's environment."""
    sys.executable = host.executable
    os.environ.update(host.environment.to_py())
