"""What a ``.pb`` file says, as records and columns, and the dossier that a count makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rulebook.dossier import Choices, Dossier, DossierProject
from rulebook.options import EVERY, FILE_ORDER, OPTIONS, usual_options, usual_score
from rulebook.pabulib.checks import differing_columns, repeated_voters
from rulebook.pabulib.faults import Remark
from rulebook.pabulib.mapping import FALLBACK, KIND_OF_VOTE_TYPE, META_RULES, THRESHOLD_KEY
from rulebook.rules import BallotShape, Counting, Pot, Rules, Text

POT = "all"
LONGEST_NAME = 500


@dataclass(frozen=True)
class PbProject:
    """A project of the file. ``cost`` in minor units; ``selected`` as in the file, None without the column.

    ``votes`` and ``score`` are what the file states, which is not always what its ballots say.
    """

    id: str
    cost: int
    name: str
    line: int
    selected: int | None = None
    votes: int | None = None
    score: str | None = None
    category: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Election:
    """One election of a ``.pb`` file.

    ``meta`` and ``columns`` hold the raw text of every key and of every column of VOTES; ``groups`` the
    ballots, identical ones together, as canonical choices with their count; ``voters`` is the number of
    ballots. ``scale`` is the number of minor units in one unit of currency, ``budget`` is in minor units,
    ``header_line`` the line that names the columns of PROJECTS.
    """

    meta: Mapping[str, str]
    vote_type: str
    budget: int
    scale: int
    projects: tuple[PbProject, ...]
    columns: Mapping[str, list[str]]
    groups: Mapping[Choices, int]
    voters: int
    longest_ballot: int
    header_line: int
    found_reading: tuple[Remark, ...] = ()

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What is odd about the file: found while reading it, or by adding up its ballots now."""
        return (
            *self.found_reading,
            *repeated_voters(self.columns["voter_id"]),
            *differing_columns(self),
        )

    @property
    def official(self) -> frozenset[str] | None:
        """The ids that the file marks as funded (``selected`` 1); None where it has no such column.

        2 and 3 are a city's own marks for projects that were not chosen by the vote's rule alone; see
        docs/counting/pabulib.md.
        """
        if not any(project.selected is not None for project in self.projects):
            return None
        return frozenset(project.id for project in self.projects if project.selected == 1)

    def dossier(self, rule: str | None = None) -> Dossier:
        """What a count needs, under the rule that META names or under another counting rule id."""
        return _dossier_of(self, rule)


def _dossier_of(election: Election, rule: str | None = None) -> Dossier:
    """The dossier of the election, under META's rule or the counting rule ``rule``."""
    kind = KIND_OF_VOTE_TYPE[election.vote_type]
    counting_rule, options = META_RULES.get(election.meta.get("rule", ""), FALLBACK)
    name = election.meta.get("description") or election.meta.get("unit") or "Pabulib"
    name = name[:LONGEST_NAME]
    rules = Rules(
        title=Text({"uk": name}),
        pots=(Pot(id=POT, name=Text({"uk": name}), amount=election.budget),),
        ballot=BallotShape(kind=kind, min_choices=0),
        counting=Counting(
            rule=rule or counting_rule,
            options=_options(election, rule or counting_rule, options, kind),
            # the files say nothing of ties; the order of their lists reproduces nearly all of them
            ties=(FILE_ORDER,),
        ),
        source=f"Pabulib: {election.meta.get('rule', 'no rule named')}"[:LONGEST_NAME],
    )
    return Dossier.build(
        contest=_contest_name(election),
        currency=election.meta.get("currency", ""),
        scale=election.scale,
        rules=rules,
        projects=[
            DossierProject(
                id=project.id,
                cost=project.cost,
                pot=POT,
                category=project.category or None,
                order=order,
                name=project.name,
            )
            for order, project in enumerate(election.projects)
        ],
        groups=election.groups.items(),
    )


def _options(election: Election, rule: str, options: Mapping[str, Any], kind: str) -> dict[str, Any]:
    known = {option.name for option in OPTIONS.get(rule, ())}
    chosen = {**options, "score": usual_score(kind), **usual_options(rule, kind)}
    threshold = election.meta.get(THRESHOLD_KEY)
    if threshold:
        chosen["threshold"] = {EVERY: int(threshold)}
    return {name: value for name, value in chosen.items() if name in known}


def _contest_name(election: Election) -> str:
    parts = [election.meta.get(key, "") for key in ("country", "unit", "instance", "subunit")]
    return " / ".join(dict.fromkeys(part for part in parts if part)) or "pabulib"
