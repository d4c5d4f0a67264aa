"""Everything a count may see, as one document with a hash: rules, projects, ballots. Nothing about voters.

Ballots are grouped: identical ones become one entry with a count, sorted by their choices. Whatever
order they were cast in, through whatever channel and in whatever batches they came, the dossier of the
same ballots has the same bytes and the same hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

from rulebook.ballot import BallotPaper, Candidate
from rulebook.canonical import LARGEST_INTEGER, canonical
from rulebook.lot import Lot, lot_commitment
from rulebook.protocols import Protocol, protocol_faults
from rulebook.rules import Pot, Rules, RulesError, parse

DOSSIER_FORMAT = "viche/dossier/v1"
_SEED = re.compile(r"[0-9a-f]{64}")

Choices = tuple[tuple[str, int], ...]


class DossierError(ValueError):
    """The dossier cannot be counted; the message says where and why."""


@dataclass(frozen=True)
class DossierProject:
    """A project as the count sees it.

    ``cost`` in minor units; ``order`` is its place of submission; ``support`` the number of support
    signatures; ``rivals`` names a group of projects of which at most one may win; ``least`` is the smallest
    part of its cost (minor units) that the author agreed to carry the project out with.
    """

    id: str
    cost: int
    pot: str
    size_class: str | None = None
    category: str | None = None
    territory: str | None = None
    order: int = 0
    name: str = ""
    support: int = 0
    rivals: str | None = None
    least: int | None = None

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
    ``lot`` is the public lot once its seed is shown; ``decisions`` the commission's recorded orders of
    tied projects, the best first. ``protocols`` are votes on paper of which only sums are known, by their ids; the
    document has them only where there are some.
    """

    contest: str
    currency: str
    scale: int
    rules: Rules
    projects: tuple[DossierProject, ...]
    ballots: tuple[BallotGroup, ...]
    lot: Lot | None = None
    decisions: tuple[tuple[str, ...], ...] = ()
    protocols: tuple[Protocol, ...] = ()

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
        lot: Lot | None = None,
        decisions: Iterable[Iterable[str]] = (),
        protocols: Iterable[Protocol] = (),
    ) -> Dossier:
        """A checked dossier from single ballots, from groups already counted, or from both.

        Ballots that are not valid under the rules may be among them: the count sets them aside and says
        how many. Raises DossierError for repeated project ids, unknown pots, negative costs and the like.
        """
        merged: Counter[Choices] = Counter()
        in_order = _order_of(rules.ballot.kind)
        for paper in papers:
            merged[in_order(paper.choices)] += 1
        for choices, count in groups:
            merged[in_order(choices)] += count
        dossier = cls(
            contest=contest,
            currency=currency,
            scale=scale,
            rules=rules,
            projects=tuple(sorted(projects, key=lambda project: (project.order, project.id))),
            ballots=tuple(BallotGroup(choices, merged[choices]) for choices in sorted(merged)),
            lot=lot,
            decisions=tuple(tuple(decision) for decision in decisions),
            protocols=tuple(sorted(Protocol.of(*protocol) for protocol in protocols)),
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
        """How many ballots there are, valid or not, those on protocols too."""
        return sum(group.count for group in self.ballots) + self.on_protocols

    @property
    def on_protocols(self) -> int:
        """How many ballots came in on protocols: valid ones, of which only sums are known."""
        return sum(protocol.ballots for protocol in self.protocols)

    def document(self) -> dict[str, Any]:
        """The JSON document that is published."""
        return {**self._head(), "ballots": [_group_document(group) for group in self.ballots]}

    def canonical(self) -> bytes:
        """The canonical bytes (RFC 8785) of the document: what is stored, published and hashed."""
        # written piece by piece: "ballots" sorts before every other key, and the same choice is encoded
        # once, not once for each of a hundred thousand ballots
        return b'{"ballots":' + self._canonical_ballots() + b"," + canonical(self._head())[1:]

    def _canonical_ballots(self) -> bytes:
        encoded = _Encoded()
        groups = [
            f'{{"choices":[{",".join([encoded[pair] for pair in choices])}],"count":{count}}}'
            for choices, count in self.ballots
        ]
        return b"[" + ",".join(groups).encode() + b"]"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical document, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    @cached_property
    def ballots_digest(self) -> str:
        """SHA-256 of the canonical list of ballots alone, in hexadecimal: what a lot is drawn with.

        Where there are protocols, their canonical list follows that of the ballots.
        """
        protocols = canonical([each.document() for each in self.protocols]) if self.protocols else b""
        return hashlib.sha256(self._canonical_ballots() + protocols).hexdigest()

    @classmethod
    def from_document(cls, document: object) -> Dossier:
        """The dossier a document states, checked. Raises DossierError naming what is wrong."""
        has_protocols = isinstance(document, Mapping) and "protocols" in document
        keys = {"format", "contest", "currency", "scale", "rules", "projects", "ballots", "lot", "decisions"}
        record = _record(document, "", keys | {"protocols"} if has_protocols else keys)
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
            lot=_lot(record["lot"]),
            decisions=[
                _decision(entry, f"/decisions/{i}") for i, entry in _items(record["decisions"], "/decisions")
            ],
            protocols=[
                _protocol(entry, f"/protocols/{i}")
                for i, entry in _items(record.get("protocols", ()), "/protocols")
            ],
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
            "lot": None if self.lot is None else dict(vars(self.lot)),
            "decisions": [list(decision) for decision in self.decisions],
            **({"protocols": [each.document() for each in self.protocols]} if self.protocols else {}),
        }


class _Encoded(dict[tuple[str, int], str]):
    """The canonical text of a choice, made once however many ballots hold it."""

    def __missing__(self, pair: tuple[str, int]) -> str:
        text = self[pair] = canonical(list(pair)).decode()
        return text


def _order_of(kind: str) -> Callable[[Choices], Choices]:
    """Choices in the canonical order of ballots of the kind (see BallotPaper)."""
    if kind == "ranking":
        return lambda choices: BallotPaper.of(kind, choices).choices
    return lambda choices: choices if len(choices) < 2 else tuple(sorted(choices))


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
        if project.support < 0:
            yield f"{place}: the number of support signatures {project.support} is negative"
        if project.least is not None and not 0 < project.least <= project.cost:
            yield f"{place}: the least amount {project.least} is not between 1 and the cost"
    for index, decision in enumerate(dossier.decisions):
        for number, named in enumerate(decision):
            if named not in seen or named in decision[:number]:
                yield f"/decisions/{index}: {named!r} is no project, or is there twice"
    if dossier.lot is not None:
        yield from _lot_faults(dossier.contest, dossier.lot)
    for group in dossier.ballots:
        if not 1 <= group.count <= LARGEST_INTEGER:
            yield f"ballot {list(group.choices)}: the count {group.count} is not positive, or too large"
    candidates = {project.id: project.candidate() for project in dossier.projects}
    yield from protocol_faults(dossier.protocols, dossier.rules, candidates)


def _lot_faults(contest: str, lot: Lot) -> Iterator[str]:
    if not _SEED.fullmatch(lot.seed) or not _SEED.fullmatch(lot.commitment):
        yield "/lot: seed and commitment are 64 hexadecimal digits each"
    elif lot_commitment(contest, bytes.fromhex(lot.seed)) != lot.commitment:
        yield "/lot: the seed is not the one that was committed to"


def _lot(value: object) -> Lot | None:
    if value is None:
        return None
    record = _record(value, "/lot", {"commitment", "seed"})
    return Lot(**{key: _string(text, f"/lot/{key}") for key, text in record.items()})


def _decision(value: object, place: str) -> list[str]:
    return [_string(entry, f"{place}/{i}") for i, entry in _items(value, place)]


def _project(entry: object, place: str) -> DossierProject:
    record = _record(entry, place, {each.name for each in fields(DossierProject)})
    for key in ("id", "pot", "name"):
        _string(record[key], f"{place}/{key}")
    for key in ("size_class", "category", "territory", "rivals"):
        if record[key] is not None:
            _string(record[key], f"{place}/{key}")
    for key in ("cost", "order", "support"):
        _whole(record[key], f"{place}/{key}")
    if record["least"] is not None:
        _whole(record["least"], f"{place}/least")
    return DossierProject(**record)


def _group(entry: object, place: str) -> tuple[Choices, int]:
    record = _record(entry, place, {"choices", "count"})
    try:
        choices = BallotPaper.from_document({"choices": record["choices"]}).choices
    except ValueError as error:
        raise DossierError(f"{place}/choices: {error}") from error
    for _, value in choices:
        _whole(value, f"{place}/choices")
    return choices, _whole(record["count"], f"{place}/count")


def _protocol(entry: object, place: str) -> Protocol:
    record = _record(entry, place, {"id", "ballots", "votes"})
    votes: list[tuple[str, int]] = []
    for index, pair in _items(record["votes"], f"{place}/votes"):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise DossierError(f"{place}/votes/{index}: a pair of project and number is expected")
        votes.append((_string(pair[0], f"{place}/votes/{index}"), _whole(pair[1], f"{place}/votes/{index}")))
    return Protocol(
        _string(record["id"], f"{place}/id"), _whole(record["ballots"], f"{place}/ballots"), tuple(votes)
    )


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
