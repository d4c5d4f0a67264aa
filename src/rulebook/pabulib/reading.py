"""A ``.pb`` text to an election, or the first thing that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rulebook.canonical import LARGEST_INTEGER
from rulebook.pabulib.ballots import Ballots
from rulebook.pabulib.election import Election, PbProject
from rulebook.pabulib.faults import PabulibError, Remark
from rulebook.pabulib.lines import (
    SECTIONS,
    SPACES,
    Columns,
    Row,
    Rows,
    check_no_section,
    check_width,
    data_of,
)
from rulebook.pabulib.mapping import FALLBACK, KIND_OF_VOTE_TYPE, META_RULES, NOT_APPLIED, THRESHOLD_KEY

_DECIMAL = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_MOST_DECIMALS = 6


def read(source: str | bytes | Path) -> Election:
    """The election in a file: a path, its bytes, or its text.

    Raises PabulibError naming line and field for anything malformed, OSError where there is no such file.
    What is odd but countable (a project twice in a ballot, columns that differ from the ballots) is in
    the election's ``remarks``.
    """
    data = data_of(source)
    rows = Rows(data)
    sections = _sections(rows)
    meta, lines = _meta(sections["META"])
    vote_type = meta["vote_type"]
    kind = KIND_OF_VOTE_TYPE[vote_type]
    header_line, header = _header(next(iter(sections["PROJECTS"]), None), "PROJECTS", ("project_id", "cost"))
    project_rows = sections["PROJECTS"][1:]
    for line, row in project_rows:
        check_width(row, header, line)
    cost = header.index("cost")
    places = max(
        2,
        _decimals(meta["budget"], _Place(lines["budget"], "budget", 2)),
        *[_decimals(row[cost], _Place(line, "cost", cost + 1)) for line, row in project_rows],
    )
    budget = _money(meta["budget"], places, _Place(lines["budget"], "budget", 2))
    projects = _projects(header, project_rows, places)
    _expect_count(meta, lines, "num_projects", len(projects))
    needed = ("voter_id", "vote", "points") if kind == "points" else ("voter_id", "vote")
    _, names = _header(next(rows, None), "VOTES", needed)
    columns = Columns(data, rows.position, rows.line, names)
    ballots = Ballots(columns, kind, {project.id for project in projects})
    _expect_count(meta, lines, "num_votes", ballots.voters)
    return Election(
        meta=meta,
        vote_type=vote_type,
        budget=budget,
        scale=10**places,
        projects=projects,
        columns=columns,
        groups=ballots.groups,
        voters=ballots.voters,
        longest_ballot=max(map(len, ballots.groups), default=0),
        header_line=header_line,
        found_reading=(*_rule_remarks(meta, lines), *ballots.remarks()),
    )


class _Place(NamedTuple):
    """Where a value stands: its line, its column or key by name, the number of its field in the row."""

    line: int
    field: str
    column: int

    def fault(self, code: str, detail: str) -> PabulibError:
        """The error of a value in this place."""
        return PabulibError(self.line, self.field, code, detail, self.column)


def _sections(rows: Rows) -> dict[str, list[Row]]:
    """The rows of META and PROJECTS. The next one of ``rows`` is the first of VOTES."""
    sections: dict[str, list[Row]] = {}
    for line, row in rows:
        expected = SECTIONS[len(sections)]
        check_no_section(row, line, expected)
        if row[0].strip() == expected and len(row) == 1:
            sections[expected] = []
            if expected == SECTIONS[-1]:
                return sections
        elif not sections:
            raise PabulibError(line, "", "no_section", "the file does not begin with the section META")
        else:
            sections[SECTIONS[len(sections) - 1]].append((line, row))
    missing = SECTIONS[len(sections)]
    raise PabulibError(0, missing, "missing_section", f"the file has no section {missing}")


def _meta(rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, int]]:
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, (line, row) in enumerate(rows):
        key = row[0].strip(SPACES)
        if number == 0 and [field.strip(SPACES) for field in row] == ["key", "value"]:
            continue
        if len(row) != 2:
            detail = f"key and value expected, {len(row)} fields found"
            raise PabulibError(line, key, "wrong_number_of_fields", detail, min(len(row), 2))
        if key in meta:
            raise PabulibError(line, key, "repeated_key", f"META has {key!r} already in line {lines[key]}", 1)
        meta[key] = row[1].strip(SPACES)
        lines[key] = line
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise PabulibError(0, key, "missing_key", f"META has no {key!r}")
    if meta["vote_type"] not in KIND_OF_VOTE_TYPE:
        known = ", ".join(KIND_OF_VOTE_TYPE)
        detail = f"{meta['vote_type']!r} is not a vote type ({known})"
        raise PabulibError(lines["vote_type"], "vote_type", "unknown_vote_type", detail, 2)
    return meta, lines


def _header(first: Row | None, section: str, required: Sequence[str]) -> tuple[int, list[str]]:
    if first is None:
        raise PabulibError(0, section, "missing_header", f"section {section} has no line of column names")
    line, row = first
    check_no_section(row, line)
    header = [name.strip(SPACES) for name in row]
    for name in required:
        if name not in header:
            raise PabulibError(line, name, "missing_column", f"section {section} has no column {name!r}")
    for column, name in enumerate(header, start=1):
        if name in header[: column - 1]:
            detail = f"section {section} has the column {name!r} twice"
            raise PabulibError(line, name, "repeated_column", detail, column)
    return line, header


def _projects(header: Sequence[str], rows: Sequence[Row], places: int) -> tuple[PbProject, ...]:
    projects: dict[str, PbProject] = {}
    for line, row in rows:
        place = {name: _Place(line, name, column) for column, name in enumerate(header, start=1)}
        values = dict(zip(header, row, strict=True))
        project_id = values["project_id"].strip(SPACES)
        if not project_id:
            raise place["project_id"].fault("empty_id", "the project has no id")
        if "," in project_id:
            detail = f"{project_id!r} has a comma, which separates projects on a ballot"
            raise place["project_id"].fault("bad_id", detail)
        if project_id in projects:
            detail = f"{project_id!r} is there already in line {projects[project_id].line}"
            raise place["project_id"].fault("repeated_project", detail)
        selected, votes = (
            _whole(values[name], place[name]) if values.get(name, "").strip(SPACES) else None
            for name in ("selected", "votes")
        )
        projects[project_id] = PbProject(
            id=project_id,
            cost=_money(values["cost"], places, place["cost"]),
            name=" ".join(values.get("name", "").split()),
            line=line,
            selected=selected,
            votes=votes,
            score=values.get("score"),
            category=values.get("category"),
            values=values,
        )
    return tuple(projects.values())


def _expect_count(meta: Mapping[str, str], lines: Mapping[str, int], key: str, found: int) -> None:
    if key in meta:
        place = _Place(lines[key], key, 2)
        if _whole(meta[key], place) != found:
            detail = f"META says {meta[key]}, the file has {found}: it is cut short or damaged"
            raise place.fault("count_differs", detail)


def _rule_remarks(meta: Mapping[str, str], lines: Mapping[str, int]) -> list[Remark]:
    if meta.get(THRESHOLD_KEY):
        _whole(meta[THRESHOLD_KEY], _Place(lines[THRESHOLD_KEY], THRESHOLD_KEY, 2))
    found = []
    rule = meta.get("rule", "")
    if rule not in META_RULES:
        message = f"META's rule {rule!r} is not among ours; unless another is asked for, {FALLBACK[0]} counts"
        found.append(Remark("rule_not_available", message, lines.get("rule", 0)))
    for key in NOT_APPLIED:
        if meta.get(key):
            found.append(Remark("not_applied", f"META's {key!r} is not applied", lines[key]))
    return found


def _decimals(text: str, place: _Place) -> int:
    decimals = len((_decimal(text, place)[1] or "").rstrip("0"))
    if decimals > _MOST_DECIMALS:
        raise place.fault("bad_amount", f"{text!r} has more than {_MOST_DECIMALS} decimals")
    return decimals


def _money(text: str, places: int, place: _Place) -> int:
    """The amount in minor units of ``places`` decimals, exactly."""
    whole, fraction = _decimal(text, place)
    scale: int = 10**places
    amount = int(whole) * scale + int((fraction or "").rstrip("0").ljust(places, "0") or "0")
    if amount > LARGEST_INTEGER:
        raise place.fault("too_large", f"{text.strip(SPACES)} is beyond what can be counted exactly")
    return amount


def _decimal(text: str, place: _Place) -> tuple[str, str | None]:
    match = _DECIMAL.fullmatch(text.strip(SPACES))
    if match is None:
        raise place.fault("bad_amount", f"{text!r} is not an amount of money, at least 0")
    return match[1], match[2]


def _whole(text: str, place: _Place) -> int:
    stripped = text.strip(SPACES)
    if not _WHOLE.fullmatch(stripped):
        raise place.fault("bad_number", f"{text!r} is not a whole number, at least 0")
    return int(stripped)
