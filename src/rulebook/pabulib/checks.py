"""What a file says of its own ballots, against the ballots."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from rulebook.dossier import Choices
from rulebook.pabulib.faults import Remark
from rulebook.pabulib.lines import SPACES
from rulebook.pabulib.mapping import KIND_OF_VOTE_TYPE

if TYPE_CHECKING:
    from rulebook.pabulib.election import Election

_WHOLE = re.compile(r"[0-9]{1,15}")


def repeated_voters(ids: Sequence[str]) -> list[Remark]:
    """A remark where voter ids occur more than once."""
    repeated = len(ids) - len(set(ids))
    message = f"{repeated} ballots carry a voter id used before; all are counted"
    return [Remark("repeated_voter", message)] if repeated else []


def differing_columns(election: Election) -> list[Remark]:
    """Remarks where ``votes`` or ``score`` of PROJECTS is not what the ballots, which are the truth, say."""
    kind = KIND_OF_VOTE_TYPE[election.vote_type]
    projects, groups, line = election.projects, election.groups, election.header_line
    votes, scores = totals(groups, kind)
    checks: list[tuple[str, Mapping[str, int], dict[str, int | None]]] = [
        ("votes", votes, {project.id: project.votes for project in projects}),
    ]
    if kind in ("points", "ranking"):
        checks.append(("score", scores, {project.id: _stated_score(project.score) for project in projects}))
    found = []
    for name, counted, stated in checks:
        differing = [key for key, value in stated.items() if value is not None and value != counted[key]]
        if differing:
            first = differing[0]
            message = (
                f"column {name} differs from the ballots for {len(differing)} of {len(projects)} projects "
                f"({first!r}: {stated[first]} stated, {counted[first]} on ballots); the ballots are counted"
            )
            found.append(Remark(f"{name}_differ", message, line))
    return found


def _stated_score(text: str | None) -> int | None:
    text = (text or "").strip(SPACES)
    return int(text) if _WHOLE.fullmatch(text) else None


def totals(groups: Mapping[Choices, int], kind: str) -> tuple[Counter[str], Counter[str]]:
    """Per project the ballots that name it and its score: marks, points, or Borda's points of a ranking."""
    # ballots of the same length that occur as often as each other are added up at once
    alike = defaultdict[tuple[int, int], list[Choices]](list)
    if kind == "ranking":
        for choices, times in groups.items():
            alike[len(choices), times].append(choices)
    else:
        for choices, times in groups.items():
            alike[0, times].append(choices)
    votes = Counter[str]()
    scores = Counter[str]()
    for (length, times), ballots in alike.items():
        for (project, value), found in Counter(chain.from_iterable(ballots)).items():
            votes[project] += found * times
            scores[project] += found * times * (length - value + 1 if kind == "ranking" else value)
    return votes, scores
