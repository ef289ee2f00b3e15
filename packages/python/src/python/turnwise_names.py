"""Names and addresses: what `socket.getaddrinfo` gives, as far as nobody need be asked."""

import socket
from socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """`socket.getaddrinfo` of what needs no looking up: to wait for an answer would block."""
    found = addresses_without_lookup("" if host in ("localhost", b"localhost") else host, family, flags)
    if found is None:
        raise socket.gaierror(
            socket.EAI_FAIL, f"to look up {host!r} would block, and Node could not answer: use loop.getaddrinfo"
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
        return [(one, (any_address if flags & socket.AI_PASSIVE else loopback)[one]) for one in wanted]
    numeric = _family_of(host)
    if numeric is not None:
        if numeric not in wanted:
            raise socket.gaierror(socket.EAI_ADDRFAMILY, "Address family for hostname not supported")
        return [(numeric, host)]
    if flags & socket.AI_NUMERICHOST:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return None


def _family_of(host):
    """The family of an address; None if it is a name."""
    try:
        if ":" in host:
            import ipaddress  # Emscripten's own `inet_pton` does not know "::".

            ipaddress.IPv6Address(host)
            return AF_INET6
        socket.inet_pton(AF_INET, host)
        return AF_INET
    except (OSError, ValueError):
        return None


def address_infos(addresses, port, type, proto):
    """What `getaddrinfo` gives for addresses that are known."""
    kinds = [
        (kind, number)
        for kind, number in ((SOCK_STREAM, socket.IPPROTO_TCP), (SOCK_DGRAM, socket.IPPROTO_UDP))
        if type in (0, kind) and proto in (0, number)
    ]
    number = _port_number(port)
    return [
        (
            named(socket.AddressFamily, family),
            named(socket.SocketKind, kind),
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
        raise socket.gaierror(socket.EAI_SERVICE, f"no names of services are known here: give the number of {name!r}")
    return int(name)


def named(enumeration, number):
    try:
        return enumeration(number)
    except ValueError:
        return number


def install():
    socket.getaddrinfo = getaddrinfo
