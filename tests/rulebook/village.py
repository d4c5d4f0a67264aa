"""A small hromada whose regulation the tests of the rulebook bend as they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rulebook.ballot import BallotPaper
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import BallotShape, Counting, Pot, Rules, Text


def a_name(text: str) -> Text:
    return Text({"uk": text})


def one_pot(
    amount: int,
    *,
    kind: str = "approval",
    options: Mapping[str, Any] | None = None,
    ties: tuple[str, ...] = ("refuse",),
    **shape: Any,
) -> Rules:
    """Rules with a single pot for everything."""
    return Rules(
        title=a_name("Бюджет участі"),
        pots=(Pot("all", a_name("Усі проєкти"), amount),),
        ballot=BallotShape(kind=kind, **{"min_choices": 0, **shape}),
        counting=Counting("greedy-v1", dict(options or {}), ties),
    )


def projects_costing(**costs: int) -> list[DossierProject]:
    """Projects of the one pot, submitted in the order given."""
    return [
        DossierProject(id=name, cost=cost, pot="all", order=n) for n, (name, cost) in enumerate(costs.items())
    ]


def approvals(*papers: str) -> list[BallotPaper]:
    """One approval ballot for each word: "ab" approves a and b."""
    return [BallotPaper.approval(paper) for paper in papers]


def votes_for(**votes: int) -> list[BallotPaper]:
    """Ballots that name one project each, as many as said."""
    return [BallotPaper.approval([name]) for name, times in votes.items() for _ in range(times)]


def a_dossier(rules: Rules, projects: Iterable[DossierProject], papers: Iterable[BallotPaper]) -> Dossier:
    return Dossier.build(contest="village-2026", rules=rules, projects=projects, papers=papers)
