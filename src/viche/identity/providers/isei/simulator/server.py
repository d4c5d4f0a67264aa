"""The simulator as an HTTP server of its own, on this machine only."""

import json
import logging
import socket
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from viche.identity.providers.isei.settings import is_loopback
from viche.identity.providers.isei.simulator import pages
from viche.identity.providers.isei.simulator.cast import CastMember
from viche.identity.providers.isei.simulator.faults import FAULTS
from viche.identity.providers.isei.simulator.protocol import Protocol, RequestRefused

logger = logging.getLogger(__name__)

STYLE = Path(__file__).with_name("simulator.css")
MAX_FORM_BYTES = 16 * 1024
PATHS = frozenset({"/", "/choose", "/simulator.css", "/get-access-token", "/get-user-info"})
HTML_ANSWER = b"<!doctype html><html><body><h1>Technical works</h1></body></html>"


class SimulatorRefused(Exception):
    """The simulator will not start where real people might meet it; the message says why."""


class SimulatorServer(ThreadingHTTPServer):
    """Bound on construction; ``serve_forever`` serves. Port 0 takes a free one, see ``url``.

    environment: the deployment's name; "production" is refused, as are hosts and return addresses off this
    machine. Raises SimulatorRefused. slow_seconds: how long a slow answer takes.
    """

    daemon_threads = True

    def __init__(
        self,
        *,
        host: str,
        port: int,
        cast: Sequence[CastMember],
        protocol: Protocol,
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
        self.cast = tuple(cast)
        self.people = {person.key: person for person in cast}
        self.protocol = protocol
        self.slow_seconds = slow_seconds
        host = host.strip("[]")
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Answer)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        # a client that hung up (a slow answer, a closed tab) is no news; the default prints a traceback
        logger.debug("connection ended early")


class Answer(BaseHTTPRequestHandler):
    """One request. Logged by method and path only: the query holds secrets, codes and tokens."""

    server: SimulatorServer
    protocol_version = "HTTP/1.1"
    server_version = "VicheIdentitySimulator"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._route(self._query())

    def do_HEAD(self) -> None:
        self._route(self._query())

    def do_POST(self) -> None:
        form = self._form()
        if form is not None:
            self._route({**self._query(), **form})

    def log_message(self, format: str, *args: Any) -> None:
        path = urlsplit(getattr(self, "path", "")).path
        logger.info("%s %s", self.command or "-", path if path in PATHS else "(other)")

    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True, max_num_fields=50))

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_FORM_BYTES:
            self.close_connection = True
            self._send(413, b"", "text/plain; charset=utf-8")
            return None
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))

    def _route(self, parameters: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        if path == "/get-access-token":
            self._token(parameters)
        elif path == "/get-user-info":
            self._info(parameters)
        elif path == "/simulator.css":
            self._send(200, STYLE.read_bytes(), "text/css; charset=utf-8")
        elif path == "/" or (path == "/choose" and self.command == "POST"):
            self._pages(path, parameters)
        else:
            self._send(404, b"not found", "text/plain; charset=utf-8")

    def _pages(self, path: str, parameters: dict[str, str]) -> None:
        language = "en" if parameters.get("lang") == "en" else "uk"
        protocol = self.server.protocol
        try:
            request = protocol.authorize_request(parameters)
        except RequestRefused as refusal:
            self._html(400, pages.refusal_page(language, str(refusal)))
            return
        site = urlsplit(request.redirect_uri)
        # browsers hold a form to form-action through the redirect that answers it, so the site is named too
        origin = f"{site.scheme}://{site.netloc}"
        if path == "/":
            self._html(200, pages.choice_page(request, self.server.cast, language), origin)
            return
        if parameters.get("cancel"):
            self._redirect(request.answer_url(error="access_denied", state=request.state))
            return
        person = self.server.people.get(parameters.get("person", ""))
        method, fault = parameters.get("method", ""), parameters.get("fault", "")
        problem = ""
        if person is None or method not in request.methods or (fault and fault not in FAULTS):
            problem = pages.TEXTS[language]["unknown_choice"]
        elif method not in person.methods:
            problem = pages.wrong_choice(person, language)
        if problem or person is None:
            page = pages.choice_page(
                request, self.server.cast, language, problem=problem, chosen=method, fault=fault
            )
            self._html(400, page, origin)
            return
        state = request.state[::-1] + "0" if fault == "wrong_state" else request.state
        self._redirect(request.answer_url(code=protocol.issue_code(person, method, fault), state=state))

    def _token(self, parameters: dict[str, str]) -> None:
        grant = self.server.protocol.grant_of_code(parameters.get("code", ""))
        fault = grant.fault if grant else ""
        if not self._misbehaves(fault, "token"):
            self._json(*self.server.protocol.token_answer(parameters), html=fault == "token_type")

    def _info(self, parameters: dict[str, str]) -> None:
        grant = self.server.protocol.grant_of_token(parameters.get("access_token", ""))
        fault = grant.fault if grant else ""
        if not self._misbehaves(fault, "info"):
            status, document = self.server.protocol.info_answer(parameters)
            self._json(status, document, html=fault == "info_type", trickle=fault == "info_trickle")

    def _misbehaves(self, fault: str, where: str) -> bool:
        """Spoil this answer if the fault asks for it; True where nothing more is to be sent."""
        if fault == f"{where}_html":
            self._send(200, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == f"{where}_500":
            self._send(500, HTML_ANSWER, "text/html; charset=utf-8")
        elif fault == f"{where}_redirect":
            self._redirect("/")
        elif fault == f"{where}_huge":
            self._send(200, b'{"lastname":"' + b"x" * 2_000_000 + b'"}', "application/json")
        elif fault == f"{where}_cut":
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
        else:
            if fault == f"{where}_slow":
                time.sleep(self.server.slow_seconds)
            return False
        return True

    def _json(self, status: int, document: Any, *, html: bool = False, trickle: bool = False) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        kind = "text/html; charset=windows-1251" if html else "application/json; charset=utf-8"
        if not trickle:
            self._send(status, body, kind)
            return
        self._headers(status, len(body), kind)
        for number in range(len(body)):
            self.wfile.write(body[number : number + 1])
            self.wfile.flush()
            time.sleep(self.server.slow_seconds / 20)

    def _html(self, status: int, page: str, origin: str = "") -> None:
        policy = f"default-src 'none'; style-src 'self'; form-action 'self' {origin}".strip()
        policy += "; base-uri 'none'; frame-ancestors 'none'"
        self._send(status, page.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def _redirect(self, location: str) -> None:
        # 303: the browser goes on with a GET and does not send the form a second time
        self._send(303, b"", "text/plain; charset=utf-8", {"Location": location})

    def _send(self, status: int, body: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self._headers(status, len(body), kind, extra)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _headers(self, status: int, length: int, kind: str, extra: dict[str, str] | None = None) -> None:
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
