"""asyncio's networking, all of it CPython's own, over `turnwise_socket`.

`BaseSelectorEventLoop` has the transports, the servers and `sock_recv` and its like. Here is what it
takes from the system: when it looks which sockets are ready, and what can't be done without waiting
for Node: to bind, to listen, to look up a name.
"""

import asyncio
import asyncio.streams
import asyncio.subprocess
import errno
import importlib
import socket
from asyncio import base_events, events, unix_events

import turnwise_names
import turnwise_selector
import turnwise_socket
from turnwise_host import ask, forget, host, require_host

# Addresses that a system without IPv6 does not have.
_NOT_HERE = errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT


class NetworkMixin(unix_events._UnixSelectorEventLoop):
    """The part of the event loop that is about sockets."""

    def __init__(self):
        self._is_polling = False
        super().__init__(turnwise_selector.Selector(self._sockets_changed))
        self._poll_handle = events.Handle(self._poll, (), self)

    def close(self):
        super().close()
        forget(self)

    # It is woken by Node, and needs no socket to itself for that.
    def _make_self_pipe(self):
        pass

    def _close_self_pipe(self):
        pass

    # ---- Which sockets are ready.

    def _add_callback(self, handle):
        if not handle._cancelled:
            self._ready.append(handle)
            self._write_to_self()

    _add_callback_signalsafe = _add_callback

    def _sockets_changed(self):
        # During __init__ there is none to look at.
        if not self._is_polling and not self.is_closed():
            self._is_polling = True
            self._add_callback(self._poll_handle)

    def _poll(self):
        """As `select` in CPython's loop: once in each iteration, as long as a socket is ready."""
        self._is_polling = False
        if self._selector is None:
            return
        ready = self._selector.select(0)
        unix_events._UnixSelectorEventLoop._process_events(self, ready)
        if ready:
            self._sockets_changed()

    # ---- Names.

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        found = turnwise_names.addresses_without_lookup(host, family, flags)
        if found is None:
            found = await _look_up(host, family)
        return turnwise_names.address_infos(found, port, type, proto)

    async def getnameinfo(self, sockaddr, flags=0):
        address, port = sockaddr[:2]
        name, service = str(address), str(port)
        if not (flags & socket.NI_NUMERICHOST and flags & socket.NI_NUMERICSERV):
            require_host("getnameinfo()")
            found_name, found_service = await ask(host.lookupService, address, port)
            name = name if flags & socket.NI_NUMERICHOST else found_name
            service = service if flags & socket.NI_NUMERICSERV else found_service
        return name, service

    # ---- Servers.

    async def create_server(self, *args, backlog=100, **options):
        require_host("a server")
        server = await super().create_server(*args, backlog=backlog, **options)
        await self._start_listening(server, backlog)
        return server

    async def create_unix_server(self, *args, backlog=100, **options):
        require_host("a server")
        server = await super().create_unix_server(*args, backlog=backlog, **options)
        await self._start_listening(server, backlog)
        return server

    async def _start_listening(self, server, backlog):
        """Node binds where it listens. So a server also listens that is to start later: who connects has to wait."""
        for sock in server._sockets[:]:
            try:
                await sock.start_listening(backlog)
            except OSError as error:
                address = sock.getsockname()
                if error.errno in _NOT_HERE and len(server._sockets) > 1:
                    server._sockets.remove(sock)
                    self._stop_serving(sock)
                    continue
                server.close()
                if sock.family == turnwise_socket.AF_UNIX:
                    if error.errno == errno.EADDRINUSE:
                        raise OSError(error.errno, f"Address {address!r} is already in use") from None
                    raise
                message = f"error while attempting to bind on address {address!r}: {str(error).lower()}"
                raise OSError(error.errno, message) from None
            except BaseException:
                server.close()
                raise

    async def sock_accept(self, sock):
        if isinstance(sock, turnwise_socket.socket):
            await sock.start_listening()
        return await super().sock_accept(sock)

    # ---- Datagrams.

    async def create_datagram_endpoint(
        self,
        protocol_factory,
        local_addr=None,
        remote_addr=None,
        *,
        family=0,
        proto=0,
        flags=0,
        reuse_port=None,
        allow_broadcast=None,
        sock=None,
    ):
        require_host("a datagram endpoint")
        if sock is None:
            options = reuse_port, allow_broadcast
            sock = await self._datagram_socket(local_addr, remote_addr, family, proto, flags, *options)
        elif local_addr or remote_addr or family or proto or flags or reuse_port or allow_broadcast:
            raise ValueError("socket modifier keyword arguments can not be used when sock is specified.")
        elif sock.type == socket.SOCK_DGRAM and sock._end is None:
            await sock.open_datagrams(None)
        return await super().create_datagram_endpoint(protocol_factory, sock=sock)

    async def _datagram_socket(self, local_addr, remote_addr, family, proto, flags, reuse_port, allow_broadcast):
        if not (local_addr or remote_addr or family):
            raise ValueError("unexpected address family")
        if turnwise_socket.AF_UNIX == family:
            raise OSError(errno.EAFNOSUPPORT, "Node has no datagrams over Unix sockets")
        addresses = []
        for name, address in ("local", local_addr), ("remote", remote_addr):
            if address is None:
                addresses.append(None)
                continue
            if not (isinstance(address, tuple) and len(address) == 2):
                raise TypeError("2-tuple is expected")
            infos = await self._ensure_resolved(
                address, family=family, type=socket.SOCK_DGRAM, proto=proto, flags=flags, loop=self
            )
            if not infos:
                raise OSError("getaddrinfo() returned empty list")
            # One family for both.
            family = family or infos[0][0]
            addresses.append(infos[0][4])
        local, remote = addresses
        sock = socket.socket(family, socket.SOCK_DGRAM, proto)
        try:
            sock.setblocking(False)
            if reuse_port:
                base_events._set_reuseport(sock)
            if allow_broadcast:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            if local is not None:
                sock.bind(local)
            await sock.open_datagrams(remote)
        except BaseException:
            sock.close()
            raise
        return sock


async def _look_up(name, family):
    require_host("to look up a name")
    found = await ask(host.lookup, name, {socket.AF_INET: 4, socket.AF_INET6: 6}.get(family, 0))
    families = {4: socket.AF_INET, 6: socket.AF_INET6}
    return [(families[number], address) for number, address in found.to_py()]


def install():
    """For the functions that asyncio has only where there are Unix sockets."""
    for module in (asyncio.streams, asyncio.subprocess):
        importlib.reload(module)
        for name in module.__all__:
            setattr(asyncio, name, getattr(module, name))
    asyncio.__all__ = tuple(dict.fromkeys((*asyncio.__all__, *asyncio.streams.__all__)))
