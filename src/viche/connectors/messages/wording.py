"""What a notice says, in the language set now."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from viche.connectors.messages.models import Notice
from viche.connectors.messages.relevance import row_of
from viche.foundation.clock import KYIV
from viche.journal.events import REGISTRY
from viche.journal.queries import line


def sentence_of(notice: Notice) -> str:
    """The event's own sentence, or the reminder's. Never empty."""
    if notice.entry is None:
        return said(notice.words)
    found = line(notice.entry)
    own = row_of(notice.kind).sentence
    return (
        gettext(own) % REGISTRY[found.kind].words(found.data)
        if own and found.kind in REGISTRY
        else found.sentence
    )


def said(words: dict[str, Any]) -> str:
    """{"text": msgid, "many": msgid of the plural where "count" decides, "values": {…}} as a sentence.

    A value whose name ends in "_at" is an ISO moment.
    """
    values = {name: _value(name, value) for name, value in words.get("values", {}).items()}
    if "many" in words:
        text = ngettext(words["text"], words["many"], int(words["values"]["count"]))
    else:
        text = gettext(words["text"])
    return text % values


def _value(name: str, value: Any) -> Any:
    moment = parse_datetime(value) if name.endswith("_at") and isinstance(value, str) else None
    return date_format(moment.astimezone(KYIV), "j E Y, H:i") if moment else value


def heading_of(notice: Notice) -> str:
    """What a group of notices is about: the project by number and title, the contest, or the community."""
    if notice.project is not None:
        number = f"№ {notice.project.number}: " if notice.project.number else ""
        return f"{number}{notice.project.title}"
    if notice.contest is not None:
        return notice.contest.name
    return notice.community.title


def why_of(notice: Notice) -> str:
    """Why the person is told, as the end of a sentence."""
    return str(notice.get_why_display())
