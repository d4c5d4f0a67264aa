"""The frozen protocol as a page: codes become words, moments become Kyiv's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from viche.review.models import AgendaItem, Choice

_VERDICTS = dict(AgendaItem.Verdict.choices)
_RESULTS = dict(AgendaItem.State.choices)
_CHOICES = dict(Choice.choices)


def protocol_page(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with words beside its codes; the document itself is not changed."""
    return {
        **document,
        "called_for": _moment(document["called_for"]),
        "opened_at": _moment(document["opened_at"]),
        "closed_at": _moment(document["closed_at"]),
        "present": [row["name"] for row in document["attendance"] if row["present"]],
        "absent": [row["name"] for row in document["attendance"] if not row["present"]],
        "items": [
            {
                **item,
                "verdict": _VERDICTS[item["verdict"]],
                "result_text": _RESULTS[item["result"]],
                "votes": [{**vote, "choice": _CHOICES[vote["choice"]]} for vote in item["votes"]],
                "totals": [(text, item["totals"].get(choice, 0)) for choice, text in _CHOICES.items()],
            }
            for item in document["items"]
        ],
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
