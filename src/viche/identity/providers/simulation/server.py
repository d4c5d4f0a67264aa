"""A simulator as an HTTP server of its own, on this machine only."""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from viche.identity.providers.settings import is_loopback

logger = logging.getLogger(__name__)

STYLE = Path(__file__).with_name("simulator.css")
MAX_BODY_BYTES = 512 * 1024
HTML_ANSWER = b"<!doctype html><html><body><h1>Technical works</h1></body></html>"


class SimulatorRefused(Exception):
    """The simulator will not start where real people might meet it; the message says why."""


class Simulator(ThreadingHTTPServer):
    """Bound on construction; ``serve_forever`` serves. Port 0 takes a free one, see ``url``.

    environment: the deployment's name; "production" is refused, as are hosts and return addresses off this
    machine. Raises SimulatorRefused. slow_seconds: how long a slow answer takes.
    """

    daemon_threads = True
    answer: type["Answer"]

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        allow: Sequence[str] = (),
        environment: str = "",
        slow_seconds: float = 15,
    ) -> None:
        if environment.strip().lower() in {"production", "prod", "live"}:
            raise SimulatorRefused("the identity simulator never runs with production settings")
        if not is_loopback(host):
            raise SimulatorRefused(f"the identity simulator listens on this machine only, not on {host}")
        for prefix in allow:
            parts = urlsplit(prefix)
            if parts.scheme not in {"http", "https"} or not is_loopback(parts.hostname or ""):
                raise SimulatorRefused(
                    f"the identity simulator sends people to this machine only, not to {prefix}"
                )
        self.allow = tuple(allow)
        self.slow_seconds = slow_seconds
        host = host.strip("[]")
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), self.answer)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        # a client that hung up (a slow answer, a closed tab) is no news; the default prints a traceback
        logger.debug("connection ended early")


class Answer(BaseHTTPRequestHandler):
    """One request. Logged by method and path only: the query holds secrets, codes and tokens.

    A simulator says its paths and overrides ``route``.
    """

    paths: frozenset[str] = frozenset()
    protocol_version = "HTTP/1.1"
    server_version = "VicheIdentitySimulator"
    sys_version = ""
    timeout = 30
    # the bytes of a POST, for protocols that are no forms
    sent: bytes = b""

    def route(self, path: str, parameters: dict[str, str]) -> None:
        """Answer the request. parameters: of the query and of a sent form."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self._begin(self.query())

    def do_HEAD(self) -> None:
        self._begin(self.query())

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self.send(413, b"", "text/plain; charset=utf-8")
            return
        self.sent = self.rfile.read(int(length))
        form: dict[str, str] = {}
        if self.headers.get_content_type() == "application/x-www-form-urlencoded":
            form = dict(
                parse_qsl(self.sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
            )
        self._begin({**self.query(), **form})

    def _begin(self, parameters: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        if path == "/simulator.css":
            self.send(200, STYLE.read_bytes(), "text/css; charset=utf-8")
        else:
            self.route(path, parameters)

    def log_message(self, format: str, *args: Any) -> None:
        path = urlsplit(getattr(self, "path", "")).path
        logger.info("%s %s", self.command or "-", path if path in self.paths else "(other)")

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True, max_num_fields=50))

    def misbehaves(self, fault: str, where: str) -> bool:
        """Spoil this answer if the fault asks for it; True where nothing more is to be sent."""
        if fault == f"{where}_html":
            self.send(200, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == f"{where}_500":
            self.send(500, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == f"{where}_redirect":
            self.redirect("/")
        elif fault == f"{where}_huge":
            self.send(200, b'{"lastname":"' + b"x" * 2_000_000 + b'"}', "application/json")
        elif fault == f"{where}_cut":
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
        else:
            if fault == f"{where}_slow":
                time.sleep(self.server.slow_seconds)  # type: ignore[attr-defined]
            return False
        return True

    def json(self, status: int, document: Any, *, kind: str = "", trickle: bool = False) -> None:
        """A JSON answer; trickle: byte by byte."""
        body = json.dumps(document, ensure_ascii=False).encode()
        kind = kind or "application/json; charset=utf-8"
        if not trickle:
            self.send(status, body, kind)
            return
        self.begin(status, len(body), kind)
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            self.wfile.flush()
            time.sleep(self.server.slow_seconds / 20)  # type: ignore[attr-defined]

    def html(self, status: int, page: str, origin: str = "") -> None:
        """A page whose forms may lead here and to the origin."""
        policy = f"default-src 'none'; style-src 'self'; form-action 'self' {origin}".strip()
        policy += "; base-uri 'none'; frame-ancestors 'none'"
        self.send(status, page.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def redirect(self, location: str) -> None:
        # 303: the browser goes on with a GET and does not send the form a second time
        self.send(303, b"", "text/plain; charset=utf-8", {"Location": location})

    def send(self, status: int, body: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self.begin(status, len(body), kind, extra)
        if self.command != "HEAD":
            self.wfile.write(body)

    def begin(self, status: int, length: int, kind: str, extra: dict[str, str] | None = None) -> None:
        """The status line and the headers."""
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(length),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in (headers | (extra or {})).items():
            self.send_header(name, value)
        self.end_headers()


Server = TypeVar("Server", bound=Simulator)


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Serve in a thread of this process while the block runs: for tests."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
