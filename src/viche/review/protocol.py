"""The protocol of a meeting as a document made of what was recorded."""

from datetime import UTC, datetime
from typing import Any

from viche.identity.models import Person
from viche.review.models import AgendaItem, Choice, Meeting
from viche.review.queries.meetings import protocol_name


def protocol_document(meeting: Meeting) -> dict[str, Any]:
    """Everything the protocol says, JSON-able: codes for words, ISO moments in UTC, costs in kopiykas.

    Members stand by name: a roll-call of officials is public (as Law 280/97-ВР, art. 59, has it for councils).
    """
    return {
        "schema": 1,
        "number": meeting.number,
        "year": meeting.year,
        "body": meeting.community.code,
        "contest": str(meeting.contest_id),
        "place": meeting.place,
        "link": meeting.link,
        "called_for": _moment(meeting.starts_at),
        "opened_at": _moment(meeting.opened_at),
        "closed_at": _moment(meeting.closed_at),
        "chair": _name(meeting.chair),
        "secretary": _name(meeting.secretary),
        "quorum": meeting.quorum,
        "attendance": [
            {"name": row.name, "present": row.is_present}
            for row in meeting.attendances.order_by("name", "pk")
        ],
        "items": [
            _item(item)
            for item in meeting.items.select_related("project").prefetch_related("votes").order_by("position")
        ],
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    votes = sorted(item.votes.all(), key=lambda vote: (vote.name, vote.pk))
    return {
        "position": item.position,
        "project": {"number": item.project.number, "title": item.project.title, "cost": item.project.cost},
        "verdict": item.verdict,
        "reason": item.reason,
        "conditions": item.conditions,
        "notes": item.notes,
        "present": item.present,
        "quorum": item.quorum,
        "votes": [{"name": vote.name, "choice": vote.choice, "by_voice": vote.by_voice} for vote in votes],
        "totals": {choice: sum(1 for vote in votes if vote.choice == choice) for choice in Choice.values},
        "result": item.state,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None


def _name(person: Person | None) -> str:
    return protocol_name(person) if person is not None else ""
