"""`socket.socket` over Node's sockets: never blocks, as asyncio has it.

A Node socket is opened, bound and named only while the loop has its turn. So `bind` takes a note,
and what needs to be known, or waited for, is waited for in the event loop. A socket that would have
to block is refused at once.
"""

import errno
import os
import selectors
import socket as _library
import warnings
import weakref

from pyodide.ffi import to_js
from turnwise_host import ask, host, os_error, require_host

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
        self.family = _named(_library.AddressFamily, family)
        self.type = _named(_library.SocketKind, type)
        self.proto = 0 if proto == -1 else proto
        self._timeout = _library.getdefaulttimeout()
        # What Node has for it, once it is connected, listens, or is bound for datagrams.
        self._end = None
        self._is_listener = False
        self._bound = None
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
        return "" if self.family == AF_UNIX else self._address(("::" if self.family == AF_INET6 else "0.0.0.0", 0))

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
        self._bound = self._check_address(address)

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
        self._check_never_blocks("listen")
        require_host("a server")
        self._backlog = backlog

    async def start_listening(self, backlog):
        """Listens. asyncio's `create_server` waits for it."""
        if self._end is not None:
            return
        self._is_listener = True
        self._end = host.makeListener()
        self._end.setNumber(self._fd)
        if self.family == AF_UNIX:
            self._path = self._bound
            await ask(host.listenOnPath, self._end, os.path.abspath(self._path), backlog)
            return
        address = self._bound or self.getsockname()
        await ask(
            host.listen,
            self._end,
            address[0],
            address[1],
            backlog,
            self._has_option(SO_REUSEPORT),
            self._has_option(_library.SO_KEEPALIVE),
        )

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
        local = self._bound or (None, None)
        remote = remote or (None, None)
        self._end = host.makeDatagrams()
        self._end.setNumber(self._fd)
        await ask(
            host.openDatagrams,
            self._end,
            self.family == AF_INET6,
            local[0],
            local[1],
            remote[0],
            remote[1],
            self._has_option(_library.SO_BROADCAST),
            self._has_option(SO_REUSEPORT),
        )

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
                "use asyncio.open_connection or asyncio.start_server, or setblocking(False) and the loop's sock_ methods",
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
            sock = _sockets.get(fd)
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


_watchers = {}


def changed(fd):
    """The host says that a socket may be ready for more."""
    selector = _watchers.get(fd)
    if selector is not None:
        selector.note(fd)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """`socket.getaddrinfo` of what needs no looking up: to wait for an answer would block."""
    found = addresses_without_lookup(host, family, flags)
    if found is None:
        raise _library.gaierror(
            _library.EAI_FAIL, f"to look up {host!r} would block, and Node could not answer: use loop.getaddrinfo"
        )
    return address_infos(found, port, type, proto)


def addresses_without_lookup(host, family, flags):
    """`[family, address]` of each address; None if the name must be looked up."""
    wanted = [one for one in (AF_INET, AF_INET6) if family in (0, one)]
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("idna")
    if not host:
        any_address = {AF_INET: "0.0.0.0", AF_INET6: "::"}
        loopback = {AF_INET: "127.0.0.1", AF_INET6: "::1"}
        return [(one, (any_address if flags & _library.AI_PASSIVE else loopback)[one]) for one in wanted]
    for one in (AF_INET, AF_INET6):
        try:
            _library.inet_pton(one, host.partition("%")[0])
        except OSError:
            continue
        if one not in wanted:
            raise _library.gaierror(_library.EAI_ADDRFAMILY, "Address family for hostname not supported")
        return [(one, host)]
    if flags & _library.AI_NUMERICHOST:
        raise _library.gaierror(_library.EAI_NONAME, "Name or service not known")
    return None


def address_infos(addresses, port, type, proto):
    """What `getaddrinfo` gives for addresses that are known."""
    kinds = [
        (kind, number)
        for kind, number in ((SOCK_STREAM, _library.IPPROTO_TCP), (SOCK_DGRAM, _library.IPPROTO_UDP))
        if type in (0, kind) and proto in (0, number)
    ]
    number = _port_number(port)
    return [
        (
            _named(_library.AddressFamily, family),
            _named(_library.SocketKind, kind),
            protocol,
            "",
            (address, number, 0, 0) if family == AF_INET6 else (address, number),
        )
        for family, address in addresses
        for kind, protocol in kinds
    ]


def _port_number(port):
    if port is None or port in ("", b""):
        return 0
    if isinstance(port, int):
        return port
    name = port.decode() if isinstance(port, bytes) else port
    if not name.isdecimal():
        raise _library.gaierror(_library.EAI_SERVICE, f"no names of services are known here: give the number of {name!r}")
    return int(name)


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    raise OSError(errno.ENOTSUP, "there are no socket pairs in WebAssembly: use asyncio.start_server on the loopback")


def _named(enumeration, number):
    try:
        return enumeration(number)
    except ValueError:
        return number


def _error(number):
    return OSError(number, os.strerror(number))


def install():
    """Puts these in the place of what Emscripten has, which only seems to work."""
    _library.AF_UNIX = AF_UNIX
    _library.SO_REUSEADDR = SO_REUSEADDR
    _library.SO_REUSEPORT = SO_REUSEPORT
    _library.socket = _library.SocketType = socket
    _library.socketpair = socketpair
    _library.getaddrinfo = getaddrinfo
