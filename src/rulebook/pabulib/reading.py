"""A ``.pb`` text to an election, or the first thing that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rulebook.ballot import BallotPaper
from rulebook.canonical import LARGEST_INTEGER
from rulebook.dossier import Choices
from rulebook.pabulib.election import Election, PabulibError, PbProject, Remark
from rulebook.pabulib.lines import SECTIONS, Row, rows_of, text_of
from rulebook.pabulib.mapping import FALLBACK, KIND_OF_VOTE_TYPE, META_RULES, NOT_APPLIED, THRESHOLD_KEY

_DECIMAL = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_POINTS = re.compile(r"[0-9]{1,9}")
_MOST_DECIMALS = 6
_SPACES = " \t\u00a0\u202f\ufeff"


def read(source: str | bytes | Path) -> Election:
    """The election in a file: a path, its bytes, or its text.

    Raises PabulibError naming line and field for anything malformed, OSError where there is no such file.
    What is odd but countable (a project twice in a ballot, columns that differ from the ballots) is in
    the election's ``remarks``.
    """
    sections = _sections(text_of(source))
    meta, lines = _meta(sections["META"])
    vote_type = meta["vote_type"]
    header_line, header = _header(sections["PROJECTS"], "PROJECTS", ("project_id", "cost"))
    rows = sections["PROJECTS"][1:]
    cost_column = header.index("cost")
    places = max(
        [2, _decimals(meta["budget"], lines["budget"], "budget")]
        + [_decimals(row[cost_column], line, "cost") for line, row in rows if len(row) > cost_column]
    )
    budget = _money(meta["budget"], places, lines["budget"], "budget")
    projects = _projects(header, rows, places)
    _expect_count(meta, lines, "num_projects", len(projects))
    columns, groups, ballots_remarks = _votes(
        sections["VOTES"], vote_type, {project.id for project in projects}
    )
    _expect_count(meta, lines, "num_votes", len(columns["voter_id"]))
    remarks = [
        *_rule_remarks(meta, lines),
        *ballots_remarks,
        *_differing_columns(projects, groups, vote_type, header_line),
    ]
    return Election(
        meta=meta,
        vote_type=vote_type,
        budget=budget,
        scale=10**places,
        projects=projects,
        columns=columns,
        groups=groups,
        longest_ballot=max(map(len, groups), default=0),
        remarks=tuple(remarks),
    )


def _sections(text: str) -> dict[str, list[Row]]:
    sections: dict[str, list[Row]] = {}
    current: list[Row] | None = None
    for line, row in rows_of(text):
        if len(row) == 1:
            word = row[0].strip()
            if word in SECTIONS:
                expected = SECTIONS[len(sections)] if len(sections) < len(SECTIONS) else None
                if word != expected:
                    detail = f"section {word} comes where {expected or 'the file should end'} is expected"
                    raise PabulibError(line, word, "section_out_of_order", detail)
                current = sections[word] = []
                continue
        if current is None:
            raise PabulibError(line, "", "no_section", "the file does not begin with the section META")
        current.append((line, row))
    for name in SECTIONS:
        if name not in sections:
            raise PabulibError(0, name, "missing_section", f"the file has no section {name}")
    return sections


def _meta(rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, int]]:
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, (line, row) in enumerate(rows):
        key = row[0].strip(_SPACES)
        if number == 0 and [field.strip(_SPACES) for field in row] == ["key", "value"]:
            continue
        if len(row) != 2:
            raise PabulibError(
                line, key, "wrong_number_of_fields", f"key and value expected, {len(row)} fields found"
            )
        if key in meta:
            raise PabulibError(line, key, "repeated_key", f"META has {key!r} already in line {lines[key]}")
        meta[key] = row[1].strip(_SPACES)
        lines[key] = line
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise PabulibError(0, key, "missing_key", f"META has no {key!r}")
    if meta["vote_type"] not in KIND_OF_VOTE_TYPE:
        known = ", ".join(KIND_OF_VOTE_TYPE)
        detail = f"{meta['vote_type']!r} is not a vote type ({known})"
        raise PabulibError(lines["vote_type"], "vote_type", "unknown_vote_type", detail)
    return meta, lines


def _header(rows: Sequence[Row], section: str, required: Sequence[str]) -> tuple[int, list[str]]:
    if not rows:
        raise PabulibError(0, section, "missing_header", f"section {section} has no line of column names")
    line, row = rows[0]
    header = [name.strip(_SPACES) for name in row]
    for name in required:
        if name not in header:
            raise PabulibError(line, name, "missing_column", f"section {section} has no column {name!r}")
    for position, name in enumerate(header):
        if name in header[:position]:
            raise PabulibError(
                line, name, "repeated_column", f"section {section} has the column {name!r} twice"
            )
    return line, header


def _check_width(row: Sequence[str], header: Sequence[str], line: int) -> None:
    if len(row) != len(header):
        detail = f"{len(header)} fields expected ({', '.join(header)}), {len(row)} found"
        raise PabulibError(line, header[min(len(row), len(header)) - 1], "wrong_number_of_fields", detail)


def _projects(header: Sequence[str], rows: Sequence[Row], places: int) -> tuple[PbProject, ...]:
    projects: dict[str, PbProject] = {}
    for line, row in rows:
        _check_width(row, header, line)
        values = dict(zip(header, row, strict=True))
        project_id = values["project_id"].strip(_SPACES)
        if not project_id:
            raise PabulibError(line, "project_id", "empty_id", "the project has no id")
        if "," in project_id:
            detail = f"{project_id!r} has a comma, which separates projects on a ballot"
            raise PabulibError(line, "project_id", "bad_id", detail)
        if project_id in projects:
            detail = f"{project_id!r} is there already in line {projects[project_id].line}"
            raise PabulibError(line, "project_id", "repeated_project", detail)
        projects[project_id] = PbProject(
            id=project_id,
            cost=_money(values["cost"], places, line, "cost"),
            name=" ".join(values.get("name", "").split()),
            line=line,
            selected=_optional_whole(values.get("selected"), line, "selected"),
            votes=_optional_whole(values.get("votes"), line, "votes"),
            score=values.get("score"),
            category=values.get("category"),
            values=values,
        )
    return tuple(projects.values())


def _votes(
    rows: Sequence[Row], vote_type: str, known: set[str]
) -> tuple[dict[str, list[str]], dict[Choices, int], list[Remark]]:
    needs_points = KIND_OF_VOTE_TYPE[vote_type] == "points"
    required = ("voter_id", "vote", "points") if needs_points else ("voter_id", "vote")
    _, header = _header(rows, "VOTES", required)
    width = len(header)
    body = [row for _, row in rows[1:]]
    for line, row in rows[1:]:
        if len(row) != width:
            _check_width(row, header, line)
    columns: dict[str, list[str]] = (
        {name: list(column) for name, column in zip(header, zip(*body, strict=True), strict=True)}
        if body
        else {name: [] for name in header}
    )
    # a hundred thousand voters cast far fewer different ballots: each text is read once
    ballots = columns["vote"]
    points = columns["points"] if needs_points else [""] * len(ballots)
    texts = Counter(zip(ballots, points, strict=True))
    reader = _BallotReader(KIND_OF_VOTE_TYPE[vote_type], known)
    groups: dict[Choices, int] = {}
    remarks: list[Remark] = []
    for (vote, given), times in texts.items():
        try:
            choices = reader.read(vote, given)
        except _BallotFault as fault:
            position = next(
                i for i, pair in enumerate(zip(ballots, points, strict=True)) if pair == (vote, given)
            )
            raise PabulibError(rows[position + 1][0], fault.field, fault.code, fault.detail) from fault
        if reader.repeated:
            position = next(
                i for i, pair in enumerate(zip(ballots, points, strict=True)) if pair == (vote, given)
            )
            message = f"{reader.repeated!r} is more than once on a ballot ({times} such); {reader.treatment}"
            remarks.append(Remark("repeated_on_ballot", message, rows[position + 1][0]))
        groups[choices] = groups.get(choices, 0) + times
    repeated_voters = len(ballots) - len(set(columns["voter_id"]))
    if repeated_voters:
        message = f"{repeated_voters} ballots carry a voter id used before; all are counted"
        remarks.append(Remark("repeated_voter", message))
    return columns, groups, remarks


class _BallotFault(Exception):
    """What is wrong with one ballot, before its line is known."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.code, self.detail = field, code, detail


class _BallotReader:
    """The text of one ballot to canonical choices."""

    def __init__(self, kind: str, known: set[str]) -> None:
        self.kind = kind
        self.known = known
        # the same pair object wherever the same choice occurs
        self.pairs: dict[tuple[str, int], tuple[str, int]] = {}
        self.repeated = ""
        self.treatment = {
            "points": "its points are added up",
            "ranking": "its best place counts and what follows moves up",
        }.get(kind, "it counts once")

    def read(self, vote: str, points: str) -> Choices:
        """Canonical choices; ``repeated`` names a project that was there more than once, "" if none."""
        self.repeated = ""
        vote = vote.strip(_SPACES)
        if not vote:
            if points.strip(_SPACES):
                raise _BallotFault("points", "points_without_projects", "points are given, but no project")
            return ()
        ids = [entry.strip(_SPACES) for entry in vote.split(",")]
        for project in ids:
            if project not in self.known:
                detail = (
                    f"there is no project {project!r}"
                    if project
                    else "an empty place in the list of projects"
                )
                raise _BallotFault("vote", "unknown_project", detail)
        if self.kind == "points":
            return self._points(ids, points)
        if len(set(ids)) < len(ids):
            self.repeated = next(project for place, project in enumerate(ids) if project in ids[:place])
            ids = list(dict.fromkeys(ids))
        if self.kind == "ranking":
            pairs = [(project, rank) for rank, project in enumerate(ids, start=1)]
            return tuple([self.pairs.setdefault(pair, pair) for pair in pairs])
        ids.sort()
        return tuple([self.pairs.setdefault((project, 1), (project, 1)) for project in ids])

    def _points(self, ids: Sequence[str], text: str) -> Choices:
        given = text.split(",")
        if len(given) != len(ids):
            detail = f"{len(ids)} projects, but {len(given)} numbers of points"
            raise _BallotFault("points", "points_do_not_match", detail)
        total: dict[str, int] = {}
        for project, entry in zip(ids, given, strict=True):
            entry = entry.strip(_SPACES)
            if not _POINTS.fullmatch(entry):
                raise _BallotFault(
                    "points", "bad_points", f"{entry!r} is not a whole number of points, from 0 to 999999999"
                )
            if project in total:
                self.repeated = project
            total[project] = total.get(project, 0) + int(entry)
        # no points is no choice
        pairs = [(project, value) for project, value in total.items() if value]
        return BallotPaper.of("points", [self.pairs.setdefault(pair, pair) for pair in pairs]).choices


def _expect_count(meta: Mapping[str, str], lines: Mapping[str, int], key: str, found: int) -> None:
    if key in meta and _whole(meta[key], lines[key], key) != found:
        detail = f"META says {meta[key]}, the file has {found}: it is cut short or damaged"
        raise PabulibError(lines[key], key, "count_differs", detail)


def _rule_remarks(meta: Mapping[str, str], lines: Mapping[str, int]) -> list[Remark]:
    if meta.get(THRESHOLD_KEY):
        _whole(meta[THRESHOLD_KEY], lines[THRESHOLD_KEY], THRESHOLD_KEY)
    found = []
    rule = meta.get("rule", "")
    if rule not in META_RULES:
        message = f"META's rule {rule!r} is not among ours; unless another is asked for, {FALLBACK[0]} counts"
        found.append(Remark("rule_not_available", message, lines.get("rule", 0)))
    for key in NOT_APPLIED:
        if meta.get(key):
            found.append(Remark("not_applied", f"META's {key!r} is not applied", lines[key]))
    return found


def _differing_columns(
    projects: Sequence[PbProject], groups: Mapping[Choices, int], vote_type: str, line: int
) -> list[Remark]:
    """The file's own ``votes`` and ``score`` against its ballots, which are the truth."""
    votes = Counter[str]()
    scores = Counter[str]()
    is_ranking = KIND_OF_VOTE_TYPE[vote_type] == "ranking"
    for choices, count in groups.items():
        for project, value in choices:
            votes[project] += count
            scores[project] += count * (len(choices) - value + 1 if is_ranking else value)
    found = []
    checks: list[tuple[str, Counter[str], dict[str, object]]] = [
        ("votes", votes, {project.id: project.votes for project in projects}),
    ]
    if KIND_OF_VOTE_TYPE[vote_type] in ("points", "ranking"):
        checks.append(("score", scores, {p.id: _stated_score(p.score) for p in projects}))
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
    text = (text or "").strip(_SPACES)
    return int(text) if _WHOLE.fullmatch(text) else None


def _decimals(text: str, line: int, field: str) -> int:
    places = len((_decimal(text, line, field)[1] or "").rstrip("0"))
    if places > _MOST_DECIMALS:
        raise PabulibError(line, field, "bad_amount", f"{text!r} has more than {_MOST_DECIMALS} decimals")
    return places


def _money(text: str, places: int, line: int, field: str) -> int:
    """The amount in minor units of ``places`` decimals, exactly."""
    whole, fraction = _decimal(text, line, field)
    scale: int = 10**places
    amount = int(whole) * scale + int((fraction or "").rstrip("0").ljust(places, "0") or "0")
    if amount > LARGEST_INTEGER:
        raise PabulibError(
            line, field, "too_large", f"{text.strip(_SPACES)} is beyond what can be counted exactly"
        )
    return amount


def _decimal(text: str, line: int, field: str) -> tuple[str, str | None]:
    match = _DECIMAL.fullmatch(text.strip(_SPACES))
    if match is None:
        raise PabulibError(line, field, "bad_amount", f"{text!r} is not an amount of money, at least 0")
    return match[1], match[2]


def _whole(text: str, line: int, field: str) -> int:
    stripped = text.strip(_SPACES)
    if not _WHOLE.fullmatch(stripped):
        raise PabulibError(line, field, "bad_number", f"{text!r} is not a whole number, at least 0")
    return int(stripped)


def _optional_whole(text: str | None, line: int, field: str) -> int | None:
    return None if text is None or not text.strip(_SPACES) else _whole(text, line, field)
