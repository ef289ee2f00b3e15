"""CPython's own asyncio event loop under virtual time.

The loop is `asyncio.BaseEventLoop`: its `_run_once`, `call_soon`, `call_at`, and all
tasks, locks and queues are CPython's, unchanged. Only what CPython itself leaves open
is fixed here, so that a program has exactly one right log:

- The clock is virtual and jumps to the next deadline when nothing is ready.
- Timers with equal deadlines fire in the order in which they were set. (CPython
  compares deadlines only, and `heapq` is not stable.)
- Sets that asyncio iterates do so in the order of insertion, and `all_tasks()` in the
  order of creation. (CPython's order depends on memory addresses.)
- After an interrupt, the loop does not stop once more for a main task that had just
  ended: `asyncio.run` would fail with a RuntimeError and leave its tasks as they are.

The second and third are done from outside, by giving asyncio's modules other values for
the names `TimerHandle`, `set` and `Task`; their code stays as it is.
"""

import ast
import asyncio
import inspect
import itertools
from asyncio import base_events, events, taskgroups, tasks
from collections.abc import MutableSet

# A program that goes round this often without coming to an end never will.
MOST_ITERATIONS = 20_000


class Deadlock(BaseException):
    """Nothing is ready and no timer is set: nothing can ever happen again."""


class Endless(BaseException):
    """The program went round the loop more than MOST_ITERATIONS times."""


class _JumpingSelector:
    """Stands where the loop waits for I/O; instead of waiting it moves the clock."""

    def __init__(self, loop):
        self._loop = loop
        self._iterations = 0

    def select(self, timeout):
        self._iterations += 1
        if self._iterations > MOST_ITERATIONS:
            raise Endless
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            # The deadline itself and not now + timeout: floats must be exact. The head
            # of the heap is not cancelled; the loop drops cancelled heads before this.
            self._loop.now = self._loop._scheduled[0]._when
        return ()


class VirtualLoop(base_events.BaseEventLoop):
    """A `BaseEventLoop` whose time starts at 0.0 and passes only when nothing is ready."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.every_task = []  # strong references: no task may vanish in mid-run
        self._clock_resolution = 1e-9
        self._selector = _JumpingSelector(self)

    def time(self):
        return self.now

    def run_until_complete(self, future):
        try:
            return super().run_until_complete(future)
        except KeyboardInterrupt:
            for handle in self._ready:
                if handle._callback is base_events._run_until_complete_cb:
                    handle.cancel()
            raise

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


class InsertionOrderedSet(MutableSet):
    """A set that is iterated in the order in which its items were added."""

    __slots__ = ("_items",)

    def __init__(self, items=()):
        self._items = dict.fromkeys(items)

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        self._items[item] = None

    def discard(self, item):
        self._items.pop(item, None)

    def remove(self, item):
        del self._items[item]

    def clear(self):
        self._items.clear()


def _order_equal_timers():
    class StableTimerHandle(events.TimerHandle):
        __slots__ = ("_order",)
        _orders = itertools.count()

        def __init__(self, when, callback, args, loop, context=None):
            super().__init__(when, callback, args, loop, context)
            self._order = next(self._orders)

        def __lt__(self, other):
            return (self._when, self._order) < (other._when, other._order)

    events.TimerHandle = StableTimerHandle


def _order_sets():
    taskgroups.set = InsertionOrderedSet
    tasks.set = InsertionOrderedSet

    # as_completed builds its set by a comprehension, which no name can stand for. The
    # same class is compiled once more with `{... for ...}` written `set(... for ...)`.
    class WriteAsCall(ast.NodeTransformer):
        def visit_SetComp(self, node):
            self.generic_visit(node)
            items = ast.GeneratorExp(node.elt, node.generators)
            return ast.copy_location(ast.Call(ast.Name("set", ast.Load()), [items], []), node)

    tree = WriteAsCall().visit(ast.parse(inspect.getsource(tasks._AsCompletedIterator)))
    exec(compile(ast.fix_missing_locations(tree), tasks.__file__, "exec"), tasks.__dict__)


def _order_all_tasks():
    # A subclass of the C task, whose behaviour is CPython's own. The number is taken
    # before the C constructor runs, because an eager task runs its first step in there.
    class NumberedTask(asyncio.Task):
        def __init__(self, coro, *, loop=None, **options):
            loop = loop or events.get_running_loop()
            self.number = len(loop.every_task)
            loop.every_task.append(self)
            super().__init__(coro, loop=loop, **options)

    found_all_tasks = tasks.all_tasks

    def all_tasks(loop=None):
        found = found_all_tasks(loop)
        return InsertionOrderedSet(sorted(found, key=lambda task: task.number))

    tasks.Task = NumberedTask
    asyncio.all_tasks = tasks.all_tasks = all_tasks
    asyncio.eager_task_factory = tasks.create_eager_task_factory(NumberedTask)


_order_equal_timers()
_order_sets()
_order_all_tasks()
