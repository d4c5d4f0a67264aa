"""Everything a count may see, as one document with a hash: rules, projects, ballots. Nothing about voters.

Ballots are grouped: identical ones become one entry with a count, sorted by their choices. Whatever
order they were cast in, through whatever channel and in whatever batches they came, the dossier of the
same ballots has the same bytes and the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from rulebook.ballot import BallotPaper, Candidate
from rulebook.canonical import LARGEST_INTEGER, canonical
from rulebook.rules import Pot, Rules, RulesError, parse

DOSSIER_FORMAT = "viche/dossier/v1"

Choices = tuple[tuple[str, int], ...]


class DossierError(ValueError):
    """The dossier cannot be counted; the message says where and why."""


@dataclass(frozen=True)
class DossierProject:
    """A project as the count sees it. ``cost`` in minor units; ``order`` is its place of submission."""

    id: str
    cost: int
    pot: str
    size_class: str | None = None
    category: str | None = None
    territory: str | None = None
    order: int = 0
    name: str = ""

    def candidate(self) -> Candidate:
        """The project as a ballot sees it."""
        return Candidate(
            id=self.id,
            cost=self.cost,
            size_class=self.size_class,
            category=self.category,
            territory=self.territory,
        )


class BallotGroup(NamedTuple):
    """Identical ballots: their choices in canonical order (see BallotPaper) and how many there are."""

    choices: Choices
    count: int  # type: ignore[assignment]  # the field hides tuple.count, which nobody needs here


@dataclass(frozen=True)
class Dossier:
    """The whole input of a count. Build one with ``build`` or ``from_document``: both check it.

    ``scale`` is the number of minor units in one unit of ``currency`` (100 kopiykas in a hryvnia).
    """

    contest: str
    currency: str
    scale: int
    rules: Rules
    projects: tuple[DossierProject, ...]
    ballots: tuple[BallotGroup, ...]

    @classmethod
    def build(
        cls,
        *,
        contest: str,
        rules: Rules,
        projects: Iterable[DossierProject],
        papers: Iterable[BallotPaper] = (),
        groups: Iterable[tuple[Choices, int]] = (),
        currency: str = "UAH",
        scale: int = 100,
    ) -> Dossier:
        """A checked dossier from single ballots, from groups already counted, or from both.

        Ballots that are not valid under the rules may be among them: the count sets them aside and says
        how many. Raises DossierError for repeated project ids, unknown pots, negative costs and the like.
        """
        tally: Counter[Choices] = Counter()
        for paper in papers:
            tally[paper.choices] += 1
        for choices, count in groups:
            tally[choices] += count
        kind = rules.ballot.kind
        merged: Counter[Choices] = Counter()
        for choices, count in tally.items():
            merged[BallotPaper.of(kind, choices).choices if len(choices) > 1 else choices] += count
        dossier = cls(
            contest=contest,
            currency=currency,
            scale=scale,
            rules=rules,
            projects=tuple(sorted(projects, key=lambda project: (project.order, project.id))),
            ballots=tuple(BallotGroup(choices, merged[choices]) for choices in sorted(merged)),
        )
        for fault in _faults(dossier):
            raise DossierError(fault)
        return dossier

    @property
    def pots(self) -> tuple[Pot, ...]:
        """The pots of the rules, in the order of the regulation."""
        return self.rules.pots

    @property
    def voters(self) -> int:
        """How many ballots there are, valid or not."""
        return sum(group.count for group in self.ballots)

    def document(self) -> dict[str, Any]:
        """The JSON document that is published."""
        return {**self._head(), "ballots": [_group_document(group) for group in self.ballots]}

    def canonical(self) -> bytes:
        """The canonical bytes (RFC 8785) of the document: what is stored, published and hashed."""
        # written piece by piece: "ballots" sorts before every other key, and the same choice is encoded
        # once, not once for each of a hundred thousand ballots
        encoded: dict[tuple[str, int], str] = {}
        groups: list[str] = []
        for choices, count in self.ballots:
            for pair in choices:
                if pair not in encoded:
                    encoded[pair] = canonical(list(pair)).decode()
            inner = ",".join([encoded[pair] for pair in choices])
            groups.append(f'{{"choices":[{inner}],"count":{count}}}')
        return b'{"ballots":[' + ",".join(groups).encode() + b"]," + canonical(self._head())[1:]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    @classmethod
    def from_document(cls, document: object) -> Dossier:
        """The dossier a document states, checked. Raises DossierError naming what is wrong."""
        record = _record(
            document, "", {"format", "contest", "currency", "scale", "rules", "projects", "ballots"}
        )
        if record["format"] != DOSSIER_FORMAT:
            raise DossierError(f"/format: {record['format']!r} is not {DOSSIER_FORMAT!r}")
        try:
            rules = parse(_record(record["rules"], "/rules"))
        except RulesError as error:
            raise DossierError(f"/rules: {error}") from error
        return cls.build(
            contest=_string(record["contest"], "/contest"),
            currency=_string(record["currency"], "/currency"),
            scale=_whole(record["scale"], "/scale"),
            rules=rules,
            projects=[
                _project(entry, f"/projects/{i}") for i, entry in _items(record["projects"], "/projects")
            ],
            groups=[_group(entry, f"/ballots/{i}") for i, entry in _items(record["ballots"], "/ballots")],
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Dossier:
        """The dossier of a JSON text. Raises DossierError, with line and column where it is not JSON."""
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            raise DossierError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
        except UnicodeDecodeError as error:
            raise DossierError(f"byte {error.start}: not UTF-8 text") from error
        except RecursionError as error:
            raise DossierError("the JSON is nested too deeply") from error
        except ValueError as error:
            # a number of thousands of digits
            raise DossierError(f"not JSON that can be read: {error}") from error
        return cls.from_document(document)

    def _head(self) -> dict[str, Any]:
        return {
            "format": DOSSIER_FORMAT,
            "contest": self.contest,
            "currency": self.currency,
            "scale": self.scale,
            "rules": self.rules.as_document(),
            "projects": [dict(vars(project)) for project in self.projects],
        }


def _group_document(group: BallotGroup) -> dict[str, Any]:
    return {"choices": [[project, value] for project, value in group.choices], "count": group.count}


def _faults(dossier: Dossier) -> Iterator[str]:
    pots = {pot.id for pot in dossier.pots}
    if len(pots) != len(dossier.pots):
        yield "/rules/pots: two pots share an id"
    if dossier.scale < 1:
        yield "/scale: there is at least one minor unit in a unit"
    seen: set[str] = set()
    for index, project in enumerate(dossier.projects):
        place = f"project {project.id!r} (/projects/{index})"
        if project.id in seen:
            yield f"{place}: the id is there twice"
        seen.add(project.id)
        if not 0 <= project.cost <= LARGEST_INTEGER:
            yield f"{place}: the cost {project.cost} is negative or too large"
        if project.pot not in pots:
            yield f"{place}: there is no pot {project.pot!r}"
    for group in dossier.ballots:
        if group.count < 1:
            yield f"ballot {list(group.choices)}: the count {group.count} is not positive"


def _project(entry: object, place: str) -> DossierProject:
    record = _record(
        entry, place, {"id", "cost", "pot", "size_class", "category", "territory", "order", "name"}
    )
    for key in ("id", "pot", "name"):
        _string(record[key], f"{place}/{key}")
    for key in ("size_class", "category", "territory"):
        if record[key] is not None:
            _string(record[key], f"{place}/{key}")
    for key in ("cost", "order"):
        _whole(record[key], f"{place}/{key}")
    return DossierProject(**record)


def _group(entry: object, place: str) -> tuple[Choices, int]:
    record = _record(entry, place, {"choices", "count"})
    try:
        choices = BallotPaper.from_document({"choices": record["choices"]}).choices
    except ValueError as error:
        raise DossierError(f"{place}/choices: {error}") from error
    return choices, _whole(record["count"], f"{place}/count")


def _record(value: object, place: str, keys: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise DossierError(f"{place or '/'}: an object is expected, not {type(value).__name__}")
    if keys is not None and set(value) != keys:
        missing, extra = sorted(keys - set(value)), sorted(set(value) - keys)
        raise DossierError(f"{place or '/'}: missing {missing}, unknown {extra}")
    return dict(value)


def _items(value: object, place: str) -> Iterator[tuple[int, object]]:
    if not isinstance(value, (list, tuple)):
        raise DossierError(f"{place}: a list is expected, not {type(value).__name__}")
    yield from enumerate(value)


def _string(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise DossierError(f"{place}: a text is expected, not {value!r}")
    return value


def _whole(value: object, place: str) -> int:
    if type(value) is not int or abs(value) > LARGEST_INTEGER:
        raise DossierError(f"{place}: a whole number is expected, not {value!r}")
    return value
