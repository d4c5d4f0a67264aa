"""A mail server for tests: it takes letters, refuses, or dies in the middle, as it is told."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class Post:
    """letters: what arrived whole. mood: "takes", "busy" (451), "unknown" (550), "dies" (takes the letter and hangs up
    before it says so).
    """

    port: int
    mood: str = "takes"
    letters: list[Message] = field(default_factory=list)
    asked: int = 0


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        post.asked += 1
        self._say("220 test")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                lines = []
                while (each := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(each.removeprefix(b".") if each.startswith(b"..") else each)
                post.letters.append(message_from_bytes(b"".join(lines), policy=default))
                if post.mood == "dies":
                    return
                self._say("250 taken")
            elif word == b"RCPT" and post.mood in {"busy", "unknown"}:
                self._say("451 later" if post.mood == "busy" else "550 nobody here")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def mail_server() -> Iterator[Post]:
    with _Server(("127.0.0.1", 0), _Talk) as server:
        post = Post(port=server.server_address[1])
        server.post = post  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield post
        server.shutdown()
