"""Votes on paper of which only a polling point's signed protocol came in: how many ballots, how many votes.

Nobody knows how each of these ballots was filled in. So they count where the sums decide, and they are in no figure
about single voters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rulebook.ballot import Candidate
from rulebook.canonical import LARGEST_INTEGER, canonical
from rulebook.options import COUNTED_IN_TOTALS
from rulebook.rules import BallotShape, Rules

Votes = tuple[tuple[str, int], ...]


class Protocol(NamedTuple):
    """The protocol of one polling point. ``id`` is how the log calls it, ``ballots`` how many were valid.

    ``votes``: (project, how many votes, on a points ballot how many points), by project, without those that got none.
    """

    id: str
    ballots: int
    votes: Votes

    @classmethod
    def of(cls, protocol: str, ballots: int, votes: Iterable[tuple[str, int]]) -> Protocol:
        """A protocol from votes in any order."""
        return cls(protocol, ballots, tuple(sorted(pair for pair in votes if pair[1] != 0)))

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "id": self.id,
            "ballots": self.ballots,
            "votes": [[project, number] for project, number in self.votes],
        }


def votes_commitment(votes: Mapping[str, int], nonce: bytes) -> str:
    """What the log says of a protocol's votes before the box is opened: SHA-256 (hex) over nonce and votes."""
    text = canonical([[project, number] for project, number in sorted(votes.items()) if number])
    return hashlib.sha256(b"viche/protocol/v1\0" + nonce + text).hexdigest()


def protocol_faults(
    protocols: Sequence[Protocol], rules: Rules, candidates: Mapping[str, Candidate]
) -> Iterator[str]:
    """What cannot be, in words: projects nobody knows, more votes than so many ballots can hold."""
    seen: set[str] = set()
    for protocol in protocols:
        place = f"protocol {protocol.id!r}"
        if rules.ballot.kind not in COUNTED_IN_TOTALS:
            yield f"{place}: totals of ballots of the kind {rules.ballot.kind!r} cannot be counted"
        if not protocol.id or protocol.id in seen:
            yield f"{place}: it has no id, or the id is there twice"
        seen.add(protocol.id)
        if not 0 <= protocol.ballots <= LARGEST_INTEGER:
            yield f"{place}: the number of ballots {protocol.ballots} is negative or too large"
            continue
        named: set[str] = set()
        for project, votes in protocol.votes:
            if project not in candidates or project in named:
                yield f"{place}: {project!r} is no project, or is there twice"
            elif not 0 <= votes <= LARGEST_INTEGER:
                yield f"{place}: the votes {votes} for {project!r} are negative or too many"
            named.add(project)
        if named <= set(candidates):
            yield from (f"{place}: {fault}" for fault in _sums(protocol, rules.ballot, candidates))


def _sums(protocol: Protocol, shape: BallotShape, candidates: Mapping[str, Candidate]) -> Iterator[str]:
    """Sums that so many valid ballots cannot have."""
    ballots, votes = protocol.ballots, dict(protocol.votes)
    total = sum(votes.values())
    if shape.kind == "points":
        each, most, what = shape.max_points_per_project or shape.max_points, shape.max_points, "points"
    else:
        each, most, what = 1, shape.choice_limit, "votes"
    for project, number in votes.items():
        if each is not None and number > ballots * each:
            yield f"{number} {what} for {project!r}, and {ballots} ballots hold at most {ballots * each}"
        elif number and not ballots:
            yield f"{number} {what} for {project!r} on no ballot"
    if most is not None and total > ballots * most:
        yield f"{total} {what}, and {ballots} ballots hold at most {ballots * most}"
    if total < ballots * shape.min_choices:
        yield f"{total} {what}, and {ballots} ballots hold at least {ballots * shape.min_choices}"
    if shape.kind == "points":
        return  # on how many ballots a project stands no sum of points tells
    for dimension, limits in (("size_class", shape.max_per_class), ("category", shape.max_per_category)):
        for key, limit in limits.items():
            found = sum(n for project, n in votes.items() if getattr(candidates[project], dimension) == key)
            if found > ballots * limit:
                yield f"{found} votes in {key!r}, and {ballots} ballots hold at most {ballots * limit}"
    if shape.max_per_territory is not None:
        for territory in {each.territory for each in candidates.values()} - {None}:
            found = sum(n for project, n in votes.items() if candidates[project].territory == territory)
            if found > ballots * shape.max_per_territory:
                most_there = ballots * shape.max_per_territory
                yield f"{found} votes in {territory!r}, and {ballots} ballots hold at most {most_there}"
    if shape.max_cost is not None:
        cost = sum(candidates[project].cost * n for project, n in votes.items())
        if cost > ballots * shape.max_cost:
            yield f"the projects of all votes cost more than {ballots} ballots may name"
