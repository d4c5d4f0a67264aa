"""A mail server: ESMTP with STARTTLS and AUTH PLAIN, on this machine only."""

import base64
import contextlib
import ssl
import time
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

from viche.identity.providers.settings import is_loopback
from viche.identity.providers.simulation.server import SimulatorRefused

USER, PASSWORD = "viche", "simulated-password"
NO_SUCH = "nobody@"


class Session(StreamRequestHandler):
    """One session."""

    server: "SmtpSimulator"
    timeout = 30

    def handle(self) -> None:
        fault = self.server.fault
        if fault in {"drip", "flood"}:
            self._never_end(fault)
            return
        if fault == "slow":
            time.sleep(self.server.slow_seconds)
        if fault == "garbage":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            return
        self._say("421 out of order" if fault == "500" else "220 simulator ESMTP")
        self.is_known, self.sender, self.recipients = False, "", list[str]()
        while line := self.rfile.readline(2048):
            verb, _space, rest = line.decode("ascii", "replace").strip().partition(" ")
            if not self._obey(verb.upper(), rest):
                return

    def _never_end(self, fault: str) -> None:
        """An answer without an end: a byte now and then, or lines and lines."""
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"2" if fault == "drip" else b"220-and more\r\n" * 100)
                if fault == "drip":
                    time.sleep(1)

    def _obey(self, verb: str, rest: str) -> bool:
        """Answer a command; False at the end of the session."""
        match verb:
            case "EHLO":
                self._say(*self._abilities())
            case "STARTTLS" if self.server.context is not None:
                self._say("220 go on")
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
            case "AUTH":
                self.is_known = rest == f"PLAIN {_plain()}" and self.server.fault != "refuse"
                self._say("235 welcome" if self.is_known else "535 not you")
            case "MAIL":
                self.sender = rest
                self._say("250 fine" if self.is_known else "530 who are you?")
            case "RCPT":
                self.recipients.append(rest)
                self._say("550 no such mailbox" if NO_SUCH in rest else "250 fine")
            case "DATA":
                self._say("354 go on")
                self._take()
                return self.server.fault != "cut"
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 fine")
        return True

    def _abilities(self) -> list[str]:
        every = ["simulator", "AUTH PLAIN", *(["STARTTLS"] if self.server.context is not None else [])]
        return [f"250-{each}" for each in every[:-1]] + [f"250 {every[-1]}"]

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        self.server.letters.append((self.sender, tuple(self.recipients), b"".join(lines)))
        if self.server.fault != "cut":
            self._say("250 taken")

    def _say(self, *lines: str) -> None:
        self.wfile.write(b"".join(f"{line}\r\n".encode() for line in lines))


def _plain() -> str:
    return base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()


class SmtpSimulator(ThreadingTCPServer):
    """letters: (sender, recipients, letter) that came in. fault: also "cut", after a letter.
    own: PEM, certificate and key, for STARTTLS."""

    daemon_threads = allow_reuse_address = True

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, environment: str = "", fault: str = "",
        slow_seconds: int = 15, own: Path | None = None,
    ) -> None:  # fmt: skip
        if environment.strip().lower() in {"production", "prod", "live"} or not is_loopback(host):
            raise SimulatorRefused("the mail simulator runs on this machine only, and never in production")
        super().__init__((host, port), Session)
        self.fault, self.slow_seconds = fault, slow_seconds
        self.letters: list[tuple[str, tuple[str, ...], bytes]] = []
        self.context: ssl.SSLContext | None = None
        if own is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(own)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""
