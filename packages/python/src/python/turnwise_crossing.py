"""What passes between Python and TypeScript on one loop: values, calls, tasks, exceptions."""

import asyncio
import importlib
import inspect
import sys
import traceback
import types
from asyncio import events, futures

import _turnwise
import turnwise_loop
from pyodide.ffi import JsCallable, JsException, JsProxy, create_proxy, jsnull, to_js

# How a call of a Python function ended, as TypeScript is told.
_VALUE, _TASK, _ERROR = 0, 1, 2

# What can be awaited has a class of its own among proxies.
_Awaitable = type(_turnwise.anAwaitable)
_await_by_itself = _Awaitable.__await__


class JsFuture(futures.Future):
    """Follows an awaitable of TypeScript's. Cancelling it cancels that, if it can be cancelled."""

    def __init__(self, awaitable, loop):
        super().__init__(loop=loop)
        self._settle_proxy = create_proxy(self._settle)
        self._cancel_awaited = _turnwise.follow(awaitable, self._settle_proxy)

    def cancel(self, msg=None):
        if self.done():
            return False
        # A task of Turnwise's is done when it has heard of it, and cleaned up; so is this.
        if self._cancel_awaited(msg):
            return True
        return super().cancel(msg)

    def _settle(self, value=None, error=None):
        self._settle_proxy.destroy()
        if self.done():
            return
        if error is None:
            self.set_result(from_js(value))
            return
        error = to_exception(error)
        if isinstance(error, asyncio.CancelledError):
            super().cancel(*error.args)
        else:
            self.set_exception(error)


def _await(self):
    loop = events._get_running_loop()
    if not isinstance(loop, turnwise_loop.EventLoop):
        return _await_by_itself(self)
    return JsFuture(self, loop).__await__()


# ---- Values.


def from_js(value):
    """What TypeScript gives, as Python has it: plain data is copied, functions can be called, the rest is a proxy."""
    if value is jsnull:
        return None
    if not isinstance(value, JsProxy) or isinstance(value, JsException):
        return value
    match _turnwise.shapeOf(value):
        case "function":
            return _Function(value)
        case "bytes":
            return value.to_bytes()
        case "array":
            return [from_js(each) for each in value]
        case "set":
            return {from_js(each) for each in value}
        case "map" | "object":
            return {from_js(key): from_js(each) for key, each in _turnwise.entriesOf(value)}
    return value


def as_js(value):
    """What Python gives, as TypeScript has it."""
    if callable(value) and not isinstance(value, JsProxy):
        return _callable(value)
    return to_js(value, dict_converter=_turnwise.objectOf, default_converter=_convert)


def _convert(value, convert, cache):
    if callable(value):
        return _callable(value)
    return value


def _callable(function):
    name = getattr(function, "__name__", type(function).__name__)
    return _turnwise.functionOf(create_proxy(Call(function)), name)


class _Function:
    """A function of TypeScript's. An async one is started as a task of its own, and can be awaited."""

    def __init__(self, function, name=None):
        self._function = function
        self.__name__ = self.__qualname__ = name or _turnwise.nameOf(function)

    def __call__(self, *args, **kwargs):
        given = [as_js(each) for each in args]
        if kwargs:
            given.append(as_js(kwargs))
        called = _turnwise.call(self._function, to_js(given, depth=1))
        if called.error is not None:
            raise to_exception(called.error)
        if called.awaitable is None:
            return from_js(called.value)
        loop = events._get_running_loop()
        if loop is None:
            return called.awaitable
        return JsFuture(called.awaitable, loop)

    def __repr__(self):
        return f"<function {self.__name__} of TypeScript's>"


# ---- Exceptions.


def to_exception(error):
    """An error of TypeScript's, as an exception to raise here."""
    python = _turnwise.pythonOf(error)
    if python is not None:
        return python.unwrap()
    if isinstance(error, JsException):
        kind = _turnwise.kindOf(error)
        if kind == "CancelledError":
            return asyncio.CancelledError(*([error.message] if error.message else []))
        if kind == "TimeoutError":
            return TimeoutError(error.message)
        stack = getattr(error, "stack", None)
        if stack and not getattr(error, "__notes__", None):
            error.add_note(f"TypeScript's stack:\n{stack}")
        return error
    return JsException(_turnwise.errorFrom(error))


def to_error(error):
    """An exception of Python's, as an error to throw there."""
    if isinstance(error, asyncio.CancelledError):
        return _turnwise.cancelledError(str(error) or None)
    text = "".join(traceback.format_exception(_without_own_frames(error)))
    if isinstance(error, JsException):
        return _turnwise.withTraceback(error, text)
    if isinstance(error, TimeoutError):
        return _turnwise.timeoutError(str(error), text)
    if isinstance(error, BaseExceptionGroup):
        inner = to_js([to_error(each) for each in error.exceptions], depth=1)
        return _turnwise.exceptionGroup(error.message, inner, text)
    return _turnwise.pythonError(type(error).__qualname__, str(error), text, create_proxy(error))


def _without_own_frames(error):
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    return error


# ---- Calls from TypeScript.


class Call:
    """A Python function, for TypeScript to call."""

    def __init__(self, function):
        self.function = function

    def __call__(self, args, kwargs, loop):
        """`loop`: the number of the loop on which a coroutine is to run."""
        try:
            args = [from_js(each) for each in args]
            kwargs = {} if kwargs is None else from_js(kwargs)
            value = self.function(*args, **kwargs)
            if inspect.iscoroutine(value):
                value = _start(value, loop)
            if isinstance(value, futures.Future) and not isinstance(value, asyncio.Task):
                value = _start(_result_of(value), loop)
            known = getattr(value, "_turnwise", None)
            if isinstance(value, asyncio.Task) and known is not None:
                known.wanted = True
                return to_js([_TASK, known.loop._bridge, known.number], depth=1)
            return to_js([_VALUE, as_js(value)], depth=1)
        except BaseException as error:
            return to_js([_ERROR, to_error(error)], depth=1)


def _start(coroutine, loop):
    try:
        return _loop_for(loop).create_task(coroutine)
    except BaseException:
        coroutine.close()
        raise


async def _result_of(future):
    return await future


def _loop_for(number):
    """The loop that runs this code; else one that is part of the loop which runs TypeScript's."""
    running = events._get_running_loop()
    if isinstance(running, turnwise_loop.EventLoop):
        return running
    if number == 0:
        raise RuntimeError("no running event loop: call this in a task, or in what `asyncio.run` runs")
    return _joined(number)


_joined_loops = {}


def _joined(number):
    loop = _joined_loops.get(number)
    if loop is None:
        loop = _joined_loops[number] = turnwise_loop.EventLoop(joined=number)
        loop.attach()
    return loop


def shutdown_joined(number):
    """The loop of that number is about to end: closes the async generators that are left."""
    loop = _joined_loops.get(number)
    if loop is None:
        return to_js([_VALUE, None], depth=1)
    return Call(loop.shutdown_asyncgens)([], None, number)


def end_joined(number):
    """The loop of that number is closed."""
    loop = _joined_loops.pop(number, None)
    if loop is not None:
        loop.detach()


# ---- Modules.


def import_module(name, directory, file):
    """Imports a module for TypeScript. Returns its public names."""
    try:
        if directory not in sys.path:
            sys.path.insert(0, directory)
        importlib.invalidate_caches()
        module = sys.modules.get(name)
        if file is not None and module is not None and getattr(module, "__file__", None) != file:
            raise ImportError(f"there is a module {name!r} already: {getattr(module, '__file__', 'built in')}")
        module = importlib.import_module(name)
        names = getattr(module, "__all__", None) or [each for each in vars(module) if not each.startswith("_")]
        values = [
            [each, as_js(value)]
            for each in names
            if not isinstance(value := getattr(module, each), types.ModuleType)
        ]
        return to_js([_VALUE, _turnwise.objectOf(to_js(values, depth=2))], depth=1)
    except BaseException as error:
        return to_js([_ERROR, to_error(error)], depth=1)


def provide(name, functions):
    """Makes a module of TypeScript's: `import name`."""
    module = types.ModuleType(name)
    for key, value in _turnwise.entriesOf(functions):
        setattr(module, key, _Function(value, key) if isinstance(value, JsCallable) else from_js(value))
    sys.modules[name] = module


def withdraw(name):
    sys.modules.pop(name, None)


def install():
    _Awaitable.__await__ = _await
