"""What the page of a project's versions shows: the list, and two of them compared in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules.records import Question
from viche.communities.models import localised
from viche.communities.queries import areas_of
from viche.contests.models import Contest
from viche.foundation.money import money_text
from viche.portal.contest_page import category_names
from viche.projects.comparing import Change, Comparison, Row, compare_documents
from viche.projects.estimate import PLACES, quantity_text
from viche.projects.models import Version

NOTES: dict[str, str | Promise] = {
    "submitted": gettext_lazy("submitted"),
    "edited": gettext_lazy("changed by its authors"),
    "corrected": gettext_lazy("corrected after the review"),
    "merged": gettext_lazy("merged with another project"),
}
FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"), "summary": gettext_lazy("In one or two sentences"),
    "text": gettext_lazy("Description"), "place_name": gettext_lazy("Address or landmark"),
    "category": gettext_lazy("Category"), "type": gettext_lazy("Type of project"),
    "territory": gettext_lazy("Territory"), "point": gettext_lazy("Coordinates"), "area": gettext_lazy("Area"),
    "cost": gettext_lazy("Cost"), "least_amount": gettext_lazy("The smallest sum"),
    "pictures": gettext_lazy("Picture"), "attachments": gettext_lazy("Document"),
}  # fmt: skip


def version_rows(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """The list, the newest first."""
    return [
        {"number": each.number, "at": each.made_at, "note": NOTES.get(each.note, NOTES["edited"])}
        for each in reversed(versions)
    ]


def chosen_pair(versions: Sequence[Version], older: str, newer: str) -> tuple[Version, Version] | None:
    """The two versions asked for by number, the older first; the last two where nothing sensible is asked."""
    if len(versions) < 2:
        return None
    known = {str(each.number): each for each in versions}
    one, other = known.get(older, versions[-2]), known.get(newer, versions[-1])
    if one.number == other.number:
        one, other = versions[-2], versions[-1]
    return (one, other) if one.number < other.number else (other, one)


def comparison_shown(contest: Contest, older: Version, newer: Version) -> dict[str, Any]:
    """The differences of two versions with labels and values as a person reads them."""
    return documents_shown(contest, older.document, newer.document)


def documents_shown(contest: Contest, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The differences of two documents (projects.versions.content_of), as comparison_shown."""
    found = compare_documents(before, after)
    return {
        "is_empty": found.is_empty,
        "changes": [_change(contest, each) for each in found.changes] + _answers(contest, found),
        "rows": [_row(each) for each in found.rows],
        "sum_before": found.sum_before,
        "sum_after": found.sum_after,
        "files": [_file(each) for each in found.files],
    }


def _change(contest: Contest, change: Change) -> dict[str, Any]:
    return {
        "label": FIELDS[change.name],
        "runs": change.runs,
        "before": _value(contest, change.name, change.before),
        "after": _value(contest, change.name, change.after),
    }


def _value(contest: Contest, name: str, value: Any) -> str:
    if value in (None, ""):
        return str(_("nothing"))
    if name in ("cost", "least_amount"):
        return money_text(int(value), contest.currency)
    if name == "category":
        return category_names(contest).get(value, value)
    if name == "type":
        names = {each.id: localised(dict(each.name)) for each in contest.rules.types}
        return names.get(value, value)
    if name == "territory":
        places = {area.code: area.full_name for area in areas_of(contest.community.territory)}
        return places.get(value, value)
    if name == "area":
        return str(_("a drawn area"))
    return str(value)


def _answers(contest: Contest, found: Comparison) -> list[dict[str, Any]]:
    """Only of questions whose answers are published."""
    asked = {each.id: each for each in contest.rules.submission.questions if each.is_public}
    return [
        {
            "label": localised(dict(asked[each.name].name)),
            "runs": each.runs if asked[each.name].kind != "choice" else (),
            "before": answer_text(asked[each.name], each.before),
            "after": answer_text(asked[each.name], each.after),
        }
        for each in found.answers
        if each.name in asked
    ]


def answer_text(question: Question, value: Any) -> str:
    """An answer to a community's question as a person reads it."""
    if value is None or value == "":
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    options = {each.id: localised(dict(each.name)) for each in question.options}
    return options.get(str(value), str(value))


def public_answer_rows(contest: Contest, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) of the community's own questions whose answers are published and given."""
    return [
        (localised(dict(each.name)), answer_text(each, answers[each.id]))
        for each in contest.rules.submission.questions
        if each.is_public and answers.get(each.id) not in (None, "")
    ]


def _file(change: Change) -> dict[str, Any]:
    name = change.after if change.before is None else change.before
    return {"label": FIELDS[change.name], "name": name, "is_added": change.before is None}


def _row(row: Row) -> dict[str, Any]:
    return {"kind": row.kind, "name": row.name, "before": _line(row.before), "after": _line(row.after)}


def _line(line: Any) -> dict[str, Any] | None:
    if line is None:
        return None
    whole, part = divmod(line["thousandths"], 10**PLACES)
    quantity = quantity_text(f"{whole}.{part:03d}")
    return {
        "quantity": " ".join((quantity, line["unit"])).strip(),
        "price": line["price"],
        "sum": line["sum"],
    }
