"""Programs of a body in tests: an official, a program in their name, and its requests."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client as Browser

from tests import given
from viche.communities.models import Community
from viche.connectors.clients.actions import Limits, make_secret, propose_client
from viche.connectors.clients.models import Client
from viche.connectors.clients.scopes import SCOPES
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office
from viche.identity.models import Person
from viche.identity.queries import actor_of

EVERY = tuple(SCOPES)
ROLES = ("administrator", "operator", "commission", "editor", "reviewer")


def official(body: Community, name: str = "Віктор", roles: Sequence[str] = ROLES, **facts: Any) -> Person:
    """Somebody who holds these offices."""
    someone = given.person(name, **facts)
    for role in roles:
        grant_office(
            person=someone,
            community=body,
            role=role,
            unit="Управління ЖКГ" if role == "reviewer" else "",
            by=SYSTEM,
        )
    return someone


@dataclass
class Program:
    """A program with its key; what it asks goes to /api/v1/communities/<body>/."""

    row: Client
    secret: str
    headers: dict[str, str] = field(default_factory=dict)
    browser: Browser = field(default_factory=Browser)

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """One request; a POST has a key of its own unless one is given."""
        place = (
            path
            if path.startswith("/")
            else f"/api/v1/communities/{self.row.community.slug}/{path}".rstrip("/")
        )
        sent = {"Authorization": f"Bearer {self.secret}", **self.headers, **headers}
        if method == "POST":
            sent["Idempotency-Key"] = uuid4().hex if key is None else key
        is_text = isinstance(body, (str, bytes))
        return self.browser.generic(
            method, place, body if is_text else "" if body is None else json.dumps(body),
            content_type="text/csv" if is_text else "application/json", headers=sent,
        )  # fmt: skip

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **options: Any) -> Any:
        return self.ask("POST", path, body, **options)

    def change(self, path: str, body: Any, *, method: str = "PATCH", **headers: str) -> Any:
        """Read it, then change what was read."""
        return self.ask(
            method, path, body, **{"If-Match": self.get(path.partition("?")[0])["ETag"], **headers}
        )


def program(
    body: Community, *, scopes: Sequence[str] = EVERY, who: Person | None = None, title: str = "Документообіг",
    limits: Limits | None = None,
) -> Program:  # fmt: skip
    """A connected program that acts in the name of who proposed it."""
    who = who or official(body)
    by = actor_of(who, body)
    made = propose_client(
        community=body,
        title=title,
        official=who,
        scopes=scopes,
        limits=limits or Limits(10_000, 1_000_000),
        by=by,
    )
    return Program(made, make_secret(client=made, by=by))


def anonymous(path: str, **headers: str) -> Any:
    """What somebody without a key is answered."""
    return Browser().get(f"/api/v1/{path}", headers=headers)


NEW_PROJECT: dict[str, Any] = {
    "title": "Сквер біля школи", "summary": "Зелений куточок.", "text": "Пустир стане сквером.", "category": "parks",
    "territory": given.DISTRICT, "cost": 30_000_000, "reference": "ЦНАП-2026/17",
}  # fmt: skip
