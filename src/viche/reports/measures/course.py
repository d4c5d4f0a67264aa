"""The course of projects from an idea to what was built, and where the money went."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.contests.wording import key_names
from viche.projects.models import Project, State
from viche.projects.queries import VOTED_ON, WINNERS
from viche.reports.figure import MONEY, Column, Row, Value
from viche.reports.measures.measure import Measure, Rows
from viche.reports.turnout import structure_of
from viche.results.queries import publication_of

UNDECIDED = (State.SIGNING, State.NOT_SUPPORTED)

STEPS = ("submitted", "published", "supported", "admitted", "won", "built")


def _facts(contest: Contest) -> list[dict[str, Any]]:
    """Every submitted project: what the measures of this file look at."""
    rows = Project.objects.filter(contest=contest, number__gt=0).order_by("number")
    return list(
        rows.values(
            "code", "state", "cost", "category", "size_class", "territory_id", "published_at",
            "delivery__actual_cost",
        )
    )  # fmt: skip


def amounts_of(contest: Contest) -> Mapping[str, int] | None:
    """What each winner gets, by code of the project, kopiykas; None before the publication of the result."""
    published = publication_of(contest)
    if published is None:
        return None
    amounts: Mapping[str, int] = published.count.outcome["amounts"]
    return amounts


def _passed(fact: Mapping[str, Any], step: str) -> bool:
    state = fact["state"]
    if step == "submitted":
        return True
    if fact["published_at"] is None:
        return False
    if step == "published":
        return True
    if step == "supported":
        return state not in (*UNDECIDED, State.WITHDRAWN)
    if step == "admitted":
        return state in VOTED_ON
    if step == "won":
        return state in WINNERS
    return bool(state == State.IMPLEMENTED)


def count_course(contest: Contest) -> Rows | None:
    facts = _facts(contest)
    if not facts:
        return None
    steps = [step for step in STEPS if step != "supported" or contest.rules.support is not None]
    rows = []
    for step in steps:
        found = [fact["cost"] for fact in facts if _passed(fact, step)]
        rows.append(Row(step, (len(found), sum(found))))
    return rows


def _step_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {
        "submitted": _("Submitted"), "published": _("Published"), "supported": _("Supported enough"),
        "admitted": _("Admitted to the voting"), "won": pgettext("of projects", "Won"),
        "built": pgettext("of projects", "Built"),
    }  # fmt: skip


def _money_by(key_of: Callable[[dict[str, Any]], str]) -> Callable[[Contest], Rows | None]:
    """Counts projects and money by a part of the contest. Before the publication nobody knows what won."""

    def count(contest: Contest) -> Rows | None:
        facts = [fact for fact in _facts(contest) if fact["published_at"] is not None]
        if not facts:
            return None
        amounts = amounts_of(contest)
        groups: dict[str, list[dict[str, Any]]] = {}
        for fact in facts:
            groups.setdefault(key_of(fact), []).append(fact)
        return [Row(key, _sums(groups[key], amounts)) for key in sorted(groups)]

    return count


def _sums(facts: Iterable[dict[str, Any]], amounts: Mapping[str, int] | None) -> tuple[Value, ...]:
    facts = list(facts)
    admitted = [fact for fact in facts if fact["state"] in VOTED_ON]
    counted: tuple[Value, ...] = (
        len(facts), sum(fact["cost"] for fact in facts), len(admitted), sum(fact["cost"] for fact in admitted),
    )  # fmt: skip
    if amounts is None:
        return (*counted, None, None, None)
    won = [fact for fact in facts if fact["code"] in amounts]
    spent = sum(fact["delivery__actual_cost"] or 0 for fact in won)
    return (*counted, len(won), sum(amounts[fact["code"]] for fact in won), spent)


def _count_by_part(contest: Contest) -> Rows | None:
    _parts, areas = structure_of(contest)
    return _money_by(lambda fact: areas.get(fact["territory_id"], ""))(contest)


def part_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    names = {
        each.code: each.full_name for each in Territory.objects.filter(code__in=[row.key for row in rows])
    }
    return {**names, "": _("The whole community, or part not known")}


def _category_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {**_named(contest, "category"), "": _("no type")}


def _size_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {**_named(contest, "class"), "": _("no size")}


def _named(contest: Contest, dimension: str) -> dict[str, str]:
    return {key: name for (kind, key), name in key_names(contest.rules).items() if kind == dimension}


_MONEY = (
    Column("projects", gettext_lazy("Projects")),
    Column("asked", gettext_lazy("Asked for"), MONEY),
    Column("admitted", gettext_lazy("Admitted")),
    Column("admitted_cost", gettext_lazy("Cost of the admitted"), MONEY),
    Column("won", gettext_lazy("Winners")),
    Column("won_amount", gettext_lazy("Money of the winners"), MONEY),
    Column("spent", gettext_lazy("Spent so far"), MONEY),
)
_MONEY_ABOUT = gettext_lazy(
    "Published projects by their costs; winners by what the published count gave them; spent is what was paid"
    " for their works so far."
)

DRAWN = ("asked", "admitted_cost", "won_amount", "spent")

MEASURES = (
    Measure(
        "course", "course", gettext_lazy("From idea to what was built"),
        gettext_lazy("How many projects of the contest have passed each step, and what they cost together."),
        gettext_lazy("Step"),
        (Column("projects", gettext_lazy("Projects")), Column("cost", gettext_lazy("Cost"), MONEY)),
        count_course, _step_labels, chart="funnel",
    ),
    Measure(
        "money-by-part", "money", gettext_lazy("Money by part of the community"), _MONEY_ABOUT,
        gettext_lazy("Part"), _MONEY, _count_by_part, part_labels, chart="bars", is_summed=True, drawn=DRAWN,
    ),
    Measure(
        "money-by-category", "money", gettext_lazy("Money by type of project"), _MONEY_ABOUT,
        gettext_lazy("Type"), _MONEY, _money_by(lambda fact: fact["category"]), _category_labels, chart="bars",
        is_summed=True, drawn=DRAWN,
    ),
    Measure(
        "money-by-size", "money", gettext_lazy("Money by size of project"), _MONEY_ABOUT,
        gettext_lazy("Size"), _MONEY, _money_by(lambda fact: fact["size_class"]), _size_labels, chart="bars",
        is_summed=True, drawn=DRAWN,
    ),
)  # fmt: skip
