"""Receivers for tests: the example of the documentation as a process to be killed, and one that answers as told."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

EXAMPLE = Path(__file__).parents[2] / "docs" / "how-to" / "examples" / "webhook_receiver.py"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Process:
    """The example receiver in a process of its own; killed and started again on the same port and store."""

    def __init__(self, store: Path) -> None:
        self.store, self.port, self.secret = store, free_port(), ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/viche"

    def start(self) -> None:
        said = ["--secret", self.secret, "--store", str(self.store), "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, str(EXAMPLE), *said], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert "listening" in self._process.stdout.readline()
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def events(self) -> list[dict[str, Any]]:
        """What was taken and is on the disk, in the order of coming, each once."""
        if not self.store.exists():
            return []
        with sqlite3.connect(self.store) as database:
            return [json.loads(body) for (body,) in database.execute("SELECT body FROM event ORDER BY place")]


@dataclass
class Teller:
    """Answers as it is told. heard: (headers, event) of each request that came, whatever was answered.

    answers: statuses by the kind of event, "" for all; headers: added to each answer; delay: seconds before it.
    """

    url: str = ""
    secret: str = ""
    answers: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    delay: int = 0
    heard: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    is_verifying: bool = True

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for _headers, event in self.heard]

    def taken(self, key: str = "") -> list[int]:
        """The places in the log of what came, in the order of coming; of one contest where it is named."""
        return [
            each["data"]["log"]["index"]
            for each in self.events
            if not key or (each["data"]["contest"] or {}).get("id") == key
        ]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        teller: Teller = self.server.teller  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if teller.is_verifying and teller.secret:
            Webhook(teller.secret).verify(body, headers)
        event = json.loads(body)
        teller.heard.append((headers, event))
        if teller.delay:
            time.sleep(teller.delay)
        kind = event["type"].split(".")[2]
        status = teller.answers.get(kind, teller.answers.get("", 204))
        said = b"" if status == 204 else b"<b>no</b> such thing"
        self.send_response(status)
        for name, value in teller.headers.items():
            self.send_header(name, value)
        if said:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None: ...


@contextlib.contextmanager
def teller() -> Iterator[Teller]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        made = Teller(url=f"http://127.0.0.1:{server.server_address[1]}/")
        server.teller = made  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield made
        server.shutdown()


# what the sender process runs: rounds without end, so that it can be killed in the middle of one
SENDER = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.KEYS_DIR = sys.argv[1]
connection.close()
connection.settings_dict["NAME"] = sys.argv[2]
from viche.connectors.webhooks.delivering import send_due
print("sending", flush=True)
while True:
    send_due()
    time.sleep(0.05)
"""


def sender(keys: object, database: str) -> subprocess.Popen[str]:
    """A worker of its own that does nothing but send, on the tests' database."""
    started = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(keys), database], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(EXAMPLE.parents[3] / "src")},
    )  # fmt: skip
    assert started.stdout is not None
    assert "sending" in started.stdout.readline()
    return started
