"""What things cost in earlier projects: a guide for whoever writes an estimate, not a price list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from viche.contests.models import Contest
from viche.projects.estimate import is_complete
from viche.projects.likeness import telling_words
from viche.projects.models import Project, State

FEW, MOST_PROJECTS, EXAMPLES, MOST_UNITS = 5, 400, 4, 4
_WRITTEN_SO = {
    "штука": "шт", "штук": "шт", "м2": "м²", "кв м": "м²", "квм": "м²", "м кв": "м²", "м3": "м³", "куб м": "м³",
    "м куб": "м³", "послуг": "послуга", "комплект": "компл", "pcs": "шт",
}  # fmt: skip
_NOT_COUNTED = (State.WITHDRAWN, State.MERGED, State.CANCELLED)


@dataclass(frozen=True)
class Example:
    """One line of an earlier estimate; price in kopiykas of one unit."""

    project: Project
    name: str
    price: int


@dataclass(frozen=True)
class Prices:
    """What one unit cost: so many lines, from the lowest to the highest, and the one in the middle. Kopiykas."""

    unit: str
    number: int
    lowest: int
    median: int
    highest: int
    examples: Sequence[Example]


@dataclass(frozen=True)
class PriceGuide:
    """words: what was looked for; is_everywhere: the body has few such lines, so those of all bodies count too."""

    words: Sequence[str]
    units: Sequence[Prices]
    is_everywhere: bool


def price_guide(contest: Contest, name: str) -> PriceGuide:
    """The prices of such items in public projects of the body; of all bodies, where the body has fewer than FEW.

    Only estimates in the currency of the contest. The newest MOST_PROJECTS projects count.
    """
    words = telling_words(name, most=5)
    if not words:
        return PriceGuide((), (), False)
    public = Project.objects.filter(published_at__isnull=False, contest__currency=contest.currency).exclude(
        state__in=_NOT_COUNTED
    )
    here = _examples(public.filter(community=contest.community_id), words)
    everywhere = _examples(public, words) if len(here) < FEW else []
    is_everywhere = len(everywhere) > len(here)
    return PriceGuide(words, _by_unit(everywhere if is_everywhere else here), is_everywhere)


def median(values: Sequence[int]) -> int:
    """The value in the middle; of two, the whole number between them (rounded down)."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) // 2


def unit_text(unit: str) -> str:
    """A unit as everybody writes it: «кв. м», «м2» are «м²»."""
    plain = " ".join(unit.casefold().replace(".", " ").split())
    return _WRITTEN_SO.get(plain, plain)


def _examples(public: QuerySet[Project], words: Sequence[str]) -> list[tuple[str, Example]]:
    """(unit, line) of every complete line whose name has all the words, in any form."""
    said = Q()
    for word in words:
        # the first cut by the beginning that all forms of the word share; the exact look follows
        said &= Q(said__icontains=word[: max(3, len(word) - 3)])
    rows = (
        public.annotate(said=Cast("items", TextField()))
        .filter(said)
        .select_related("contest__community")
        .defer("text", "search", "area", "answers")
        .order_by("-submitted_at")[:MOST_PROJECTS]
    )
    wanted = set(words)
    return [
        (unit_text(str(item.get("unit") or "")), Example(project, str(item["name"]), int(item["price"])))
        for project in rows
        for item in project.items
        if is_complete(item) and wanted <= set(telling_words(str(item["name"]), most=40))
    ]


def _by_unit(found: Sequence[tuple[str, Example]]) -> list[Prices]:
    """The units with the most lines first."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for unit, example in found:
        groups[unit].append(example)
    units = [_prices(unit, examples) for unit, examples in groups.items()]
    return sorted(units, key=lambda each: (-each.number, each.unit))[:MOST_UNITS]


def _prices(unit: str, examples: list[Example]) -> Prices:
    prices: list[Any] = [each.price for each in examples]
    seen: dict[Any, Example] = {}
    for each in examples:
        seen.setdefault(each.project.pk, each)
    return Prices(unit, len(prices), min(prices), median(prices), max(prices), list(seen.values())[:EXAMPLES])
