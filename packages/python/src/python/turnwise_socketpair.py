"""`socket.socketpair`: two sockets that are connected, in memory. The host has no part in it."""

import errno
import os
import socket

import turnwise_selector
import turnwise_socket

# As much as an end keeps until it is read; then the other one has to wait. In bytes.
_MOST_UNREAD = 128 * 1024

_READABLE, _WRITABLE = 1, 2


def socketpair(family=None, type=turnwise_socket.SOCK_STREAM, proto=0):
    """`socket.socketpair`."""
    family = turnwise_socket.AF_UNIX if family is None else family
    pair = turnwise_socket.socket(family, type, proto), turnwise_socket.socket(family, type, proto)
    if pair[0].type != turnwise_socket.SOCK_STREAM:
        raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
    ends = [_End(sock.fileno()) for sock in pair]
    for sock, end, other in zip(pair, ends, reversed(ends)):
        sock._end, end.other = end, other
    return pair


class _End:
    """What a socket asks of the host's streams, without a host."""

    def __init__(self, fd):
        self.other = None
        self._fd = fd
        self._unread = bytearray()
        # The other end writes no more; it is closed.
        self._has_ended = False
        self._is_closed = False

    def readiness(self):
        reads = _READABLE if self._unread or self._has_ended else 0
        return reads | (_WRITABLE if self._has_room() or self.other._is_closed else 0)

    def read(self, size):
        if not self._unread:
            return _Bytes() if self._has_ended else None
        data = _Bytes(self._unread[:size])
        del self._unread[:size]
        turnwise_selector.changed(self.other._fd)
        return data

    def write(self, data):
        if not self._has_room():
            return 0
        self.other._unread += data.to_bytes()
        turnwise_selector.changed(self.other._fd)
        return len(data)

    def isBroken(self):
        return self.other._is_closed

    def takeError(self):
        return None

    def sockname(self):
        return ""

    def peername(self):
        return ""

    def shutdownWrite(self):
        self.other._has_ended = True
        turnwise_selector.changed(self.other._fd)

    def close(self):
        self._is_closed = True
        self.shutdownWrite()

    def _has_room(self):
        return len(self.other._unread) < _MOST_UNREAD


class _Bytes(bytes):
    """As the host gives them."""

    def to_bytes(self):
        return bytes(self)


def install():
    socket.socketpair = socketpair
