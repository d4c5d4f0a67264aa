"""What the simulators of neighbours share: a server on this machine that can be told to fail."""

import ssl
import time
from pathlib import Path
from typing import Any

from viche.identity.providers.simulation.server import HTML_ANSWER, Answer, Simulator

FAULTS = ("", "slow", "500", "garbage", "refuse", "too_many")


class Neighbour(Simulator):
    """A neighbour. fault: what goes wrong with every answer (FAULTS). asked: (path, headers, body) of what came in."""

    def __init__(self, *, fault: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.fault = fault
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.is_tls = False

    def speak_tls(self, own: Path, authority: Path | None = None) -> None:
        """Answer over TLS from now on. own: PEM, certificate and key. authority: of the clients it lets in."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own)
        if authority is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(authority)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.is_tls = True

    @property
    def url(self) -> str:
        address = super().url
        return address.replace("http://", "https://") if self.is_tls else address


class NeighbourAnswer(Answer):
    """One answer of a neighbour: its fault, or what ``reply`` says."""

    server_version = "VicheNeighbourSimulator"
    server: Neighbour

    def route(self, path: str, parameters: dict[str, str]) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, self.sent))
        fault = self.server.fault
        if fault == "slow":
            time.sleep(self.server.slow_seconds)
        if fault == "500":
            self.send(500, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == "garbage":
            self.send(200, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == "refuse":
            self.json(403, {"error": "forbidden"})
        elif fault == "too_many":
            self.json(429, {"error": "too many requests"})
        else:
            self.reply(path, parameters)

    def reply(self, path: str, parameters: dict[str, str]) -> None:
        """Answer as the neighbour does when it is well."""
        raise NotImplementedError
