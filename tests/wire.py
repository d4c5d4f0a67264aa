"""A wire between Django and PostgreSQL that can be cut: before a COMMIT reaches the server, or after it was carried out
and before anybody hears of it.

Listens on a Unix socket and passes everything on to the server's own. Django's COMMIT is one message of its own, and
the server's word of success is the tag ``COMMIT`` of CommandComplete.
"""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

BEFORE, AFTER = "before the commit", "after the commit"
SOCKET = ".s.PGSQL.5432"
# CommandComplete: type, length, tag
DONE = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Wire:
    """decide: asked at each COMMIT, answers BEFORE, AFTER or "" (let it pass). folder: what to connect to.

    cuts: how many there were, by kind.
    """

    def __init__(self, server: str, decide: Callable[[], str] = lambda: "") -> None:
        self.server, self.decide = str(Path(server) / SOCKET), decide
        self.folder = Path(tempfile.gettempdir()) / f"wire-{os.getpid()}-{secrets.token_hex(4)}"
        self.cuts = {BEFORE: 0, AFTER: 0}
        self.is_dead = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._pairs: set[socket.socket] = set()

    def __enter__(self) -> "Wire":
        self.folder.mkdir(mode=0o700)
        self._listener.bind(str(self.folder / SOCKET))
        self._listener.listen(256)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_all()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def cut_all(self) -> None:
        """Every connection breaks at once, wherever it is."""
        for each in list(self._pairs):
            _close(each)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                if self.is_dead:
                    raise ConnectionRefusedError
                server.connect(self.server)
            except OSError:
                _close(client)
                continue
            _Pair(self, client, server)


class _Pair:
    """One connection: two threads, each passing on what comes from its side."""

    def __init__(self, wire: Wire, client: socket.socket, server: socket.socket) -> None:
        self.wire, self.client, self.server = wire, client, server
        self.waits_for_commit = False
        wire._pairs |= {client, server}
        for act in (self._to_server, self._to_client):
            threading.Thread(target=self._guarded, args=[act], daemon=True).start()

    def _guarded(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(OSError):
            act()
        self.cut()

    def cut(self) -> None:
        for each in (self.client, self.server):
            _close(each)
            self.wire._pairs.discard(each)

    def _to_server(self) -> None:
        while said := self.client.recv(65536):
            # in the simple and in the extended protocol the statement is a text of its own, ended by a zero
            if b"COMMIT\x00" in said:
                kind = self.wire.decide()
                if kind:
                    self.wire.cuts[kind] += 1
                if kind == BEFORE:
                    return
                self.waits_for_commit = kind == AFTER
            self.server.sendall(said)

    def _to_client(self) -> None:
        while said := self.server.recv(65536):
            if self.waits_for_commit and DONE in said:
                return
            self.client.sendall(said)


def _close(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    side.close()
