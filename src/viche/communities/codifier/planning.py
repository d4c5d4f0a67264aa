"""What an edition of the codifier changes, as data: pure functions over the objects before and after."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from viche.communities.codifier.reading import Row
from viche.communities.models import OWN_CATEGORIES

ADDED, RENAMED, RECATEGORISED, MOVED, CLOSED, REOPENED = CHANGES = (
    "added", "renamed", "recategorised", "moved", "closed", "reopened",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of one object. before and after: names, categories or codes of parents, by kind.

    Of a closed object after is the code of its successor, empty where nothing took its place.
    """

    kind: str
    code: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Standing:
    """An object of the tree: what the table of territories says of it, now or after the edition."""

    code: str
    parent: str
    category: str
    name: str
    is_closed: bool = False
    successor: str = ""
    path: str = ""

    @property
    def is_own(self) -> bool:
        return self.category in OWN_CATEGORIES


@dataclass
class Plan:
    """changes in the order of codes; after: every object as it will be; faults: what makes the list unusable."""

    changes: list[Change] = field(default_factory=list)
    after: dict[str, Standing] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def plan(now: Mapping[str, Standing], rows: Sequence[Row], successors: Mapping[str, str]) -> Plan:
    """The tree after the edition. faults: (code of the fault, code of the object)."""
    made = Plan()
    listed = {row.code: row for row in rows}
    if len(listed) < len(rows):
        seen: set[str] = set()
        made.faults += [("twice", row.code) for row in rows if row.code in seen or seen.add(row.code)]  # type: ignore[func-returns-value]
    made.faults += [("no_parent", row.code) for row in rows if row.parent and row.parent not in listed]
    gone = [
        each.code
        for each in now.values()
        if not each.is_closed and not each.is_own and each.code not in listed
    ]
    made.faults += [
        ("region_missing", code) for code in gone if not now[code].parent and code not in successors
    ]
    heirs = _heirs(now, listed, gone, successors, made)
    if made.faults:
        return made
    parents = _parents(now, listed, heirs)
    paths = _paths(parents, made)
    if made.faults:
        return made
    for code in sorted({*now, *listed}):
        before, row = now.get(code), listed.get(code)
        if row is not None:
            after = Standing(code, parents[code], row.category, row.name, path=paths[code])
        else:
            assert before is not None
            is_closed = before.is_closed or not before.is_own
            after = Standing(
                code, parents[code], before.category, before.name, is_closed, heirs.get(code, ""), paths[code]
            )
        made.after[code] = after
        made.changes += _changes(before, after)
    return made


def _heirs(
    now: Mapping[str, Standing],
    listed: Mapping[str, Row],
    gone: Collection[str],
    successors: Mapping[str, str],
    made: Plan,
) -> dict[str, str]:
    """Who takes the place of each closed object.

    The last five digits of a code are the object's own number in the whole country: an object that only got another
    code (its hromada was moved) is found again by them.
    """
    numbers = {code[14:]: code for code in listed if code not in now}
    heirs = {code: each.successor for code, each in now.items() if each.successor and code not in listed}
    for code in gone:
        found = successors.get(code) or numbers.get(code[14:])
        if found:
            heirs[code] = found
    for code, heir in successors.items():
        if code in listed or code not in now or now[code].is_own:
            made.faults.append(("not_closed", code))
        elif heir not in listed:
            made.faults.append(("no_successor", code))
        elif not heirs.get(code):
            heirs[code] = heir
    return heirs


def heir_of(code: str, heirs: Mapping[str, str]) -> str:
    """The living end of the chain of successors; the code itself where it has none."""
    seen = set()
    while code in heirs and code not in seen:
        seen.add(code)
        code = heirs[code]
    return code


def _parents(
    now: Mapping[str, Standing], listed: Mapping[str, Row], heirs: Mapping[str, str]
) -> dict[str, str]:
    parents: dict[str, str] = {}
    for code, each in now.items():
        if code not in listed:
            parents[code] = heir_of(heirs[code], heirs) if code in heirs else heir_of(each.parent, heirs)
    for code, row in listed.items():
        parents[code] = row.parent
        district = now[code].parent if code in now else ""
        # a settlement stays in the district that its body drew, as long as both lie in the same body
        is_drawn = district in now and now[district].is_own and not now[district].is_closed
        if is_drawn and parents[district] == row.parent:
            parents[code] = district
    return parents


def _paths(parents: Mapping[str, str], made: Plan) -> dict[str, str]:
    paths: dict[str, str] = {}
    for start in parents:
        chain: list[str] = []
        code = start
        while code and code not in paths:
            if code in chain:
                made.faults.append(("loop", code))
                return paths
            chain.append(code)
            code = parents[code]
        for each in reversed(chain):
            paths[each] = f"{paths.get(parents[each], '')}{each}/"
    return paths


def _changes(before: Standing | None, after: Standing) -> list[Change]:
    if before is None:
        return [Change(ADDED, after.code, "", after.name)]
    if after.is_closed:
        if before.is_closed and before.successor == after.successor:
            return []
        return [Change(CLOSED, after.code, before.name, after.successor)]
    found = [Change(REOPENED, after.code, "", after.name)] if before.is_closed else []
    if before.name != after.name:
        found.append(Change(RENAMED, after.code, before.name, after.name))
    if before.category != after.category:
        found.append(Change(RECATEGORISED, after.code, before.category, after.category))
    if before.parent != after.parent:
        found.append(Change(MOVED, after.code, before.parent, after.parent))
    return found
