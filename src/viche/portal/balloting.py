"""What every page of a ballot needs, in one's own browser, at a desk and at a public screen: cards, choice, review."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper, defects
from viche.ballots.actions import candidates_of, names_in
from viche.ballots.wording import defects_text, value_text
from viche.channels.booth import selection
from viche.channels.booth.page import allowance_rows
from viche.contests.models import Contest
from viche.identity.models import Person
from viche.portal.views.projects import card
from viche.projects.models import Project
from viche.projects.queries import admitted_projects
from viche.projects.team import written_codes


def ballot_cards(
    contest: Contest, projects: Iterable[Project], person: Person | None, **extra: Any
) -> list[dict[str, Any]]:
    """Cards of the ballot; one's own project cannot be chosen where the rules forbid it."""
    is_barred = not contest.rules.ballot.own_project and person is not None
    own = written_codes(person, contest) if is_barred and person is not None else frozenset()
    cards = []
    for project in projects:
        is_own = project.code in own
        cards.append(
            card(
                contest, project, size_class=project.size_class, category=project.category,
                territory=project.territory_id, is_disabled=is_own,
                reason=_("This is your own project.") if is_own else "", **extra,
            )
        )  # fmt: skip
    return cards


def in_order(contest: Contest, codes: Iterable[str]) -> list[Project]:
    """The admitted projects with these codes, in the order of the codes."""
    codes = list(codes)
    found = {each.code: each for each in admitted_projects(contest).filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def chosen_after(
    contest: Contest, picks: Mapping[str, int], sent: QueryDict, candidates: Iterable[str]
) -> dict[str, int]:
    """What is chosen after a form of cards was sent: what the form did not show stays as it was.

    What is no longer on the ballot is let go: no page would show it to be taken off.
    """
    shown, picked = set(sent.getlist("shown")), sent.getlist("choice")
    kept = {code: value for code, value in picks.items() if code not in shown or code in picked}
    if contest.rules.ballot.kind == "choose-1" and picked:
        kept = {}
    known = set(candidates)
    return {code: kept.get(code, 1) for code in [*kept, *picked] if code in known}


@dataclass(frozen=True)
class Reviewed:
    """A ballot as it will be cast. faults: what is wrong with it, in words."""

    paper: BallotPaper
    faults: list[str]
    cards: list[dict[str, Any]]
    allowance: list[dict[str, Any]]
    total: int


def reviewed(contest: Contest, picks: Mapping[str, int], person: Person | None) -> Reviewed:
    """The ballot of what is chosen, with every fault in words."""
    rules, kind = contest.rules, contest.rules.ballot.kind
    paper = selection.paper_of(kind, picks)
    candidates, names = candidates_of(contest, person), names_in(contest)
    projects = in_order(contest, picks)
    values = dict(paper.choices)
    found = defects(paper, rules, candidates)
    return Reviewed(
        paper=paper,
        faults=defects_text(found, names, currency=contest.currency, kind=kind),
        cards=[
            card(
                contest, project, value=values[project.code], value_text=value_text(kind, values[project.code])
            )
            for project in projects
        ],
        allowance=allowance_rows(rules, paper, candidates, names, currency=contest.currency),
        total=sum(project.cost for project in projects),
    )  # fmt: skip
