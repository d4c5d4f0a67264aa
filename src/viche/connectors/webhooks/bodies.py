"""What a receiver gets: an entry of the journal as a CloudEvent (1.0, structured JSON), with sentences and links."""

import json
from datetime import UTC, datetime
from typing import Any

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from django.urls import reverse
from django.utils.translation import override

from viche.connectors.messages.links import URLS, body_address
from viche.connectors.webhooks.catalogue import PING, TYPE
from viche.connectors.webhooks.lanes import Belonging
from viche.connectors.webhooks.models import Endpoint
from viche.foundation import clock
from viche.foundation.ids import uuid7
from viche.journal.models import Entry, Log
from viche.journal.queries import line

CONTENT_TYPE = JSONFormat.CONTENT_TYPE
LANGUAGES = ("uk", "en")


def reference_of(log: Log, index: int) -> str:
    """The id of an entry's event: the same however often it is sent."""
    return f"{log.community}/{log.address}/{index}"


def entry_body(endpoint: Endpoint, log: Log, entry: Entry, belonging: Belonging) -> tuple[str, bytes]:
    """(id, body) of the event of a sequenced entry."""
    document, place = json.loads(entry.leaf), entry.index or 0
    sentences = {}
    for language in LANGUAGES:
        with override(language):
            sentences[language] = line(entry).sentence
    said: dict[str, Any] = {
        "facts": document["data"],
        "by": document.get("by"),
        "sentence": sentences,
        "links": _links(endpoint, log, place, belonging),
        "log": {"name": log.name, "index": place, "leaf_hash": bytes(entry.leaf_hash).hex()},
        "contest": {"id": str(belonging.contest.pk), "slug": belonging.contest.slug} if belonging.contest else None,
        "project": {"id": belonging.project, "number": belonging.number} if belonging.project else None,
    }  # fmt: skip
    moment = datetime.fromisoformat(document["at"]) if "at" in document else None
    reference = reference_of(log, place)
    return reference, _event(endpoint, reference, entry.kind, entry.subject, moment, said)


def ping_body(endpoint: Endpoint) -> tuple[str, bytes]:
    """(id, body) of an event that says only that the connection works. It is in no log."""
    with override("uk"):
        said: dict[str, Any] = {"facts": {"webhook": str(endpoint.pk)}}
        reference = f"ping/{uuid7()}"
        return reference, _event(endpoint, reference, PING, f"webhook:{endpoint.pk}", clock.now(), said)


def _event(
    endpoint: Endpoint, reference: str, kind: str, subject: str, moment: datetime | None, said: dict[str, Any]
) -> bytes:
    home = body_address(endpoint.community, endpoint.base)
    attributes: dict[str, Any] = {
        "id": reference, "source": f"{home}/", "type": TYPE.format(kind=kind), "subject": subject,
        "time": (moment or clock.now()).astimezone(UTC), "datacontenttype": "application/json",
    }  # fmt: skip
    if kind != PING:
        with override("uk"):
            schema = reverse("webhook-event-schema", args=[kind], urlconf=URLS)
        attributes["dataschema"] = home + schema
    event = CloudEvent(attributes, said)
    if moment is None:
        # a sealed ballot has no time, and none is made up
        event.get_attributes().pop("time")
    return JSONFormat().write(event)


def _links(endpoint: Endpoint, log: Log, place: int, belonging: Belonging) -> dict[str, str]:
    home, found = body_address(endpoint.community, endpoint.base), {}
    with override("uk"):
        found["entry"] = home + reverse("journal-entry", args=[f"{log.address}/{place}"], urlconf=URLS)
        contest, number = belonging.contest, belonging.number
        if contest is not None:
            found["contest"] = home + reverse("contest", args=[contest.slug], urlconf=URLS)
            found["api"] = _api(endpoint, contest.slug, number)
            if number:
                found["project"] = home + reverse("project", args=[contest.slug, number], urlconf=URLS)
    return found


def _api(endpoint: Endpoint, contest: str, number: int | None) -> str:
    """Where the same stands for programs: on the platform's own host."""
    community = endpoint.community
    site = body_address(community, endpoint.base).removesuffix(f"/{community.slug}")
    tail = f"/projects/{number}" if number else ""
    return f"{site}/api/v1/communities/{community.slug}/contests/{contest}{tail}"
