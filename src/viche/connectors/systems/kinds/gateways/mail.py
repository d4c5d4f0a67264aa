"""A body's own mail server: SMTP (RFC 5321) with TLS, letters under the body's own address."""

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings as house
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds.gateways.ports import Outgoing
from viche.connectors.systems.kinds.kind import Field, Finding, Kind
from viche.connectors.systems.models import System
from viche.connectors.systems.outlet import CERTIFICATES, certificate_problems
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import outcome_text
from viche.foundation import mail
from viche.foundation.outgoing import Unreachable, addresses_of

SECONDS, SESSION_SECONDS, LONGEST_ANSWER = 10, 30, 64 * 1024


class _Lines:
    """Lines of the answers, read until a moment: a server that says a byte now and then holds no worker."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._connected, self._until, self._read = connected, until, b""
        self.left = LONGEST_ANSWER

    def readline(self, longest: int) -> bytes:
        while b"\n" not in self._read and len(self._read) < longest:
            self._connected.settimeout(_left(self._until))
            if not (more := self._connected.recv(4096)):
                break
            self._read += more
        line = self._read[: min(self._read.find(b"\n") + 1 or longest, longest)]
        self._read, self.left = self._read[len(line) :], self.left - len(line)
        if self.left < 0:
            raise OSError("an answer without an end")
        return line

    def close(self) -> None:
        """The socket is closed by the session."""


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, SECONDS)


class _Timed(smtplib.SMTP):
    """A session that ends at a moment, whatever the server does."""

    def __init__(self, until: float, *args: Any, **facts: Any) -> None:
        self._until = until
        super().__init__(*args, **facts)

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(_left(self._until))
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock, self._until)
        if isinstance(self.file, _Lines):
            self.file.left = LONGEST_ANSWER
        return super().getreply()


class _Smtp(_Timed):
    """Connects to an address that was looked at, and to no other."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # type: ignore[override]
        return _connected(host, port, timeout)


class _SmtpTls(_Timed, smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # type: ignore[override]
        return self.context.wrap_socket(_connected(host, port, timeout), server_hostname=host)


def _connected(host: str, port: int, timeout: float) -> socket.socket:
    last: OSError = OSError("no address")
    for address in addresses_of(host, port):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            last = error
    raise last


@contextlib.contextmanager
def _session(system: System) -> Iterator[smtplib.SMTP]:
    """A session that has logged in. Raises Unreachable, NeighbourFault, SealBroken; nothing of smtplib's own."""
    settings, word = system.settings, secrets_of(system).get("password", "")
    host, port, until = settings["host"], settings["port"], time.monotonic() + SESSION_SECONDS
    try:
        context = ssl.create_default_context(cadata=settings["authority"] or None)
        made = (
            _SmtpTls(until, host, port, timeout=SECONDS, context=context)
            if settings["security"] == "tls"
            else _Smtp(until, host, port, timeout=SECONDS)
        )
        with made as session:
            if settings["security"] == "starttls":
                session.starttls(context=context)
            if settings["user"]:
                session.login(settings["user"], word)
            yield session
    except (Unreachable, NeighbourFault):
        raise
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        raise NeighbourFault("refused", outcome_text("refused")) from None
    except smtplib.SMTPResponseException as error:
        code_text = f"fault:{error.smtp_code}" if error.smtp_code > 0 else "garbage"
        raise NeighbourFault(code_text, outcome_text(code_text)) from None
    except TimeoutError:
        raise Unreachable("timeout") from None
    except ssl.SSLError:
        raise Unreachable("tls") from None
    except (smtplib.SMTPException, OSError, ValueError):
        raise Unreachable("timeout" if time.monotonic() >= until else "connection") from None


def send(system: System, letter: Outgoing) -> None:
    """One letter under the body's address. Raises NeighbourFault, Unreachable, SealBroken."""
    settings = system.settings
    said = mail.letter(
        key=letter.key, to=letter.to, subject=letter.subject, text=letter.text, headers=letter.headers,
        sender=_sender(settings),
    ).message()  # fmt: skip
    begun = taken = False
    try:
        with _session(system) as session:
            _accepted(session.mail(settings["sender"]))
            _accepted(session.rcpt(letter.to), is_of_address=True)
            begun = True
            _accepted(session.data(said.as_bytes(linesep="\r\n")))
            taken = True
    except Unreachable as error:
        if not taken:
            # it may have been taken before the line was cut: nobody else may send it
            raise Unreachable("timeout" if begun else error.code) from None


def _accepted(answer: tuple[int, bytes], *, is_of_address: bool = False) -> None:
    """Raises NeighbourFault; one that does not count where the server refuses this address for good."""
    if answer[0] not in {250, 251}:
        code = f"fault:{answer[0]}"
        raise NeighbourFault(code, outcome_text(code), counts=not (is_of_address and answer[0] >= 500))


def _sender(settings: Mapping[str, Any]) -> str:
    title = settings["sender_name"].replace('"', "").replace("\\", "")
    return f'"{title}" <{settings["sender"]}>' if title else str(settings["sender"])


def try_mail(system: System) -> Finding:
    """Open a session and log in; no letter is sent."""
    try:
        call(system, "check", lambda: _looked(system))
    except (NeighbourDown, NeighbourFault, Unreachable) as fault:
        return Finding(False, str(fault))
    return Finding(True, _("The mail server lets us in. No letter was sent."))


def _looked(system: System) -> None:
    with _session(system) as session:
        session.noop()


def _problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    faults = certificate_problems(settings, {})
    if settings["user"] and not secrets.get("password"):
        faults["password"] = _("Fill in this field.")
    if settings["security"] == "none" and not house.OUTGOING_PLAIN_HTTP:
        faults["security"] = _("Letters and passwords travel over TLS only.")
    if any(sign in settings["host"] for sign in " /@:"):
        faults["host"] = _("Only the name of the server: mail.kremenchuk.gov.ua")
    return faults


SECURITY = (
    ("starttls", gettext_lazy("STARTTLS (mostly port 587)")),
    ("tls", gettext_lazy("TLS from the first byte (mostly port 465)")),
    ("none", gettext_lazy("none (for trying out on one machine only)")),
)
KIND = Kind(
    "mail", gettext_lazy("Mail server of the body"),
    gettext_lazy(
        "Notices about your contests come from your own address; if it fails, the platform’s server sends them."
    ),
    (
        Field("host", gettext_lazy("Server"), longest=200, help=gettext_lazy("mail.kremenchuk.gov.ua")),
        Field("port", gettext_lazy("Port"), "number", first="587", least=1, most=65535),
        Field("security", gettext_lazy("Protection"), "choice", choices=SECURITY, first="starttls"),
        Field("sender", gettext_lazy("Address of the sender"), "email", longest=254),
        Field("sender_name", gettext_lazy("Name of the sender"), is_required=False, longest=80),
        Field("user", gettext_lazy("Log-in name"), is_required=False, longest=254),
        Field("password", gettext_lazy("Password"), "secret", is_required=False),
        CERTIFICATES[1],
    ),
    try_mail, icon="mail", simulator="smtp", problems=_problems, is_single=True,
)  # fmt: skip
