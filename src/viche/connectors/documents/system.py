"""The document system of a body as we speak with it: one POST a document, one GET a question about it.

POST {address}/documents        multipart: metadata (JSON), file (PDF); Idempotency-Key: the document's key
GET  {address}/documents/{id}
both answer {"id", "status": "accepted" | "registered", "registrationNumber", "registrationDate": "2026-03-04"}
GET  {address}/status           {"status": "ok"}
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx
from django.utils.translation import gettext_lazy as _

from viche.connectors.documents.formats import json_of, metadata_of
from viche.connectors.documents.models import Dispatch, Registry
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds import Field, Finding, Kind
from viche.connectors.systems.models import System
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import OUTCOMES, fault_of_status, outcome_text
from viche.foundation.outgoing import Answer, Unreachable, ask
from viche.foundation.sealing import SealBroken

NAME = "documents"
SECONDS = 30


@dataclass(frozen=True)
class Registered:
    """What the system says of a document. number and day are empty while it has none."""

    foreign_id: str
    number: str
    day: date | None


def hand_over(system: System, document: Dispatch, content: bytes, registry: Registry) -> Registered:
    """Give the document to the system. Raises NeighbourDown, Unreachable, NeighbourFault.

    A fault that counts is worth another attempt.
    """
    request = httpx.Request(
        "POST", f"{_address(system)}/documents",
        files=[
            ("metadata", ("metadata.json", json_of(metadata_of(document, registry)), "application/json")),
            ("file", (document.file_name, content, "application/pdf")),
        ],
    )  # fmt: skip
    headers = {
        **_headers(system), "Content-Type": request.headers["content-type"], "Idempotency-Key": str(document.pk),
    }  # fmt: skip
    body = request.read()

    def work() -> Registered:
        return _registered(ask("POST", str(request.url), headers=headers, content=body, timeout=SECONDS))

    return call(system, "hand_over", work)


def asked_about(system: System, document: Dispatch) -> Registered:
    """What became of a document that was handed over. Raises as hand_over."""
    address = f"{_address(system)}/documents/{quote(document.foreign_id, safe='')}"
    headers = _headers(system)
    return call(system, "status", lambda: _registered(ask("GET", address, headers=headers, timeout=SECONDS)))


def try_connection(system: System) -> Finding:
    """Ask the system how it is."""
    return finding_of(
        lambda: call(
            system, "test",
            lambda: _document(ask("GET", f"{_address(system)}/status", headers=_headers(system), timeout=SECONDS)),
        )
    )  # fmt: skip


def finding_of(asked: Callable[[], Any]) -> Finding:
    """What a trial found; no error of the neighbour comes through."""
    try:
        asked()
    except (NeighbourDown, Unreachable, NeighbourFault) as error:
        return Finding(False, str(error))
    return Finding(True, _("It answered."))


def _address(system: System) -> str:
    return str(system.settings["address"]).rstrip("/")


def _headers(system: System) -> dict[str, str]:
    """Raises NeighbourFault where the key cannot be opened: nothing is sent without it."""
    try:
        key = secrets_of(system).get("key", "")
    except SealBroken:
        raise NeighbourFault("refused", OUTCOMES["refused"]) from None
    return {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}


def _document(answer: Answer) -> dict[str, Any]:
    """The JSON of a good answer. Raises NeighbourFault."""
    if answer.status not in {200, 201, 202}:
        code = fault_of_status(answer.status)
        # a 4xx is a no to this one document; a key that is refused, or "too many", may be different an hour later
        is_passing = answer.status >= 500 or answer.status in {401, 403, 404, 408, 429}
        raise NeighbourFault(code, outcome_text(code), counts=is_passing)
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NeighbourFault("garbage", OUTCOMES["garbage"])
    return found


def _registered(answer: Answer) -> Registered:
    found = _document(answer)
    number = str(found.get("registrationNumber") or "")[:100].strip()
    try:
        day = date.fromisoformat(str(found["registrationDate"])[:10]) if number else None
        reference = str(found["id"])[:200]
    except (KeyError, ValueError):
        raise NeighbourFault("garbage", OUTCOMES["garbage"]) from None
    return Registered(reference, number, day)


KINDS = (
    Kind(
        name=NAME, title=_("Electronic document system"), icon="file-text", simulator="documents", is_single=True,
        use=_("Letters, opinions and protocols are registered there; their numbers come back."),
        fields=(
            Field("address", _("Address of its interface"), "address",
                  _("Documents are sent to this address with /documents behind it.")),
            Field("key", _("Key"), "secret", _("Sent as a bearer token."), is_required=False),
        ),
        test=try_connection,
    ),
)  # fmt: skip
