"""The one way out to addresses that officials typed: webhooks, neighbouring systems, pictures from elsewhere.

An address typed by somebody must not lead into the installation's own network (server-side request forgery). So the
name is resolved once, every address of it is looked at, and the connection goes to an address that was looked at:
a name server that answers differently the second time changes nothing. The certificate is checked against the name.
No redirect is followed, no proxy and no netrc of the environment is used, and the whole request has one deadline: a
neighbour that sends a byte every second gets no more time than one that sends none.
"""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

WORDS = {
    "bad_address": _("This is not an address we can call: write it as https://example.com/path."),
    "refused_address": _("This address leads into a closed network, where we send nothing."),
    "no_such_host": _("No server is known by this name."),
    "timeout": _("The server did not answer in time."),
    "tls": _("The server's certificate is not trusted, or is not its own."),
    "connection": _("The connection failed."),
    "too_large": _("The answer is larger than we take."),
}

# what is_global of this Python lets through, or lets through under another name
_CLOSED_4 = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
]  # fmt: skip
# addresses of the public internet; everything else is loopback, local, mapped, translated or reserved
_OPEN_6 = ipaddress.ip_network("2000::/3")
# Teredo and other protocols, documentation, 6to4: in some of them an IPv4 address hides
_CLOSED_6 = [
    ipaddress.ip_network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
]
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
_PIECE = 16_384


class Unreachable(Exception):
    """Nothing came back, or nothing may be sent there. code: a key of WORDS; str() is a translated sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return str(WORDS[self.code])


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. headers: by small-letter names. milliseconds: how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: int


def ask(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None,
    timeout: int = 10, most_bytes: int = 1_000_000, allow_private: bool = False,
    certificate: tuple[str | Path, str | Path] | None = None, authority: str | Path | None = None,
    cuts: bool = False,
) -> Answer:  # fmt: skip
    """Send one request and read the answer. Raises Unreachable.

    timeout: seconds for everything together, the name included. most_bytes: of the body; a longer one raises
    too_large, or with cuts is cut there and the rest is not read. allow_private: private networks too, only for
    addresses that the operator of the installation wrote, never for one an official typed; for those there is
    settings.OUTGOING_PRIVATE. certificate: (chain, key) files that we show. authority: file of the only certificate
    authority trusted for this server.
    """
    begun = time.monotonic()
    target = _parsed(url)
    try:
        context = _context(certificate, authority)
    except (OSError, ssl.SSLError):
        raise Unreachable("tls") from None
    network = _Network(begun + timeout, is_open=allow_private)
    pool = httpcore.ConnectionPool(ssl_context=context, max_connections=1, network_backend=network)
    try:
        with pool:
            status, found, body = _exchanged(pool, method, target, headers or {}, content, most_bytes, cuts)
    except (httpcore.TimeoutException, TimeoutError):
        raise Unreachable("timeout") from None
    except httpcore.LocalProtocolError:
        raise Unreachable("bad_address") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        raise Unreachable("connection") from None
    return Answer(status, found, body, int((time.monotonic() - begun) * 1000))


def examine(url: str, *, timeout: int = 5, allow_private: bool = False) -> None:
    """Look whether an address may be called, without calling it. Raises Unreachable as ask does."""
    target = _parsed(url)
    _addresses(target.raw_host.decode("ascii"), _port(target), time.monotonic() + timeout, allow_private)


def _parsed(url: str) -> httpx.URL:
    """The address as it will be called. One parser says both whom it names and whom we connect to."""
    if len(url) > 2000 or not url.isprintable() or any(each.isspace() or each == "\\" for each in url):
        raise Unreachable("bad_address")
    try:
        target = httpx.URL(url)
        host = target.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Unreachable("bad_address") from None
    schemes = ("https", "http") if settings.OUTGOING_PLAIN_HTTP else ("https",)
    if target.scheme not in schemes or not host or target.userinfo:
        raise Unreachable("bad_address")
    if not 0 < _port(target) < 65536 or _is_odd(host):
        raise Unreachable("bad_address")
    return target


def _is_odd(host: str) -> bool:
    """Whether it is neither a name nor an address as one writes it: 2130706433, 0x7f.1, 0177.0.0.1, fe80::1%eth0."""
    try:
        return getattr(ipaddress.ip_address(host), "scope_id", None) is not None
    except ValueError:
        last = host.removesuffix(".").rpartition(".")[2]
        return ":" in host or "%" in host or not last or last.isdecimal() or last.lower().startswith("0x")


def _port(target: httpx.URL) -> int:
    if target.port is not None:
        return target.port
    return 443 if target.scheme == "https" else 80


def _addresses(host: str, port: int, until: float, is_open: bool) -> list[str]:
    """The addresses of a name, all of them allowed. Raises Unreachable where one is not."""
    found = _resolved(host, port, until)
    for each in found:
        if not _is_allowed(ipaddress.ip_address(each), is_open):
            raise Unreachable("refused_address")
    return found


def _resolved(host: str, port: int, until: float) -> list[str]:
    """What the name server says, asked once. In a thread: a resolver knows no deadline of ours."""
    answers: list[list[str]] = []

    def resolve() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            rows = []
        answers.append(list(dict.fromkeys(str(row[4][0]) for row in rows)))

    asking = threading.Thread(target=resolve, daemon=True)
    asking.start()
    asking.join(max(until - time.monotonic(), 0))
    if not answers:
        raise Unreachable("timeout")
    if not answers[0]:
        raise Unreachable("no_such_host")
    return answers[0]


def _is_allowed(address: Address, is_open: bool) -> bool:
    own: list[Network] = [ipaddress.ip_network(each) for each in settings.OUTGOING_PRIVATE]
    if any(address in each for each in own if each.version == address.version):
        return True
    if is_open and not (address.is_multicast or address.is_unspecified):
        return True
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in each for each in _CLOSED_4)
    return (
        address in _OPEN_6
        and not any(address in each for each in _CLOSED_6)
        and int(address) >> 32 & 0xFFFF_FFFF not in _ISATAP
    )


@lru_cache(maxsize=1)
def _public() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _context(
    certificate: tuple[str | Path, str | Path] | None, authority: str | Path | None
) -> ssl.SSLContext:
    if certificate is None and authority is None:
        return _public()
    if authority is None:
        context = httpx.create_ssl_context(trust_env=False)
    else:
        context = ssl.create_default_context(cafile=str(authority))
    if certificate is not None:
        context.load_cert_chain(str(certificate[0]), str(certificate[1]))
    return context


def _exchanged(
    pool: httpcore.ConnectionPool, method: str, target: httpx.URL, headers: Mapping[str, str],
    content: bytes | None, most_bytes: int, cuts: bool,
) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
    said = {
        b"host": target.netloc, b"user-agent": b"Viche", b"accept": b"*/*",
        # a small answer that unpacks into a large one is not asked for
        b"accept-encoding": b"identity", b"connection": b"close",
        **{name.lower().encode("ascii"): value.encode("utf-8") for name, value in headers.items()},
    }  # fmt: skip
    if content is not None or method in {"POST", "PUT", "PATCH"}:
        said[b"content-length"] = str(len(content or b"")).encode()
    address = httpcore.URL(
        scheme=target.raw_scheme, host=target.raw_host, port=_port(target), target=target.raw_path
    )
    body = bytearray()
    with pool.stream(method, address, headers=list(said.items()), content=content) as answer:
        for piece in answer.iter_stream():
            body += piece
            if len(body) > most_bytes:
                if not cuts:
                    raise Unreachable("too_large")
                break
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    return answer.status, found, bytes(body[:most_bytes])


class _Network(httpcore.NetworkBackend):
    """Connects to checked addresses only, all within one deadline."""

    def __init__(self, until: float, *, is_open: bool) -> None:
        self._until, self._is_open = until, is_open
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        last: Exception = Unreachable("no_such_host")
        for address in _addresses(host, port, self._until, self._is_open):
            try:
                stream = self._sockets.connect_tcp(address, port, _left(self._until))
                return _Stream(stream, self._until)
            except httpcore.ConnectError as error:
                last = error
        raise last


class _Stream(httpcore.NetworkStream):
    """A connection on which every wait ends at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _tls_named():
            return self._inner.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # in pieces: a server that takes a byte at a time must not stretch the deadline
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], _left(self._until))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        with _tls_named():
            inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._until))
        return _Stream(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@contextlib.contextmanager
def _tls_named() -> Iterator[None]:
    """A fault of TLS is named as one: the pool forgets what a failed connection was caused by."""
    try:
        yield
    except httpcore.NetworkError as error:
        if isinstance(error.__cause__, ssl.SSLError):
            raise Unreachable("tls") from None
        raise


def _left(until: float) -> float:
    """Seconds until the deadline. Raises TimeoutError where it has passed."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def outcome(asked: Answer | Unreachable) -> str:
    """A short word for a log of calls: the status, or the code of the fault. Nothing of what was said."""
    return asked.code if isinstance(asked, Unreachable) else str(asked.status)


__all__ = ["WORDS", "Answer", "Unreachable", "ask", "examine", "outcome"]
