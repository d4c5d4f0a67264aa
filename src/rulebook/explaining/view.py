"""What all parts of a page look at: the dossier, its outcome, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rulebook.counting import equal_shares
from rulebook.counting.outcome import Outcome
from rulebook.counting.tally import tally, threshold_of
from rulebook.dossier import BallotGroup, Dossier, DossierProject
from rulebook.explaining.shares import Ballots
from rulebook.explaining.wording import Words
from rulebook.options import EVERY

LONGEST_NAME = 80
"""Where a project is named within a sentence."""


@dataclass(frozen=True)
class View:
    """One counted dossier in one language. ``election`` is the file it came from, where there is one."""

    dossier: Dossier
    outcome: Outcome
    words: Words
    election: Ballots | None = None

    @cached_property
    def projects(self) -> dict[str, DossierProject]:
        """The projects by id."""
        return {project.id: project for project in self.dossier.projects}

    @cached_property
    def groups(self) -> tuple[BallotGroup, ...]:
        """The valid ballots."""
        return tally(self.dossier).groups

    @cached_property
    def unit(self) -> str:
        """What the scores are: "votes" or "points"."""
        return "votes" if dict(self.outcome.totals) == dict(self.outcome.votes) else "points"

    @cached_property
    def places(self) -> dict[str, int]:
        """A number for each project, by which the page links to it."""
        return {project.id: number for number, project in enumerate(self.dossier.projects, start=1)}

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the counting rule."""
        return self.dossier.rules.counting.options

    @cached_property
    def effective_support(self) -> dict[str, int]:
        """Under equal shares, of each loser: what part of its cost its supporters would have paid, percent."""
        is_ours = self.outcome.rule == equal_shares.RULE and self.outcome.is_decided
        return equal_shares.effective_support(self.dossier, self.outcome) if is_ours else {}

    def anchor(self, project: str) -> str:
        """The id of the project's row."""
        return f"p{self.places[project]}"

    def title(self, project: str) -> str:
        """The project's name; its id where it has none."""
        return self.projects[project].name or project

    def named(self, project: str) -> str:
        """The project within a sentence."""
        title = self.title(project)
        return self.words.quoted(title if len(title) <= LONGEST_NAME else title[: LONGEST_NAME - 1] + "…")

    def score(self, number: int, *, lacking: bool = False) -> str:
        """«3 голоси», or «3 голосів» of what is lacking."""
        return self.words.count(number, self.unit + (".of" if lacking else ""))

    def threshold(self, project: DossierProject) -> int:
        """The least score the project needs."""
        return threshold_of(self.options, project.size_class, self.outcome.voters)

    def pot_name(self, pot: str) -> str:
        """What the regulation calls a pot."""
        found = self.dossier.rules.pot(pot)
        return self.words("moved.all") if found is None else found.name.get(self.words.language)

    def key_name(self, dimension: str, key: str) -> str:
        """The name of a class, category, pot or territory."""
        rules = self.dossier.rules
        if key == EVERY:
            return self.words("everything")
        if dimension == "pot":
            return self.pot_name(key)
        if dimension == "class":
            size_class = rules.size_class(key)
            return key if size_class is None else size_class.name.get(self.words.language)
        category = rules.category(key) if dimension == "category" else None
        return key if category is None else category.name.get(self.words.language)

    def ranked(self, pot: str) -> Sequence[DossierProject]:
        """The projects of a pot by their place; of equals those that won first."""
        outcome = self.outcome
        mine = [project for project in self.dossier.projects if project.pot == pot]
        return sorted(
            mine,
            key=lambda project: (
                outcome.ranks[project.id], project.id not in outcome.amounts, project.order, project.id
            ),
        )  # fmt: skip

    @property
    def budget(self) -> int:
        """The money of all pots."""
        return sum(pot.amount for pot in self.dossier.pots)
