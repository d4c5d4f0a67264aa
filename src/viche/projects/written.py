"""What an author has written, as it is kept: plain text, whole numbers, known references. Half-finished is fine here;
only what cannot be kept at all is a fault (projects.completeness says what is missing).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rulebook.rules.records import Question
from viche.communities.models import Territory
from viche.foundation import clock
from viche.foundation.plain_text import plain_line, plain_text
from viche.projects.areas import PlaceError, corners_of, is_in_ukraine, polygon
from viche.projects.completeness import ANSWER_PREFIX, LETTERS, MAX_COST
from viche.projects.consents import CONSENTS
from viche.projects.estimate import MAX_ITEMS, is_empty, quantity_typed
from viche.projects.models import Project

MAX_ANSWER, MAX_NAME, MAX_UNIT = 5000, 200, 20
LINES = ("title", "summary", "place_name", "author_name", "contact")


class WrittenError(ValueError):
    """A value that cannot be kept; the message says why, in words for the person."""


def written(project: Project, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The changes as the project's columns keep them, and what cannot be kept, by field.

    Raises KeyError for a field that authors do not write.
    """
    kept: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in changes.items():
        try:
            if name == "answers":
                kept[name] = _answers(project, value, faults)
            else:
                kept[name] = READERS[name](project, value)
        except (WrittenError, PlaceError) as error:
            faults[name] = str(error)
    return kept, faults


def _text(name: str) -> Callable[[Project, Any], str]:
    clean = plain_line if name in LINES else plain_text

    def read(project: Project, value: Any) -> str:
        found = clean(str(value or ""))
        if len(found) > LETTERS[name]:
            raise WrittenError(_("No more than %(limit)d letters, please.") % {"limit": LETTERS[name]})
        return found

    return read


def _choice(kind: str) -> Callable[[Project, Any], str]:
    def read(project: Project, value: Any) -> str:
        known = {each.id for each in getattr(project.contest.rules, kind)}
        if value and value not in known:
            raise WrittenError(_("Choose one from the list."))
        return str(value or "")

    return read


def _territory(project: Project, value: Any) -> Territory:
    if not isinstance(value, Territory) or not value.is_inside(project.contest.community.territory):
        raise WrittenError(_("The place must lie in %s.") % project.contest.community.territory.full_name)
    return value


def _degrees(project: Project, value: Any) -> Decimal | None:
    if value is not None and not isinstance(value, Decimal):
        raise WrittenError(_("Write two numbers, for example 49.5894, 34.5510."))
    return value


def _area(project: Project, value: Any) -> Any:
    if not value:
        return None
    try:
        corners = corners_of(value)
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
        raise WrittenError(_("The area has to be one polygon without holes.")) from None
    return polygon(corners)


def _amount(project: Project, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_COST:
        raise WrittenError(_("Write an amount of money below %(limit)s.") % {"limit": "100 000 000 000"})
    return value


def _least(project: Project, value: Any) -> int | None:
    return None if value is None else _amount(project, value)


def _items(project: Project, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MAX_ITEMS:
        raise WrittenError(_("No more than %(limit)d items, please.") % {"limit": MAX_ITEMS})
    return [_item(project, each) for each in value if not is_empty(each)]


def _item(project: Project, item: Mapping[str, Any]) -> dict[str, Any]:
    quantity = str(item.get("quantity") or "")
    kept = quantity_typed(quantity) if quantity else ""
    if kept is None:
        raise WrittenError(_("A quantity is a number with at most three places after the comma."))
    price = item.get("price")
    return {
        "name": plain_line(str(item.get("name") or ""))[:MAX_NAME],
        "unit": plain_line(str(item.get("unit") or ""))[:MAX_UNIT],
        "quantity": kept, "price": None if price is None else _amount(project, price),
    }  # fmt: skip


def _agreed(project: Project, value: Any) -> dict[str, str]:
    """value: {code: whether it is agreed to}. The moment of a consent that stands is not changed."""
    found = dict(project.agreed)
    for code, is_given in value.items():
        if code not in CONSENTS:
            raise WrittenError(_("Choose one from the list."))
        if is_given:
            found.setdefault(code, clock.now().isoformat(timespec="seconds"))
        else:
            found.pop(code, None)
    return found


def _answers(project: Project, value: Mapping[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    """value: by the question's id; None or nothing takes an answer out. What is not in value stays."""
    questions = {each.id: each for each in project.contest.rules.submission.questions}
    found = {key: answer for key, answer in project.answers.items() if key in questions}
    for key, answer in value.items():
        try:
            kept = _answer(questions[key], answer)
        except (WrittenError, KeyError) as error:
            faults[f"{ANSWER_PREFIX}{key}"] = str(error)
            continue
        if kept is None or kept == "":
            found.pop(key, None)
        else:
            found[key] = kept
    return found


def _answer(question: Question, value: Any) -> Any:
    if value is None or value == "":
        return None
    if question.kind == "yes-no":
        return bool(value)
    if question.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= MAX_COST:
            raise WrittenError(_("Write a whole number."))
        return value
    if question.kind == "choice":
        if value not in {each.id for each in question.options}:
            raise WrittenError(_("Choose one from the list."))
        return value
    text = plain_text(str(value)) if question.kind == "text" else plain_line(str(value))
    limit = MAX_ANSWER if question.kind == "text" else LETTERS["title"]
    if len(text) > limit:
        raise WrittenError(_("No more than %(limit)d letters, please.") % {"limit": limit})
    return text


READERS: Mapping[str, Callable[[Project, Any], Any]] = {
    **{name: _text(name) for name in LETTERS},
    "category": _choice("categories"), "type": _choice("types"), "territory": _territory, "latitude": _degrees,
    "longitude": _degrees, "area": _area, "cost": _amount, "least_amount": _least, "items": _items, "agreed": _agreed,
}  # fmt: skip


def point_fault(latitude: Decimal | None, longitude: Decimal | None) -> str:
    """Why the two together are no place; empty where they are, or where there is none."""
    if latitude is None and longitude is None:
        return ""
    if latitude is None or longitude is None or not is_in_ukraine(latitude, longitude):
        return _("This place is not in Ukraine: the latitude comes first.")
    return ""
