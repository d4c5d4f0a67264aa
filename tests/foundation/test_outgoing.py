"""Requests to addresses that somebody typed: never into a closed network, never longer than they were given."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import translation

from viche.foundation.outgoing import Answer, Unreachable, ask, examine

Talk = Callable[[socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Said: so\r\n\r\nhello"


@pytest.fixture
def closed(settings: object) -> None:
    """As in production: no network of one's own is open."""
    settings.OUTGOING_PRIVATE = []  # type: ignore[attr-defined]


@contextlib.contextmanager
def server(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback; the port, and the requests it has read."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), connection:
                wrapped = context.wrap_socket(connection, server_side=True) if context else connection
                with wrapped:
                    heard.append(wrapped.recv(65536))
                    if heard[-1].startswith(b"POST") and heard[-1].endswith(b"\r\n\r\n"):
                        heard[-1] += wrapped.recv(65536)
                    talk(wrapped)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def says(answer: bytes) -> Talk:
    return lambda connection: connection.sendall(answer)


def drips(head: bytes, byte: bytes) -> Talk:
    """A server that never stops and never hurries."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        for _number in range(100):
            connection.sendall(byte)
            time.sleep(0.2)

    return talk


def fault(url: str, **options: object) -> str:
    with pytest.raises(Unreachable) as caught:
        ask("GET", url, **options)  # type: ignore[arg-type]
    assert str(caught.value) != caught.value.code, "a sentence for a person"
    return caught.value.code


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The name server says these in turn, the last one for ever. What it was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[Any]:
        if host[0].isdecimal():
            return real(host, port)
        asked.append(host)
        now = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in now
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_an_answer_comes_with_its_status_headers_and_body() -> None:
    with server(says(OK)) as (port, heard):
        answer = ask("POST", f"http://127.0.0.1:{port}/a?b=1", headers={"X-Mine": "1"}, content=b"{}")
    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["x-said"], answer.body) == (200, "so", b"hello")
    assert heard[0].startswith(b"POST /a?b=1 HTTP/1.1\r\n")
    assert f"host: 127.0.0.1:{port}".encode() in heard[0].lower()
    assert heard[0].endswith(b"\r\n\r\n{}")


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.88.99.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]",
        "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
        "[2a02:6b8::5efe:127.0.0.1]", "localhost",
    ],
)  # fmt: skip
def test_closed_networks_are_refused_however_they_are_written(host: str) -> None:
    assert fault(f"https://{host}/") == "refused_address"
    with translation.override("en"), pytest.raises(Unreachable, match="closed network"):
        examine(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/",
        "https://0177.0.0.1/", "https://127.1/", "https://[fe80::1%25eth0]/", "https://1.2.3.4.5/",
        "https://user:secret@example.com/", "https://example.com:0/", "ftp://example.com/", "file:///etc/passwd",
        "gopher://example.com/", "//example.com/", "example.com", "https://", "https:///path", "",
        "https://exa mple.com/", "https://example.com/\r\nX-Evil: 1", "https://example.com\\@127.0.0.1/",
        "https://example.com:99999/", "https://[::1/", "javascript:alert(1)", "https://example.com/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_proper_address_is_refused(url: str) -> None:
    assert fault(url) == "bad_address"


def test_plain_http_is_refused_where_it_is_not_allowed(settings: object) -> None:
    settings.OUTGOING_PLAIN_HTTP = False  # type: ignore[attr-defined]
    assert fault("http://example.com/") == "bad_address"


@pytest.mark.usefixtures("closed")
def test_one_closed_address_among_open_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    assert fault("https://two-faced.example/") == "refused_address"


@pytest.mark.usefixtures("closed")
def test_a_name_is_asked_once_and_the_address_that_was_looked_at_is_called(
    monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    """A name server that answers a public address first and loopback afterwards gets nothing on loopback."""
    settings.OUTGOING_PRIVATE = ["127.0.0.5/32"]  # type: ignore[attr-defined]
    with server(says(OK)) as (port, heard):
        asked = names(monkeypatch, ["127.0.0.5"], ["127.0.0.1"])
        assert fault(f"http://rebinding.example:{port}/") == "connection", "nobody listens there"
        assert asked == ["rebinding.example"]
        assert fault(f"http://rebinding.example:{port}/") == "refused_address"
    assert not heard


def test_a_name_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert fault("https://nowhere.example/") == "no_such_host"


def test_a_resolver_that_hangs_has_the_same_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(30) or [])
    begun = time.monotonic()
    assert fault("https://slow-names.example/", timeout=1) == "timeout"
    assert time.monotonic() - begun < 3


def test_a_network_of_ones_own_is_open_and_so_are_all_for_the_operator_s_addresses(settings: object) -> None:
    with server(says(OK)) as (port, _heard):
        settings.OUTGOING_PRIVATE = ["127.0.0.0/8"]  # type: ignore[attr-defined]
        assert ask("GET", f"http://127.0.0.1:{port}/").status == 200
        settings.OUTGOING_PRIVATE = []  # type: ignore[attr-defined]
        assert fault(f"http://127.0.0.1:{port}/") == "refused_address"
        assert ask("GET", f"http://127.0.0.1:{port}/", allow_private=True).status == 200


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with server(says(OK)) as (inner, heard):
        away = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inner}/\r\nContent-Length: 0\r\n\r\n"
        with server(says(away.encode())) as (port, _):
            assert ask("GET", f"http://127.0.0.1:{port}/").status == 302
    assert not heard


@pytest.mark.parametrize(
    ("head", "byte"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_server_that_drips_gets_no_more_time_than_one_that_is_silent(head: bytes, byte: bytes) -> None:
    with server(drips(head, byte)) as (port, _heard):
        begun = time.monotonic()
        assert fault(f"http://127.0.0.1:{port}/", timeout=1) == "timeout"
        assert time.monotonic() - begun < 3


def test_a_server_that_does_not_read_gets_no_more_time() -> None:
    with server(lambda connection: time.sleep(5)) as (port, _heard):
        begun = time.monotonic()
        assert fault(f"http://127.0.0.1:{port}/", timeout=1, content=b"x" * 20_000_000) == "timeout"
        assert time.monotonic() - begun < 3


def test_a_large_answer_is_refused_or_cut() -> None:
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"a" * 100_000
    with server(says(large)) as (port, _heard):
        assert fault(f"http://127.0.0.1:{port}/", most_bytes=1000) == "too_large"
        assert ask("GET", f"http://127.0.0.1:{port}/", most_bytes=1000, cuts=True).body == b"a" * 1000
        assert len(ask("GET", f"http://127.0.0.1:{port}/").body) == 100_000


def test_nobody_answers_or_answers_nonsense() -> None:
    with server(says(OK)) as (port, _heard):
        pass
    assert fault(f"http://127.0.0.1:{port}/") == "connection"
    with server(says(b"SSH-2.0-OpenSSH_9.2\r\n")) as (port, _heard):
        assert fault(f"http://127.0.0.1:{port}/") == "connection"
    with server(says(OK)) as (port, _heard):
        assert fault(f"https://127.0.0.1:{port}/", timeout=2) in {"tls", "connection"}


def certified(folder: Path, *hosts: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for these names, and the file of who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    moment = datetime.datetime.now(datetime.UTC)
    alternative: list[x509.GeneralName] = []
    for host in hosts:
        try:
            alternative.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            alternative.append(x509.DNSName(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))
        .not_valid_after(moment + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, chain


def test_the_certificate_must_be_trusted_and_bear_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, authority = certified(tmp_path, "right.example")
    shown: list[str] = []
    context.sni_callback = lambda _socket, name, _context: shown.append(name)
    names(monkeypatch, ["127.0.0.1"])
    with server(says(OK), context) as (port, heard):
        assert ask("GET", f"https://right.example:{port}/", authority=authority).body == b"hello"
        assert shown == ["right.example"]
        assert f"host: right.example:{port}".encode() in heard[0].lower()
        assert fault(f"https://wrong.example:{port}/", authority=authority) == "tls", "not its name"
        assert fault(f"https://127.0.0.1:{port}/", authority=authority) == "tls", "nor its address"
        assert fault(f"https://right.example:{port}/") == "tls", "nobody we trust vouches for it"
        assert fault(f"https://right.example:{port}/", authority=tmp_path / "none.pem") == "tls"


def test_a_server_named_by_its_address_shows_a_certificate_for_that(tmp_path: Path) -> None:
    context, authority = certified(tmp_path, "127.0.0.1")
    with server(says(OK), context) as (port, _heard):
        assert ask("GET", f"https://127.0.0.1:{port}/", authority=authority).status == 200
