"""Telegram's Bot API and an SMS gateway for tests: the two methods we use, and what people write to the bot."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "123:secret"


@dataclass
class Bot:
    """updates: what waits to be read. blocked: chats that have stopped the bot. fault: (status, document) for all."""

    url: str
    updates: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    fault: tuple[int, dict[str, Any]] | None = None

    def hear(self, chat: int, text: str, kind: str = "private") -> None:
        number = 1000 + len(self.updates)
        message = {"message_id": number, "chat": {"id": chat, "type": kind}, "text": text}
        self.updates.append({"update_id": number, "message": message})


class _Api(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        bot: Bot = self.server.bot  # type: ignore[attr-defined]
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, document = self._answer(bot, sent)
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, bot: Bot, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if bot.fault is not None:
            return bot.fault
        if self.path == "/sms":
            bot.sent.append({**sent, "by": self.headers["Authorization"]})
            return 200, {}
        if not self.path.startswith(f"/bot{TOKEN}/"):
            return 401, {"ok": False, "error_code": 401}
        if self.path.endswith("/getUpdates"):
            waiting = [each for each in bot.updates if each["update_id"] >= sent["offset"]]
            return 200, {"ok": True, "result": waiting}
        if sent["chat_id"] in bot.blocked:
            return 403, {
                "ok": False,
                "error_code": 403,
                "description": "Forbidden: bot was blocked by the user",
            }
        bot.sent.append(sent)
        return 200, {"ok": True, "result": {"message_id": len(bot.sent)}}

    def log_message(self, *_: object) -> None: ...


@contextlib.contextmanager
def bot_server() -> Iterator[Bot]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Api) as server:
        bot = Bot(url=f"http://127.0.0.1:{server.server_address[1]}")
        server.bot = bot  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield bot
        server.shutdown()
