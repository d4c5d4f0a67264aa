"""A witness of other parties' logs over HTTP (C2SP tlog-witness): its key, its memory, its answers.

Everything it needs is one folder: ``witness.key`` (its secret), ``logs.txt`` (keys of the logs it watches, one a line),
``seen.json`` (how far it has seen each). It needs no database. What it signs it has written down before, so that even
killed at any moment it never signs two trees of one size.
"""

import fcntl
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rulebook.merkle import Checkpoint, NoteSignature
from rulebook.signing import LOG, WITNESS, SigningError, VerifierKey, cosign, key_of, public_of
from rulebook.witnessing import Request, Seen, WitnessRefusal, checked_origin, decide, parse_request

LONGEST_REQUEST = 65_536
SECONDS_FOR_A_REQUEST = 15


class Witness:
    """A witness with its folder. name: what it signs as, a schema-less address such as ``ngo.example/witness``."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._held = folder, threading.Lock()
        self._secret = _secret_in(folder.joinpath("witness.key"))
        self.key = VerifierKey(name, WITNESS, public_of(self._secret))

    def logs(self) -> dict[str, list[VerifierKey]]:
        """Keys of the watched logs by origin, read anew so that a log is added without a restart.

        Raises SigningError, naming the line.
        """
        found: dict[str, list[VerifierKey]] = {}
        try:
            lines = self._folder.joinpath("logs.txt").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return found
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                key = key_of(line)
            except SigningError as error:
                raise SigningError(f"logs.txt, line {number}: {error}") from None
            if key.kind != LOG:
                raise SigningError(f"logs.txt, line {number}: {key.name} is not the key of a log")
            found.setdefault(key.name, []).append(key)
        return found

    def answer(self, text: str) -> str:
        """The signature line for a request. Raises WitnessRefusal."""
        request = parse_request(text)
        body, checkpoint = checked_origin(request, self.logs())
        return self._signed(request, body, checkpoint).line()

    def _signed(self, request: Request, body: str, checkpoint: Checkpoint) -> NoteSignature:
        with self._memory() as seen:
            size, root = seen.get(checkpoint.origin, (0, ""))
            known = Seen(size, bytes.fromhex(root)) if size else Seen()
            now = decide(request, checkpoint, known)
            if now != known:
                self._remember({**seen, checkpoint.origin: (now.size, now.root.hex())})
            return cosign(body, name=self.key.name, secret=self._secret, moment=int(time.time()))

    @contextmanager
    def _memory(self) -> Iterator[dict[str, tuple[int, str]]]:
        """What was seen, held against the other threads and against another process of the same folder."""
        with self._held, self._folder.joinpath("seen.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                seen = json.loads(self._folder.joinpath("seen.json").read_text())
            except FileNotFoundError:
                seen = {}
            yield {origin: (int(size), str(root)) for origin, (size, root) in seen.items()}

    def _remember(self, seen: dict[str, tuple[int, str]]) -> None:
        _write_safely(self._folder.joinpath("seen.json"), json.dumps(seen, indent=1, sort_keys=True))


def _secret_in(path: Path) -> bytes:
    """The witness's secret, made at its first start."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
            handle.flush()
            os.fsync(handle.fileno())
    return bytes.fromhex(path.read_text().strip())


def _write_safely(path: Path, text: str) -> None:
    fresh = path.with_suffix(".fresh")
    with fresh.open("w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def witness_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that answers for the witness, not yet started; port 0 takes any that is free."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = SECONDS_FOR_A_REQUEST
        server_version = "Viche"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/":
                self._say(200, f"{witness.key.text}\n")
            else:
                self._say(404, "there is only add-checkpoint here\n")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit()) or int(length) > LONGEST_REQUEST:
                self.close_connection = True
                self._say(413 if length.isdigit() else 411, "a request has a length, of 64 KB at most\n")
                return
            content = self.rfile.read(int(length))
            if not self.path.endswith("/add-checkpoint"):
                self._say(404, "there is only add-checkpoint here\n")
                return
            try:
                self._say(200, witness.answer(content.decode()))
            except UnicodeDecodeError:
                self._say(400, "the request is not UTF-8\n")
            except WitnessRefusal as refusal:
                is_size = refusal.status == 409
                self._say(refusal.status, refusal.body, "text/x.tlog.size" if is_size else "text/plain")
            except (OSError, ValueError) as error:
                # its folder cannot be read or written: nothing was signed
                self.log_error("%s", error)
                self._say(500, "the witness cannot sign now\n")

        def _say(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

    class Serving(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    return Serving((host, port), Answering)
