"""The rows of VOTES to groups of identical ballots."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from operator import getitem
from typing import Any

from rulebook.ballot import BallotPaper
from rulebook.dossier import Choices
from rulebook.pabulib.faults import PabulibError, Remark
from rulebook.pabulib.lines import SPACES, Columns

Pair = tuple[str, int]
Paper = Any
"""The raw text of one ballot: that of ``vote``, or where there are points those of ``vote`` and ``points``."""

_POINTS = re.compile(r"[0-9]{1,9}")


class Ballots:
    """All ballots, ``groups`` holding identical ones together; ``voters`` is how many there are.

    A hundred thousand voters cast far fewer different ballots: those of a block are counted as they are
    written, and only then read. A choice that many made is one pair object.
    Raises PabulibError for a ballot that cannot be read, and for all that ``Columns`` refuses.
    """

    def __init__(self, columns: Columns, kind: str, known: Collection[str]) -> None:
        self.groups = Counter[Choices]()
        self.voters = 0
        self._columns = columns
        self._reader = _Reader(kind, known)
        self._repeated: dict[Paper, tuple[int, str, int]] = {}
        self._read()

    def remarks(self) -> list[Remark]:
        """Where a project is more than once on a ballot: each such ballot, at the line of its first."""
        found = []
        for line, project, times in self._repeated.values():
            message = f"{project!r} is more than once on a ballot ({times} such); {self._reader.treatment}"
            found.append(Remark("repeated_on_ballot", message, line))
        return found

    def _read(self) -> None:
        header = self._columns.header
        vote = header.index("vote")
        points = header.index("points") if self._reader.kind == "points" else None
        for block in self._columns.blocks():
            votes = block.column(vote)
            papers = votes if points is None else [*zip(votes, block.column(points), strict=True)]
            self._add(block.lines, papers)
            self.voters += len(votes)

    def _add(self, lines: Sequence[int], papers: Sequence[Paper]) -> None:
        counted = Counter(papers)
        ballots = self._choices(lines, papers, counted)
        self.groups.update(ballots)
        for choices, times in zip(ballots, counted.values(), strict=True):
            if times > 1:
                self.groups[choices] += times - 1

    def _choices(
        self, lines: Sequence[int], papers: Sequence[Paper], counted: Counter[Paper]
    ) -> Sequence[Choices]:
        try:
            ballots = self._reader.at_once(counted)
        except (KeyError, ValueError):
            return self._one_by_one(lines, papers, counted)
        if sum(map(len, map(dict, ballots))) < sum(map(len, ballots)):
            return self._one_by_one(lines, papers, counted)
        return ballots

    def _one_by_one(
        self, lines: Sequence[int], papers: Sequence[Paper], counted: Counter[Paper]
    ) -> Sequence[Choices]:
        ballots = []
        for paper, times in counted.items():
            try:
                choices, repeated = self._reader.with_care(paper)
            except _Fault as fault:
                column = self._columns.header.index(fault.field) + 1
                line = lines[papers.index(paper)]
                raise PabulibError(line, fault.field, fault.code, fault.detail, column) from fault
            if repeated:
                first = lines[papers.index(paper)]
                line, _, before = self._repeated.get(paper, (first, repeated, 0))
                self._repeated[paper] = (line, repeated, before + times)
            ballots.append(choices)
        return ballots


class _Fault(Exception):
    """What is wrong with one ballot, before its line is known."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.code, self.detail = field, code, detail


class _AtRank(dict[str, Pair]):
    """The pairs of known projects with one rank; a KeyError for others."""

    def __init__(self, known: Collection[str], rank: int) -> None:
        super().__init__()
        self.known = known
        self.rank = rank

    def __missing__(self, project: str) -> Pair:
        if project not in self.known:
            raise KeyError(project)
        return self.setdefault(project, (project, self.rank))


class _Points(dict[tuple[str, str], Pair]):
    """Known projects with the text of their points; a KeyError for others, and for no points."""

    def __init__(self, known: Collection[str]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, key: tuple[str, str]) -> Pair:
        project, text = key
        if project not in self.known or not _POINTS.fullmatch(text) or not int(text):
            raise KeyError(key)
        return self.setdefault(key, (project, int(text)))


class _Reader:
    """The texts of ballots to canonical choices: quickly where nothing is odd, otherwise with care."""

    def __init__(self, kind: str, known: Collection[str]) -> None:
        self.kind = kind
        self.known = known
        self.pairs: dict[Pair, Pair] = {}
        self.marks = {project: (project, 1) for project in known}
        # one place more than projects: a ballot that has more entries yet names one of them twice
        self.places = [_AtRank(known, rank) for rank in range(1, len(known) + 2)]
        self.points = _Points(known)
        self.treatment = {
            "points": "its points are added up",
            "ranking": "its best place counts and what follows moves up",
        }.get(kind, "it counts once")

    def at_once(self, papers: Iterable[Paper]) -> list[Choices]:
        """Choices of many ballots; a project twice on one is still there twice.

        Raises KeyError or ValueError where one of them needs care.
        """
        if self.kind == "points":
            points_of = self.points.__getitem__
            return [
                tuple(sorted(map(points_of, zip(vote.split(","), points.split(","), strict=True))))
                for vote, points in papers
            ]
        if self.kind == "ranking":
            return [tuple(map(getitem, self.places, vote.split(","))) if vote else () for vote in papers]
        mark_of = self.marks.__getitem__
        return [tuple(map(mark_of, sorted(vote.split(",")))) if vote else () for vote in papers]

    def with_care(self, paper: Paper) -> tuple[Choices, str]:
        """Choices of one ballot, and a project that is there more than once ("" if none is).

        Raises _Fault where the ballot cannot be read.
        """
        vote, points = paper if self.kind == "points" else (paper, "")
        vote = vote.strip(SPACES)
        if not vote:
            if points.strip(SPACES):
                raise _Fault("points", "points_without_projects", "points are given, but no project")
            return (), ""
        ids = [entry.strip(SPACES) for entry in vote.split(",")]
        for project in ids:
            if project not in self.known:
                detail = f"there is no project {project!r}"
                raise _Fault(
                    "vote",
                    "unknown_project",
                    detail if project else "an empty place in the list of projects",
                )
        repeated = next((project for project, times in Counter(ids).items() if times > 1), "")
        if self.kind == "points":
            pairs = self._added_up(ids, points)
        else:
            ids = list(dict.fromkeys(ids))
            ranks = range(1, len(ids) + 1) if self.kind == "ranking" else [1] * len(ids)
            pairs = [*zip(ids, ranks, strict=True)]
        same = [self.pairs.setdefault(pair, pair) for pair in pairs]
        return BallotPaper.of(self.kind, same).choices, repeated

    def _added_up(self, ids: Sequence[str], text: str) -> list[Pair]:
        given = text.split(",")
        if len(given) != len(ids):
            detail = f"{len(ids)} projects, but {len(given)} numbers of points"
            raise _Fault("points", "points_do_not_match", detail)
        total = dict.fromkeys(ids, 0)
        for project, entry in zip(ids, given, strict=True):
            entry = entry.strip(SPACES)
            if not _POINTS.fullmatch(entry):
                detail = f"{entry!r} is not a whole number of points, from 0 to 999999999"
                raise _Fault("points", "bad_points", detail)
            total[project] += int(entry)
        # no points is no choice
        return [pair for pair in total.items() if pair[1]]
