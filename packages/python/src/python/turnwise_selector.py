"""Which sockets are ready: what asyncio's loop asks `select` of the system."""

import errno
import selectors

from turnwise_socket import socket_of

# Who looks at which socket.
_watchers = {}


class Selector(selectors._BaseSelectorImpl):
    """Which sockets are ready. It never waits: the host tells when it is worth to look again."""

    def __init__(self, changed):
        super().__init__()
        self._changed = changed
        # Those that may be ready, in the order in which they were told of.
        self._maybe = {}

    def register(self, fileobj, events, data=None):
        fd = self._fileobj_lookup(fileobj)
        if socket_of(fd) is None:
            raise PermissionError(
                errno.EPERM,
                f"the loop can't watch the file descriptor {fd}, only sockets that asyncio or socket.socket made: "
                "WebAssembly has no way to wait for any other",
            )
        key = super().register(fileobj, events, data)
        _watchers[fd] = self
        self.note(fd)
        return key

    def unregister(self, fileobj):
        key = super().unregister(fileobj)
        _watchers.pop(key.fd, None)
        return key

    def modify(self, fileobj, events, data=None):
        key = super().modify(fileobj, events, data)
        self.note(key.fd)
        return key

    def note(self, fd):
        """It may be ready."""
        self._maybe[fd] = None
        self._changed()

    def select(self, timeout=None):
        ready = []
        for fd in list(self._maybe):
            key = self._fd_to_key.get(fd)
            sock = socket_of(fd)
            events = 0 if key is None or sock is None else sock.readiness() & key.events
            if events:
                ready.append((key, events))
            else:
                del self._maybe[fd]
        return ready

    def close(self):
        for fd in self._fd_to_key:
            _watchers.pop(fd, None)
        super().close()


def changed(fd):
    """The host says that a socket may be ready for more."""
    selector = _watchers.get(fd)
    if selector is not None:
        selector.note(fd)
