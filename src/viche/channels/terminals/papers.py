"""The ballot paper of a contest as a terminal shows it: projects, limits in numbers and in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper
from viche.ballots.actions import names_in
from viche.ballots.wording import ballot_limits
from viche.contests.models import Contest
from viche.foundation.money import money_text
from viche.foundation.refused import Refused
from viche.projects.queries import admitted_projects

MOST_CHOICES = 500


@dataclass(frozen=True)
class PaperLine:
    """One project. code: what a ballot names it by. cost: in kopiykas; cost_text: for the screen."""

    code: str
    number: int
    title: str
    summary: str
    cost: int
    cost_text: str
    size_class: str
    category: str
    territory: str


@dataclass(frozen=True)
class PrintedPaper:
    """kind: of the ballot, a word of the rulebook. limits: numbers, None where there is none; words: the same for the
    screen, one line each.
    """

    contest: Contest
    kind: str
    lines: tuple[PaperLine, ...]
    limits: dict[str, Any]
    words: tuple[str, ...]


def printed_paper(contest: Contest) -> PrintedPaper:
    """What a terminal shows. A terminal that shuffles the projects treats them alike; here they stand by number."""
    shape, names = contest.rules.ballot, names_in(contest)
    lines = tuple(
        PaperLine(
            project.code, project.number, project.title, project.summary, project.cost,
            money_text(project.cost, contest.currency), project.size_class or "", project.category or "",
            project.territory.full_name,
        )
        for project in admitted_projects(contest).prefetch_related(None)
    )  # fmt: skip
    limits = {
        "min_choices": shape.min_choices, "max_choices": shape.choice_limit,
        "max_per_class": dict(shape.max_per_class), "max_per_category": dict(shape.max_per_category),
        "max_per_territory": shape.max_per_territory, "max_points": shape.max_points,
        "max_points_per_project": shape.max_points_per_project, "max_minus": shape.max_minus,
        "max_cost": shape.max_cost,
    }  # fmt: skip
    words = tuple(ballot_limits(contest.rules, names, currency=contest.currency))
    return PrintedPaper(contest, shape.kind, lines, limits, words)


def read_paper(contest: Contest, choices: list[tuple[str, int]]) -> BallotPaper:
    """The paper of what a terminal sent; whether it is valid the ballot box says. Refused: bad_ballot."""
    if len(choices) > MOST_CHOICES:
        message = _("A ballot names at most 500 projects.")
        raise Refused("bad_ballot", message, fields={"choices": message}, status=422)
    return BallotPaper.of(contest.rules.ballot.kind, choices)
