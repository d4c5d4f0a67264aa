"""An SMS gateway: POST /send, GET /balance, a token."""

import json
from typing import Any

from viche.connectors.systems.simulation import Neighbour, NeighbourAnswer

TOKEN = "simulated-token"  # noqa: S105 - of a simulator


class Reply(NeighbourAnswer):
    paths = frozenset({"/send", "/balance"})
    server: "SmsSimulator"

    def reply(self, path: str, parameters: dict[str, str]) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.json(401, {"error": "unauthorized"})
        elif path == "/balance" and self.command == "GET":
            self.json(200, {"balance": "100.00"})
        elif path == "/send" and self.command == "POST":
            self._take(json.loads(self.sent))
        elif path == "/send":
            self.json(405, {"error": "POST only"})
        else:
            self.json(404, {"error": "not found"})

    def _take(self, message: dict[str, Any]) -> None:
        if not str(message.get("to", "")).startswith("+380"):
            self.json(422, {"error": "not a number of this country"})
            return
        # a repetition is taken and not sent
        self.server.taken.setdefault(str(message.get("key")), message)
        self.json(200, {"id": len(self.server.taken)})


class SmsSimulator(Neighbour):
    """taken: messages by their key."""

    answer = Reply

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.taken: dict[str, dict[str, Any]] = {}
