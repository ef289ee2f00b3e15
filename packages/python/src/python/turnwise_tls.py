"""TLS by Node: `ssl.SSLContext` keeps what is asked for, and Node does it.

In WebAssembly there is no OpenSSL. So a context works for asyncio's connections and servers, and
for nothing else.
"""

import errno
import json
import os
import ssl
from asyncio import constants, protocols, selector_events, transports

from turnwise_host import begin, host

# As Node calls the versions that it knows.
_VERSIONS = {
    ssl.TLSVersion.TLSv1: "TLSv1",
    ssl.TLSVersion.TLSv1_1: "TLSv1.1",
    ssl.TLSVersion.TLSv1_2: "TLSv1.2",
    ssl.TLSVersion.TLSv1_3: "TLSv1.3",
}
# How OpenSSL's names of parts of a certificate's subject are spelt out.
_SUBJECT = {
    "C": "countryName",
    "ST": "stateOrProvinceName",
    "L": "localityName",
    "O": "organizationName",
    "OU": "organizationalUnitName",
    "CN": "commonName",
}
# What Node calls faults of certificates.
_CERTIFICATE_FAULTS = ("CERT_", "ERR_TLS_CERT", "DEPTH_ZERO", "SELF_SIGNED", "UNABLE_TO_")


class SSLContext:
    """`ssl.SSLContext`, as far as Node can do it."""

    def __init__(self, protocol=ssl.PROTOCOL_TLS_CLIENT):
        self.protocol = protocol
        is_client = protocol == ssl.PROTOCOL_TLS_CLIENT
        self.check_hostname = is_client
        self.verify_mode = ssl.CERT_REQUIRED if is_client else ssl.CERT_NONE
        self.verify_flags = ssl.VerifyFlags(0)
        self.options = ssl.Options(0)
        self.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        self.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        self._authorities = []
        self._certificate = {}
        self._more = {}

    def load_default_certs(self, purpose=ssl.Purpose.SERVER_AUTH):
        """Node's are the default."""

    def set_default_verify_paths(self):
        """Node's are the default."""

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        if capath is not None:
            raise NotImplementedError("give the authorities' certificates as cafile or cadata: Node reads no capath")
        if cafile is not None:
            self._authorities.append(_text_of(cafile))
        if cadata is not None:
            self._authorities.append(cadata if isinstance(cadata, str) else ssl.DER_cert_to_PEM_cert(cadata))

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        password = password() if callable(password) else password
        self._certificate = {"cert": _text_of(certfile), "key": _text_of(keyfile or certfile)}
        if password is not None:
            self._certificate["passphrase"] = os.fsdecode(password)

    def set_ciphers(self, ciphers):
        self._more["ciphers"] = ciphers

    def set_alpn_protocols(self, protocols):
        self._more["ALPNProtocols"] = list(protocols)

    def wrap_socket(self, *_, **__):
        raise NotImplementedError("there is no TLS over blocking sockets: use asyncio.open_connection(ssl=...)")

    wrap_bio = wrap_socket

    def _for_node(self):
        """As Node's options, in JSON."""
        options = {**self._certificate, **self._more, "rejectUnauthorized": self.verify_mode == ssl.CERT_REQUIRED}
        if self._authorities:
            options["ca"] = self._authorities
        if self.protocol == ssl.PROTOCOL_TLS_SERVER:
            options["requestCert"] = self.verify_mode != ssl.CERT_NONE
        for name, version in ("minVersion", self.minimum_version), ("maxVersion", self.maximum_version):
            if version in _VERSIONS:
                options[name] = _VERSIONS[version]
        return json.dumps(options)


class TlsMixin:
    """The part of the event loop that is about TLS."""

    def _make_ssl_transport(
        self,
        rawsock,
        protocol,
        sslcontext,
        waiter=None,
        *,
        server_side=False,
        server_hostname=None,
        extra=None,
        server=None,
        ssl_handshake_timeout=None,
        ssl_shutdown_timeout=None,
    ):
        self._ensure_fd_no_transport(rawsock)
        if sslcontext is None:
            if server_side:
                raise ValueError("Server side SSL needs a valid SSLContext")
            sslcontext = ssl.create_default_context()
            sslcontext.check_hostname = bool(server_hostname)
        handshake = self._handshake(rawsock, sslcontext, server_side, server_hostname, ssl_handshake_timeout)
        return TlsTransport(self, rawsock, protocol, sslcontext, handshake, waiter, extra, server)

    async def start_tls(
        self,
        transport,
        protocol,
        sslcontext,
        *,
        server_side=False,
        server_hostname=None,
        ssl_handshake_timeout=None,
        ssl_shutdown_timeout=None,
    ):
        if not isinstance(sslcontext, SSLContext):
            raise TypeError(f"sslcontext is expected to be an instance of ssl.SSLContext, got {sslcontext!r}")
        if not getattr(transport, "_start_tls_compatible", False):
            raise TypeError(f"transport {transport!r} is not supported by start_tls()")
        transport.pause_reading()
        await transport._make_empty_waiter()
        sock, server = transport._sock, transport._server
        if sock is None:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        # The transport that was is over, and nobody is told.
        transport._closing, transport._sock, transport._server = True, None, None
        waiter = self.create_future()
        handshake = self._handshake(sock, sslcontext, server_side, server_hostname, ssl_handshake_timeout)
        secured = TlsTransport(self, sock, _Silent(), sslcontext, handshake, waiter, None, server)
        try:
            await waiter
        except BaseException:
            secured.close()
            raise
        finally:
            if server is not None:
                server._detach(transport)
        secured.set_protocol(protocol)
        return secured

    def _handshake(self, sock, context, server_side, server_hostname, timeout):
        if timeout is None:
            timeout = constants.SSL_HANDSHAKE_TIMEOUT
        elif timeout <= 0:
            raise ValueError(f"ssl_handshake_timeout should be a positive number, got {timeout}")
        name = None if server_side else server_hostname or ""
        return begin(self, host.startTls, sock._end, context._for_node(), name, context.check_hostname, timeout)


class TlsTransport(selector_events._SelectorSocketTransport):
    """A transport whose protocol hears nothing until the handshake is over."""

    _start_tls_compatible = False

    def __init__(self, loop, sock, protocol, context, handshake, waiter, extra, server):
        transports._FlowControlMixin.__init__(self, extra, loop)
        self._extra["sslcontext"] = context
        self._closing = False
        self._raw = sock
        if server is not None:
            server._attach(self)  # It waits for this one, also if it is closed meanwhile.
        self._handshake = handshake
        handshake.add_done_callback(lambda _: self._shaken(protocol, waiter, server))

    def _shaken(self, protocol, waiter, server):
        sock, self._raw = self._raw, None
        error = None
        if self._handshake.cancelled():
            error = ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
        elif (reason := self._handshake.exception()) is not None:
            error = _error_of(reason)
        if error is not None:
            self._closing = True
            sock.close()
            if server is not None:
                server._detach(self)
            if waiter is not None and not waiter.done():
                waiter.set_exception(error)
            return
        tls = self._handshake.result().to_py()
        verified = self._extra["sslcontext"].verify_mode != ssl.CERT_NONE
        certificate = _certificate(tls["peercert"]) if verified or not tls["peercert"] else {}
        self._extra.update(peercert=certificate, cipher=_cipher(*tls["cipher"]))
        self._extra["ssl_object"] = SSLObject(self._extra["sslcontext"], self._extra, tls)
        super().__init__(self._loop, sock, protocol, waiter, self._extra)
        self._server = server

    def close(self):
        if self._handshake.done():
            super().close()
        else:
            self._closing = True
            self._handshake.cancel()

    def abort(self):
        if self._handshake.done():
            super().abort()
        else:
            self.close()

    def can_write_eof(self):
        return False

    def write_eof(self):
        raise NotImplementedError("TLS has no half-closed connections")

    def __repr__(self):
        return super().__repr__() if self._handshake.done() and self._raw is None else "<TlsTransport handshaking>"


class SSLObject:
    """What `get_extra_info("ssl_object")` gives."""

    def __init__(self, context, extra, tls):
        self.context = context
        self._extra = extra
        self._tls = tls

    def getpeercert(self, binary_form=False):
        if binary_form:
            raise NotImplementedError("the certificate is there only as getpeercert()")
        return self._extra["peercert"]

    def cipher(self):
        return self._extra["cipher"]

    def version(self):
        return self._tls["version"]

    def selected_alpn_protocol(self):
        return self._tls["alpn"]


class _Silent(protocols.Protocol):
    """Nobody is to hear of a connection again that was made before."""


def _error_of(reason):
    """What `ssl` calls it, where it is about TLS."""
    if not isinstance(reason, OSError):
        return reason
    if reason.code.startswith(_CERTIFICATE_FAULTS):
        return ssl.SSLCertVerificationError(1, f"certificate verify failed: {reason.text}")
    if reason.code.startswith("ERR_SSL") or reason.code == "EPROTO":
        return ssl.SSLError(1, reason.text)
    if reason.code == "TIMEOUT":
        return ConnectionAbortedError(reason.text)
    return reason


def _cipher(name, version):
    return name, version, 128 if "AES_128" in name else 256


def _certificate(peer):
    """A certificate of Node's, as `getpeercert` has it."""
    if not peer:
        return None
    certificate = {
        "subject": _names(peer["subject"]),
        "issuer": _names(peer["issuer"]),
        "version": 3,
        "serialNumber": peer["serialNumber"],
        "notBefore": peer["valid_from"],
        "notAfter": peer["valid_to"],
    }
    names = [name.split(":", 1) for name in (peer.get("subjectaltname") or "").split(", ") if ":" in name]
    if names:
        certificate["subjectAltName"] = tuple((kind, value) for kind, value in names)
    return certificate


def _names(parts):
    return tuple(((_SUBJECT.get(name, name), value),) for name, value in parts.items())


def _text_of(file):
    with open(file, encoding="ascii") as pem:
        return pem.read()


def install():
    ssl.SSLContext = SSLContext
