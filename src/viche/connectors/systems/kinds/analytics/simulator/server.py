"""Matomo, Plausible and Umami in one server: each takes what its documentation says and refuses the rest."""

import json
from typing import Any
from urllib.parse import parse_qsl

from viche.connectors.systems.simulation import Neighbour, NeighbourAnswer

SITE = "7"


class Reply(NeighbourAnswer):
    paths = frozenset({"/matomo.php", "/api/event", "/api/send"})
    server: "AnalyticsSimulator"

    def reply(self, path: str, parameters: dict[str, str]) -> None:
        try:
            told = json.loads(self.sent)
            takes = {"/matomo.php": self._matomo, "/api/event": self._plausible, "/api/send": self._umami}[
                path
            ]
            takes(told)
        except (KeyError, ValueError, TypeError):
            self.json(400, {"error": "bad request"})

    def _matomo(self, told: Any) -> None:
        looks = [dict(parse_qsl(each.removeprefix("?"))) for each in told["requests"]]
        good = [each for each in looks if each["idsite"] == SITE and each["rec"] == "1"]
        self.server.looks += [(each["url"], each.get("urlref", "")) for each in good]
        self.json(200, {"status": "success", "tracked": len(good), "invalid": len(looks) - len(good)})

    def _plausible(self, told: Any) -> None:
        if told["name"] != "pageview" or told["domain"] != SITE:
            self.json(400, {"errors": {"domain": ["unknown"]}})
            return
        self.server.looks.append((told["url"], told.get("referrer", "")))
        self.send(202, b"ok", "text/plain; charset=utf-8")

    def _umami(self, told: Any) -> None:
        payload = told["payload"]
        if told["type"] != "event" or payload["website"] != SITE:
            self.json(400, {"error": "Website not found."})
            return
        self.server.looks.append((f"https://{payload['hostname']}{payload['url']}", payload["referrer"]))
        self.json(200, {"cache": "x"})


class AnalyticsSimulator(Neighbour):
    """looks: (address of the page, referrer) that were taken."""

    answer = Reply

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.looks: list[tuple[str, str]] = []
