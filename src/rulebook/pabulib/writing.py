"""Back to the text of a ``.pb`` file: an election that was read from one, or a contest of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rulebook.ballot import BallotPaper, defects
from rulebook.dossier import BallotGroup, Choices, Dossier, DossierProject
from rulebook.options import EVERY, OPTIONS, usual_score
from rulebook.pabulib.checks import totals
from rulebook.pabulib.election import Election
from rulebook.pabulib.faults import PabulibError
from rulebook.pabulib.lines import SECTIONS, SPACES
from rulebook.pabulib.mapping import META_RULES, THRESHOLD_KEY

if TYPE_CHECKING:
    from rulebook.counting.outcome import Outcome

RULE_NAMES = frozenset(
    {
        "greedy",
        "greedy-no-skip",
        "greedy-threshold",
        "greedy-exclusive",
        "equalshares",
        "equalshares-comparison",
        "equalshares/add1",
        "equalshares/add1-comparison",
    }
)
"""Names of rules that Pabulib's checker knows and that mean one rule."""


def write(election: Election) -> str:
    """The ``.pb`` text: LF, fields quoted only where they must be; ``read`` gives the election back."""
    lines = ["META", "key;value"]
    lines += [_line(pair) for pair in election.meta.items()]
    lines.append("PROJECTS")
    if election.projects:
        lines.append(_line(election.projects[0].values))
        lines += [_line(project.values.values()) for project in election.projects]
    else:
        lines.append("project_id;cost")
    lines += ["VOTES", _line(election.columns)]
    lines += [_line(row) for row in zip(*election.columns.values(), strict=True)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Heading:
    """What META must say and no dossier knows: where the contest was held, which one, and when.

    ``country`` by its English name; ``instance`` is usually the year; first and last day of the voting.
    An empty ``description`` is the title of the rules.
    """

    country: str
    unit: str
    instance: str
    begins: date
    ends: date
    description: str = ""
    language: str = ""


def write_contest(dossier: Dossier, heading: Heading, outcome: Outcome | None = None) -> str:
    """A contest of our own as ``.pb`` text; with its decided ``outcome``, which projects were selected.

    The lines of ``contest_lines`` at once; raises what it raises.
    """
    funded = frozenset(outcome.funded) if outcome is not None and outcome.is_decided else None
    return "".join(contest_lines(dossier, heading, funded))


def contest_lines(dossier: Dossier, heading: Heading, funded: frozenset[str] | None = None) -> Iterator[str]:
    """The lines of a contest of our own, each with its end; ``funded``: the selected projects, once decided.

    Holds the valid ballots that choose something, each under a running number that says nothing of its
    voter. Several pots become one budget, their sum; a rule that Pabulib has no name for is "unknown".
    Raises PabulibError for what the format cannot hold: a kind of ballot or a scale of money it does not
    know, an id that would not be one, ballots known only from protocols (a file lists every single ballot).
    """
    if dossier.protocols:
        text = f"{dossier.on_protocols} ballots are known from protocols only; a file lists every single one"
        raise PabulibError(0, "vote", "ballots_on_protocols", text)
    vote_type = _vote_type(dossier)
    for project in dossier.projects:
        _check_id(project.id)
    kind = dossier.rules.ballot.kind
    candidates = {project.id: project.candidate() for project in dossier.projects}
    groups = [
        group
        for group in dossier.ballots
        if group.choices and not defects(BallotPaper(group.choices), dossier.rules, candidates)
    ]
    votes, scores = totals(dict(groups), kind)
    ranked = sorted(
        dossier.projects,
        key=lambda project: (
            -scores[project.id],
            # of equal projects the funded one first: the order of the list decides ties
            funded is not None and project.id not in funded,
            project.order,
            project.id,
        ),
    )
    lines = ["META", "key;value"]
    lines += [_line(pair) for pair in _meta(dossier, heading, vote_type, groups).items()]
    rows = [_project(dossier, project) for project in ranked]
    for row in rows:
        row["votes"] = str(votes[row["project_id"]])
        row["score"] = str(scores[row["project_id"]])
        row["selected"] = str(int(row["project_id"] in (funded or ())))
    names = ["project_id", "cost", "votes", "score", "name", "category", "selected"]
    if kind not in ("points", "ranking"):
        names.remove("score")
    if not any(project.category for project in dossier.projects):
        names.remove("category")
    if funded is None:
        names.remove("selected")
    lines += ["PROJECTS", _line(names)]
    lines += [_line(row[name] for name in names) for row in rows]
    lines += ["VOTES", "voter_id;vote;points" if kind == "points" else "voter_id;vote"]
    yield from (f"{line}\n" for line in lines)
    number = 0
    for choices, times in groups:
        paper = _line(_paper(choices, kind))
        yield from (f"{voter};{paper}\n" for voter in range(number + 1, number + times + 1))
        number += times


def _vote_type(dossier: Dossier) -> str:
    shape = dossier.rules.ballot
    if shape.kind == "points":
        return "scoring" if shape.max_points is None else "cumulative"
    names = {"approval": "approval", "choose-1": "choose-1", "ranking": "ordinal"}
    if shape.kind not in names:
        raise PabulibError(
            0, "vote_type", "unknown_vote_type", f"Pabulib has no ballots of kind {shape.kind!r}"
        )
    return names[shape.kind]


def _meta(
    dossier: Dossier, heading: Heading, vote_type: str, groups: Iterable[BallotGroup]
) -> dict[str, str]:
    shape = dossier.rules.ballot
    budget = sum(pot.amount for pot in dossier.pots)
    listed = sum(group.count for group in groups)
    most = None if shape.choice_limit is None else min(shape.choice_limit, len(dossier.projects))
    threshold = dossier.rules.counting.options.get("threshold", {}).get(EVERY)
    rule = _rule(dossier)
    notes = []
    if len(dossier.pots) > 1:
        parts = ", ".join(f"{pot.id} {_amount(pot.amount, dossier.scale)}" for pot in dossier.pots)
        notes.append(f"the budget is the sum of {len(dossier.pots)} pots: {parts}")
    if rule == "unknown":
        notes.append(f"counted by {dossier.rules.counting.rule}")
    if dossier.voters > listed:
        notes.append(f"{dossier.voters - listed} empty or invalid ballots are not listed")
    is_plenty = budget >= sum(project.cost for project in dossier.projects)
    is_approval = shape.kind == "approval"
    meta = {
        "description": heading.description or dossier.rules.title.get("uk"),
        "country": heading.country,
        "unit": heading.unit,
        "instance": heading.instance,
        "num_projects": str(len(dossier.projects)),
        "num_votes": str(listed),
        "budget": _amount(budget, dossier.scale),
        "vote_type": vote_type,
        "rule": rule,
        "date_begin": heading.begins.strftime("%d.%m.%Y"),
        "date_end": heading.ends.strftime("%d.%m.%Y"),
        "min_length": str(shape.min_choices or ""),
        "max_length": str(most or ""),
        "max_sum_cost": ""
        if not is_approval or shape.max_cost is None
        else _amount(shape.max_cost, dossier.scale),
        "max_points": str(shape.max_points_per_project or "") if shape.kind == "points" else "",
        "max_sum_points": str(shape.max_points or "") if shape.kind == "points" else "",
        THRESHOLD_KEY: "" if threshold is None or rule == "unknown" else str(threshold),
        "language": heading.language,
        "currency": dossier.currency,
        "fully_funded": "1" if is_plenty else "",
        "comment": " ".join(f"#{number}: {note}" for number, note in enumerate(notes, start=1)),
    }
    return {key: text for key, value in meta.items() if (text := " ".join(value.split()))}


def _rule(dossier: Dossier) -> str:
    """Pabulib's name of the counting rule with these options; "unknown" where it has none."""
    counting = dossier.rules.counting
    options = dict(counting.options)
    threshold = options.pop("threshold", {})
    if len(dossier.pots) > 1 or set(threshold) - {EVERY}:
        return "unknown"
    stated = _in_full(counting.rule, options)
    score = usual_score(dossier.rules.ballot.kind)
    known = {option.name for option in OPTIONS.get(counting.rule, ())}
    for name, (rule, named) in META_RULES.items():
        meant = {key: value for key, value in {**named, "score": score}.items() if key in known}
        if name in RULE_NAMES and rule == counting.rule and stated == _in_full(rule, meant):
            if any(project.rivals for project in dossier.projects):
                return "greedy-exclusive" if name == "greedy" and not threshold else "unknown"
            if threshold:
                return {"greedy": "greedy-threshold", "greedy-no-skip": name}.get(name, "unknown")
            return name
    return "unknown"


def _in_full(rule: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the defaults of those that are not stated; empty tables say nothing."""
    usual = {option.name: option.values[0] for option in OPTIONS.get(rule, ()) if option.values}
    return {**usual, **{name: value for name, value in options.items() if value}}


def _project(dossier: Dossier, project: DossierProject) -> dict[str, str]:
    return {
        "project_id": project.id,
        "cost": _amount(project.cost, dossier.scale),
        "name": " ".join(project.name.split()) or project.id,
        "category": ",".join(part.strip() for part in (project.category or "").split(",")),
    }


def _paper(choices: Choices, kind: str) -> list[str]:
    """The fields ``vote`` and, for points, ``points``: the most points first."""
    if kind != "points":
        return [",".join(project for project, _ in choices)]
    descending = sorted(choices, key=lambda pair: (-pair[1], pair[0]))
    return [",".join(project for project, _ in descending), ",".join(str(value) for _, value in descending)]


def _amount(minor: int, scale: int) -> str:
    """Units of currency with as many decimals as it takes: 50050 of a scale of 100 is "500.50"."""
    places = len(str(scale)) - 1
    if scale != 10**places:
        raise PabulibError(0, "scale", "bad_scale", f"{scale} minor units in a unit are no decimals")
    whole, fraction = divmod(minor, scale)
    return f"{whole}.{fraction:0{places}}" if fraction else str(whole)


def _check_id(project: str) -> None:
    if (
        not project
        or project != project.strip(SPACES)
        or project != project.strip()
        or project.upper() in SECTIONS
        or any(mark in project for mark in ',\n\r"')
    ):
        raise PabulibError(0, "project_id", "bad_id", f"{project!r} cannot be the id of a project in a file")


def _line(fields: Iterable[str]) -> str:
    return ";".join(_field(text) for text in fields)


def _field(text: str) -> str:
    if ";" in text or text.startswith('"') or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
