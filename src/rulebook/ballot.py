"""One ballot: what it says, all that is wrong with it, what is left of the allowance, its commitment."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.canonical import canonical
from rulebook.rules import Rules

NONCE_LENGTH = 32
COMMITMENT_TAG = b"viche/ballot/v1"
# of points that no rule limits
UNLIMITED_DIGITS = 6


@dataclass(frozen=True)
class BallotPaper:
    """The choices of one voter as (project id, value), kept in one canonical order.

    The value is 1 on an approval or choose-1 ballot, the points on a points ballot, the rank (1 is best)
    on a ranking, 1 for and -1 against on a plus-minus ballot. A ranking is ordered by rank, all others by
    project id, so that the order in which somebody clicked leaves no trace and equal ballots have equal
    bytes. Build one with
    ``approval``, ``points``, ``ranking`` or ``of``.
    """

    choices: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, kind: str, choices: Iterable[tuple[str, int]]) -> BallotPaper:
        """A paper of a kind ("approval", "choose-1", "points", "ranking", "plus-minus") from pairs in any order."""
        pairs = [(project, value) for project, value in choices]
        if kind == "ranking":
            return cls(tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0]))))
        return cls(tuple(sorted(pairs)))

    @classmethod
    def approval(cls, ids: Iterable[str]) -> BallotPaper:
        """One mark for each of the projects; also the paper of a choose-1 ballot."""
        return cls.of("approval", ((project, 1) for project in ids))

    @classmethod
    def points(cls, points: Mapping[str, int]) -> BallotPaper:
        """Points by project."""
        return cls.of("points", points.items())

    @classmethod
    def ranking(cls, ids: Iterable[str]) -> BallotPaper:
        """The projects from the best down."""
        return cls.of("ranking", ((project, rank) for rank, project in enumerate(ids, start=1)))

    @classmethod
    def from_document(cls, document: Any) -> BallotPaper:
        """The paper whose ``document`` this is, as it stands. Raises ValueError for any other shape."""
        pairs = document.get("choices") if isinstance(document, Mapping) else None
        if not isinstance(pairs, (list, tuple)) or set(document) != {"choices"}:
            raise ValueError("a ballot document is an object with the one list 'choices'")
        choices = []
        for pair in pairs:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise ValueError("a choice is a pair of project id and whole number")
            project, value = pair
            if not isinstance(project, str) or type(value) is not int:
                raise ValueError("a choice is a pair of project id and whole number")
            choices.append((project, value))
        return cls(tuple(choices))

    def document(self) -> dict[str, Any]:
        """What is sealed and hashed: ``{"choices": [[project id, value], …]}`` in canonical order."""
        return {"choices": [[project, value] for project, value in self.choices]}

    @property
    def projects(self) -> tuple[str, ...]:
        """The project ids in the order of the paper."""
        return tuple(project for project, _ in self.choices)


def longest_document(rules: Rules, ids: Iterable[str]) -> int:
    """Octets of the longest canonical document that a ballot valid under these rules can have.

    ids: of all projects it may name. Sealed ballots are padded to it, so that no length tells what somebody chose.
    """
    shape, named = rules.ballot, sorted(ids, key=lambda each: len(each.encode()), reverse=True)
    most = len(named) if shape.choice_limit is None else shape.choice_limit
    value = 1
    if shape.kind == "plus-minus":
        most += len(named) if shape.max_minus is None else shape.max_minus
        value = -1
    elif shape.kind == "points":
        value = shape.max_points_per_project or shape.max_points or 10**UNLIMITED_DIGITS - 1
    elif shape.kind == "ranking":
        value = min(most, len(named))
    return len(canonical({"choices": [[project, value] for project in named[:most]]}))


@dataclass(frozen=True)
class Candidate:
    """A project as a ballot sees it; ``cost`` in kopiykas, ``is_own`` where the voter is its author."""

    id: str
    cost: int = 0
    size_class: str | None = None
    category: str | None = None
    territory: str | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Defect:
    """One reason a ballot is not valid; ``project`` where one choice is at fault."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    project: str | None = None


@dataclass(frozen=True)
class Use:
    """How much of a limit is used; ``limit`` None is no limit."""

    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        """What is left, never below zero; None without a limit."""
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def is_exceeded(self) -> bool:
        """Whether more is used than the limit allows."""
        return self.limit is not None and self.used > self.limit


@dataclass(frozen=True)
class Allowance:
    """What a paper uses of each limit that the rules set."""

    choices: Use
    minus: Use
    points: Use
    cost: Use
    by_class: Mapping[str, Use]
    by_category: Mapping[str, Use]
    by_territory: Mapping[str, Use]
    missing: int
    """How many choices are still needed before the ballot may be cast."""


def defects(paper: BallotPaper, rules: Rules, candidates: Mapping[str, Candidate]) -> list[Defect]:
    """Everything that makes the paper invalid under the rules; an empty list is a valid ballot.

    The codes are: empty, too_few, too_many, unknown_project, duplicate_project, own_project, wrong_value,
    negative_points, no_points, too_many_points, too_many_points_for_project, bad_ranks, too_many_minus,
    too_many_in_class, too_many_in_category, too_many_in_territory, too_expensive.
    """
    shape = rules.ballot
    found: list[Defect] = []
    repeats = Counter(paper.projects)
    for project, times in repeats.items():
        candidate = candidates.get(project)
        if candidate is None:
            found.append(Defect("unknown_project", {"project": project}, project))
        elif candidate.is_own and not shape.own_project:
            found.append(Defect("own_project", {"project": project}, project))
        if times > 1:
            found.append(Defect("duplicate_project", {"project": project, "times": times}, project))
    if not paper.choices:
        if shape.min_choices > 0:
            found.append(Defect("empty", {"minimum": shape.min_choices}))
    elif len(paper.choices) < shape.min_choices:
        found.append(Defect("too_few", {"used": len(paper.choices), "minimum": shape.min_choices}))
    found.extend(_value_defects(paper, rules))
    use = allowance(paper, rules, candidates)
    if use.choices.is_exceeded:
        found.append(Defect("too_many", {"used": use.choices.used, "limit": use.choices.limit}))
    if use.minus.is_exceeded:
        found.append(Defect("too_many_minus", {"used": use.minus.used, "limit": use.minus.limit}))
    for code, name, table in (
        ("too_many_in_class", "class", use.by_class),
        ("too_many_in_category", "category", use.by_category),
        ("too_many_in_territory", "territory", use.by_territory),
    ):
        for key, part in table.items():
            if part.is_exceeded:
                found.append(Defect(code, {name: key, "used": part.used, "limit": part.limit}))
    if use.points.is_exceeded:
        found.append(Defect("too_many_points", {"used": use.points.used, "limit": use.points.limit}))
    if use.cost.is_exceeded:
        found.append(Defect("too_expensive", {"used": use.cost.used, "limit": use.cost.limit}))
    return found


def _value_defects(paper: BallotPaper, rules: Rules) -> list[Defect]:
    shape = rules.ballot
    if shape.kind == "ranking":
        ranks = [value for _, value in paper.choices]
        if sorted(ranks) != list(range(1, len(ranks) + 1)):
            return [Defect("bad_ranks", {"ranks": tuple(ranks)})]
        return []
    found = []
    for project, value in paper.choices:
        params: dict[str, object] = {"project": project, "value": value}
        if shape.kind == "plus-minus":
            if value not in (1, -1):
                found.append(Defect("wrong_value", params, project))
        elif shape.kind != "points":
            if value != 1:
                found.append(Defect("wrong_value", params, project))
        elif value < 0:
            found.append(Defect("negative_points", params, project))
        elif value == 0:
            found.append(Defect("no_points", params, project))
        elif shape.max_points_per_project is not None and value > shape.max_points_per_project:
            params["limit"] = shape.max_points_per_project
            found.append(Defect("too_many_points_for_project", params, project))
    return found


def allowance(paper: BallotPaper, rules: Rules, candidates: Mapping[str, Candidate]) -> Allowance:
    """What the paper uses of each limit: overall, by class, category and territory, points and cost.

    Classes, categories and territories without a limit are listed too once something is chosen in
    them. Projects that are not candidates count towards the number of choices only.
    """
    shape = rules.ballot
    chosen = [candidates[project] for project in paper.projects if project in candidates]
    classes = Counter(candidate.size_class for candidate in chosen if candidate.size_class is not None)
    categories = Counter(candidate.category for candidate in chosen if candidate.category is not None)
    territories = Counter(candidate.territory for candidate in chosen if candidate.territory is not None)
    minus = sum(1 for _, value in paper.choices if value < 0) if shape.kind == "plus-minus" else 0
    points = sum(max(value, 0) for _, value in paper.choices) if shape.kind == "points" else 0
    return Allowance(
        choices=Use(len(paper.choices) - minus, shape.choice_limit),
        minus=Use(minus, shape.max_minus if shape.kind == "plus-minus" else None),
        points=Use(points, shape.max_points if shape.kind == "points" else None),
        cost=Use(sum(candidate.cost for candidate in chosen), shape.max_cost),
        by_class=_uses(classes, shape.max_per_class),
        by_category=_uses(categories, shape.max_per_category),
        by_territory={key: Use(used, shape.max_per_territory) for key, used in sorted(territories.items())},
        missing=max(shape.min_choices - len(paper.choices), 0),
    )


def _uses(used: Counter[str], limits: Mapping[str, int]) -> dict[str, Use]:
    keys = [*limits, *sorted(key for key in used if key not in limits)]
    return {key: Use(used[key], limits.get(key)) for key in keys}


def commitment(contest: str, paper: BallotPaper, nonce: bytes) -> bytes:
    """The 32 bytes that bind a voter to the choices without showing them.

    SHA-256 over: the tag ``viche/ballot/v1``, one zero byte, then the contest id (UTF-8) and the canonical
    document of the paper (RFC 8785), each after its length as eight big-endian bytes, then the nonce.
    The lengths make the framing unambiguous: no two different inputs give the same bytes. The nonce is
    32 random bytes, without which the few possible ballots could simply be tried. Raises ValueError
    for a nonce of another length.
    """
    if len(nonce) != NONCE_LENGTH:
        raise ValueError(f"the nonce has {len(nonce)} bytes, {NONCE_LENGTH} are needed")
    parts = [COMMITMENT_TAG, b"\x00"]
    for part in (contest.encode(), canonical(paper.document())):
        parts += [len(part).to_bytes(8, "big"), part]
    parts.append(nonce)
    return hashlib.sha256(b"".join(parts)).digest()
