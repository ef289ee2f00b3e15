"""`socket.socket` over Node's sockets: never blocks, as asyncio has it.

A Node socket is opened only while the loop has its turn. So `bind` and `listen` take a note, and the
event loop waits for what needs to be waited for. A socket that would have to block is refused at
once.
"""

import errno
import json
import os
import socket as _library
import warnings
import weakref

from pyodide.ffi import to_js
from turnwise_host import ask, host, os_error, require_host
from turnwise_names import getaddrinfo, named

# Not among Emscripten's constants. The numbers are Linux's.
AF_UNIX = 1
SO_REUSEADDR = 2
SO_REUSEPORT = 15
AF_INET = _library.AF_INET
AF_INET6 = _library.AF_INET6
SOCK_STREAM = _library.SOCK_STREAM
SOCK_DGRAM = _library.SOCK_DGRAM

# Emscripten numbers its own files from 0 up, and has 4096 at most.
_FIRST_NUMBER = 10_000
# At most so much is handed to Node at a time: the rest waits in the transport, which so knows of it.
_MOST_SENT = 128 * 1024
# On Linux, flags in the type.
_FLAGS = getattr(_library, "SOCK_NONBLOCK", 0) | getattr(_library, "SOCK_CLOEXEC", 0)

_sockets = weakref.WeakValueDictionary()
_last_number = _FIRST_NUMBER


def socket_of(fd):
    """The socket of that number. None if there is none."""
    return _sockets.get(fd)


def over(end):
    """A socket over something of the host's that is connected: a pipe."""
    sock = socket(AF_UNIX)
    sock.setblocking(False)
    sock._end = end(sock._fd)
    return sock


class socket:
    """A socket that never blocks. What it does happens in Node; see the head of this file."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        global _last_number
        if fileno is not None:
            raise OSError(errno.ENOTSUP, "a socket can't be made of a file descriptor: WebAssembly has no others")
        family = AF_INET if family == -1 else family
        type = SOCK_STREAM if type == -1 else type & ~_FLAGS
        if family not in (AF_UNIX, AF_INET, AF_INET6):
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
        if type not in (SOCK_STREAM, SOCK_DGRAM) or (family == AF_UNIX and type != SOCK_STREAM):
            raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
        self.family = named(_library.AddressFamily, family)
        self.type = named(_library.SocketKind, type)
        self.proto = 0 if proto == -1 else proto
        self._timeout = _library.getdefaulttimeout()
        # What Node has for it, once it is connected, listens, or is bound for datagrams.
        self._end = None
        self._is_listener = False
        self._backlog = None
        self._bound = None
        # What holds the address until then.
        self._taken = None
        # Of a Unix socket: where it listens, or whom it is connected to.
        self._path = ""
        self._options = {}
        _last_number += 1
        self._fd = _last_number
        _sockets[self._fd] = self

    # ---- What it is.

    @property
    def timeout(self):
        return self._timeout

    def fileno(self):
        return self._fd

    def gettimeout(self):
        return self._timeout

    def settimeout(self, timeout):
        if timeout is not None and timeout < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = None if timeout is None else float(timeout)

    def setblocking(self, flag):
        self._timeout = None if flag else 0.0

    def getblocking(self):
        return self._timeout != 0

    def get_inheritable(self):
        return False

    def getsockopt(self, level, option, buflen=None):
        if (level, option) == (_library.SOL_SOCKET, _library.SO_ERROR):
            code = self._end.takeError() if self._end is not None else None
            return 0 if code is None else os_error(code).errno or errno.EIO
        if (level, option) == (_library.SOL_SOCKET, _library.SO_TYPE):
            return int(self.type)
        return self._options.get((level, option), 0)

    def setsockopt(self, level, option, value, optlen=None):
        """Takes effect where Node has such an option and is asked for it in time: before it listens or is bound."""
        self._check_open()
        self._options[level, option] = value

    def getsockname(self):
        self._check_open()
        name = self._end.sockname() if self._end is not None else None
        if name is not None:
            return self._address(name)
        if self._bound is not None:
            return self._bound
        return "" if self.family == AF_UNIX else self._address((self._any, 0))

    def getpeername(self):
        self._check_open()
        name = self._end.peername() if self._end is not None else None
        if name is None:
            raise _error(errno.ENOTCONN)
        return self._address(name)

    def _address(self, name):
        if isinstance(name, str):
            return name and self._path  # Node may have it under another.
        address, port = name
        return (address, port, 0, 0) if self.family == AF_INET6 else (address, port)

    # ---- To be connected, and to listen.

    def bind(self, address):
        self._check_open()
        if self._bound is not None or self._end is not None:
            raise _error(errno.EINVAL)
        address = self._check_address(address)
        if self.type == SOCK_STREAM and self.family != AF_UNIX:
            only_v6 = bool(self._options.get((_library.IPPROTO_IPV6, _library.IPV6_V6ONLY), False))
            name = address[0] or self._any
            number = getaddrinfo(name, address[1], self.family, self.type)[0][4][0]
            taken = host.bind(number, address[1], only_v6, self._has_option(SO_REUSEPORT))
            if isinstance(taken, str):
                raise os_error(taken)
            self._taken = taken
            address = (number, address[1] if taken is None else taken.port, *address[2:])
        self._bound = address

    @property
    def _any(self):
        return "::" if self.family == AF_INET6 else "0.0.0.0"

    def _release(self):
        """Gives the address back, that Node may take it for what is opened now."""
        taken, self._taken = self._taken, None
        if taken is not None:
            taken.release()

    def connect(self, address):
        self._check_open()
        require_host("a connection")
        address = self._check_address(address)
        self._check_never_blocks("connect")
        if self.type == SOCK_DGRAM:
            raise OSError(errno.ENOTSUP, "use loop.create_datagram_endpoint(remote_addr=...)")
        if self._end is not None:
            raise _error(errno.EISCONN if self._end.readiness() else errno.EALREADY)
        if self.family == AF_UNIX:
            self._path = address
            self._end = host.openUnixStream(self._fd, os.path.abspath(address))
        else:
            self._release()
            local = self._bound or (None, None)
            self._end = host.openStream(self._fd, address[0], address[1], local[0], local[1])
        raise BlockingIOError(errno.EINPROGRESS, os.strerror(errno.EINPROGRESS))

    def connect_ex(self, address):
        try:
            self.connect(address)
        except OSError as error:
            return error.errno

    def listen(self, backlog=128):
        """Notes it: `start_listening` does it."""
        self._check_open()
        require_host("a server")
        self._backlog = backlog

    async def start_listening(self, backlog=None):
        """Listens. asyncio's `create_server` and `sock_accept` wait for it."""
        if backlog is None and self._backlog is None:
            raise _error(errno.EINVAL)
        if self._end is not None:
            return
        self._is_listener = True
        self._end = host.makeListener()
        self._end.setNumber(self._fd)
        if self.family == AF_UNIX:
            self._path = self._bound
            await ask(host.listenOnPath, self._end, os.path.abspath(self._path), max(1, backlog or self._backlog))
            return
        address = self._bound or self.getsockname()
        self._release()
        options = {
            "host": address[0],
            "port": address[1],
            "backlog": max(1, max(1, backlog or self._backlog)),
            "reusePort": self._has_option(SO_REUSEPORT),
            "keepAlive": self._has_option(_library.SO_KEEPALIVE),
        }
        await ask(host.listen, self._end, json.dumps(options))

    def accept(self):
        self._check_open()
        if not self._is_listener:
            raise _error(errno.EINVAL)
        connection = socket(self.family, self.type, self.proto)
        end = self._end.accept(connection._fd)
        if end is None:
            connection.close()
            self._would_block("accept")
        connection._end = end
        if self.family == AF_UNIX:
            connection._path = self._path
            return connection, ""
        return connection, connection.getpeername()

    async def open_datagrams(self, remote):
        """Binds it, and fixes its peer. asyncio's `create_datagram_endpoint` waits for it."""
        options = {
            "family": 6 if self.family == AF_INET6 else 4,
            "allowBroadcast": self._has_option(_library.SO_BROADCAST),
            "reusePort": self._has_option(SO_REUSEPORT),
        }
        for name, address in ("localAddr", self._bound), ("remoteAddr", remote):
            if address is not None:
                options[name] = {"host": address[0], "port": address[1]}
        self._end = host.makeDatagrams()
        self._end.setNumber(self._fd)
        await ask(host.openDatagrams, self._end, json.dumps(options))

    def _has_option(self, option):
        return bool(self._options.get((_library.SOL_SOCKET, option), False))

    # ---- To read and to write.

    def recv(self, size, flags=0):
        end = self._connected()
        if self.type == SOCK_DGRAM:
            return self.recvfrom(size)[0]
        data = end.read(size)
        if data is None:
            self._raise_error(end)
            self._would_block("recv")
        return data.to_bytes()

    def recv_into(self, buffer, size=0, flags=0):
        view = memoryview(buffer).cast("B")
        data = self.recv(min(size or len(view), len(view)), flags)
        view[: len(data)] = data
        return len(data)

    def recvfrom(self, size, flags=0):
        end = self._connected()
        if self.type == SOCK_STREAM:
            return self.recv(size, flags), None
        received = end.receive()
        if received is None:
            self._raise_error(end)
            self._would_block("recvfrom")
        data, address, port = received
        return data.to_bytes()[:size], self._address((address, port))

    def recvfrom_into(self, buffer, size=0, flags=0):
        view = memoryview(buffer).cast("B")
        data, address = self.recvfrom(min(size or len(view), len(view)), flags)
        view[: len(data)] = data
        return len(data), address

    def send(self, data, flags=0):
        end = self._connected()
        view = memoryview(data).cast("B")
        if self.type == SOCK_DGRAM:
            return self._send_datagram(view, None, None)
        self._raise_error(end)
        if end.isBroken():
            raise _error(errno.EPIPE)
        taken = end.write(to_js(view[:_MOST_SENT]))
        if taken == 0 and len(view) > 0:
            self._would_block("send")
        return taken

    def sendall(self, data, flags=0):
        view = memoryview(data).cast("B")
        while len(view) > 0:
            view = view[self.send(view, flags) :]

    def sendmsg(self, buffers, *_):
        data = b"".join(buffers)
        return self.send(data) if data else 0

    def sendto(self, data, *args):
        self._connected()
        if self.type == SOCK_STREAM:
            return self.send(data)
        address = self._check_address(args[-1])
        return self._send_datagram(memoryview(data).cast("B"), address[0], address[1])

    def _send_datagram(self, view, address, port):
        self._raise_error(self._end)
        if not self._end.send(to_js(view), address, port):
            self._would_block("send")
        return len(view)

    def shutdown(self, how):
        end = self._connected()
        if how in (_library.SHUT_WR, _library.SHUT_RDWR):
            end.shutdownWrite()

    def close(self):
        if self._fd < 0:
            return
        _sockets.pop(self._fd, None)
        self._fd = -1
        self._release()
        if self._end is not None:
            self._end.close()

    def detach(self):
        raise OSError(errno.ENOTSUP, "a socket can't be detached: WebAssembly has no file descriptors of sockets")

    def makefile(self, *_, **__):
        raise OSError(errno.ENOTSUP, "a socket can't be read as a file, which would block: use asyncio.open_connection")

    # ---- What the selector asks.

    def readiness(self):
        """What it is ready for, as bits of `selectors`."""
        return self._end.readiness() if self._end is not None else 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self, _warn=warnings.warn):
        if getattr(self, "_fd", -1) >= 0:
            _warn(f"unclosed {self!r}", ResourceWarning, source=self)
            self.close()

    def __repr__(self):
        closed = " [closed]" if self._fd < 0 else ""
        info = f"fd={self._fd}, family={self.family!s}, type={self.type!s}, proto={self.proto}"
        if not closed:
            info += f", laddr={self.getsockname()!r}"
            try:
                info += f", raddr={self.getpeername()!r}"
            except OSError:
                pass
        return f"<socket.socket{closed} {info}>"

    def _connected(self):
        self._check_open()
        if self._end is None or self._is_listener:
            raise _error(errno.ENOTCONN)
        return self._end

    def _check_open(self):
        if self._fd < 0:
            raise _error(errno.EBADF)

    def _check_never_blocks(self, what):
        if self._timeout != 0:
            raise OSError(
                errno.ENOTSUP,
                f"{what}() of this socket would block, and Node could do nothing meanwhile: "
                "use asyncio.open_connection or asyncio.start_server, "
                "or setblocking(False) and the loop's sock_ methods",
            )

    def _check_address(self, address):
        if self.family == AF_UNIX:
            return os.fsdecode(address)
        if not isinstance(address, tuple) or len(address) < 2:
            raise TypeError(f"AF_INET address must be tuple, not {type(address).__name__}")
        if not isinstance(address[1], int):
            raise TypeError("'str' object cannot be interpreted as an integer")
        if not 0 <= address[1] <= 65535:
            raise OverflowError("port must be 0-65535.")
        return address

    def _raise_error(self, end):
        code = end.takeError()
        if code is not None:
            raise os_error(code)

    def _would_block(self, what):
        self._check_never_blocks(what)
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _error(number):
    return OSError(number, os.strerror(number))


def install():
    """Puts these in the place of what Emscripten has, which only seems to work."""
    _library.AF_UNIX = AF_UNIX
    _library.SO_REUSEADDR = SO_REUSEADDR
    _library.SO_REUSEPORT = SO_REUSEPORT
    _library.socket = _library.SocketType = socket
