"""What differs between two rules documents, and the merge of two that were changed at once.

Documents are compared as they are understood, so that a default and its absence are equal; of one that does not
parse, each field that would, and the rest as it stands. Records that have an id (channels: a kind) are matched by it,
wherever in their list they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rulebook.rules.model import RulesError, parse
from rulebook.rules.schema import SCHEMA_NUMBER

ADDED, REMOVED, CHANGED, REORDERED = CHANGES = ("added", "removed", "changed", "reordered")

ORDERED = ("pots", "review", "questions", "options")
"""Lists of records with ids in which the order means something: leftovers of shares stay with the last pot, and
stages follow each other, questions and what a choice offers are asked in their order. Steps of the approval and
words for ties have no ids, their order always counts."""

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One difference. ``path`` is a JSON Pointer: into the document after, of something removed into the one before.

    ``keys`` is the same place with the ids of records instead of their numbers. ``before`` is None for what is added,
    ``after`` for what is removed; where records are ``reordered`` both are the ids in their order.
    """

    path: str
    kind: str
    before: Any
    after: Any
    keys: Keys = ()


class _Absent:
    """There is nothing in this place."""


ABSENT = _Absent()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """All differences, in the order of the fields of ``after``; empty where the documents say the same."""
    one, other = _understood(before), _understood(after)
    return [
        Change(_pointer(keys, one if kind == REMOVED else other), kind, deepcopy(old), deepcopy(new), keys)
        for keys, kind, old, new in _differing(one, other, ())
    ]


def apply_changes(document: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The document with the changes made; ``differences(a, b)`` make ``b`` of ``a``, as it is understood.

    Raises LookupError where a change names a place that is not there.
    """
    made: dict[str, Any] = deepcopy(_understood(document))
    # what is added to a list goes to its number in the document after, the first of them first
    late = (ADDED, REORDERED)
    for change in [each for each in changes if each.kind not in late] + sorted(
        (each for each in changes if each.kind in late),
        key=lambda each: (each.kind == REORDERED, *_number(each)),
    ):
        if not change.keys:
            return deepcopy(change.after)
        place = _reached(made, change.keys[:-1])
        if change.kind == REORDERED:
            records = _reached(made, change.keys)
            key = _key_of(records) or "id"
            records.sort(key=lambda record: change.after.index(record[key]))
        elif isinstance(place, list):
            _change_list(place, change)
        elif change.kind == REMOVED:
            del place[change.keys[-1]]
        else:
            place[change.keys[-1]] = deepcopy(change.after)
    return made


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The document with the changes that two people made to ``base`` at once, and the paths on which they conflict.

    Where both changed the same place in different ways the merged document says what ``mine`` says; of something that
    one removed and the other changed, it keeps what was changed. Paths are JSON Pointers into the merged document.
    Changes that do not touch may still contradict each other: ask ``problems``.
    """
    known, ours, others = map(_understood, (base, mine, theirs))
    conflicts: list[Keys] = []
    merged = _merged(known, ours, others, (), conflicts)
    return deepcopy(merged), [_pointer(keys, merged) for keys in conflicts]


_LEAST: dict[str, Any] = {"schema": SCHEMA_NUMBER, "title": {"uk": ""}, "pots": [], "counting": {"rule": ""}}


def _understood(document: Any) -> Any:
    """The document as it is understood; of one that does not parse, each field and record that would."""
    if not isinstance(document, Mapping):
        return document
    try:
        return parse(document).as_document()
    except RulesError:
        known = parse(_LEAST).as_document()
        given = {name: _field(name, value) for name, value in document.items()}
        return {name: value for name, value in known.items() if name not in _LEAST} | given


def _field(name: str, value: Any) -> Any:
    if isinstance(value, (list, tuple)) and len(value) > 1 and _are_records(value):
        return [_field(name, [entry])[0] for entry in value]
    try:
        return parse({**_LEAST, name: value}).as_document().get(name, value)
    except RulesError:
        return value


# --- comparing ----------------------------------------------------------------------------------------


def _differing(one: Any, other: Any, keys: Keys) -> Iterator[tuple[Keys, str, Any, Any]]:
    if one is ABSENT:
        yield keys, ADDED, None, other
    elif other is ABSENT:
        yield keys, REMOVED, one, None
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in [*other, *(name for name in one if name not in other)]:
            yield from _differing(one.get(name, ABSENT), other.get(name, ABSENT), (*keys, name))
    elif _is_list(one) and _is_list(other):
        yield from _lists(one, other, keys)
    elif not _same(one, other):
        yield keys, CHANGED, one, other


def _lists(one: Sequence[Any], other: Sequence[Any], keys: Keys) -> Iterator[tuple[Keys, str, Any, Any]]:
    key = _shared_key(one, other)
    if key:
        before, after = _by(one, key), _by(other, key)
        for name in [*after, *(name for name in before if name not in after)]:
            yield from _differing(before.get(name, ABSENT), after.get(name, ABSENT), (*keys, name))
        if _is_ordered(keys) and not _in_order(before, after):
            yield keys, REORDERED, list(before), list(after)
    elif len(one) == len(other) and _are_nameless(one) and _are_nameless(other):
        for number, (old, new) in enumerate(zip(one, other, strict=True)):
            yield from _differing(old, new, (*keys, str(number)))
    elif len(one) != len(other) or any(
        True for old, new in zip(one, other, strict=True) for _ in _differing(old, new, ())
    ):
        yield keys, CHANGED, list(one), list(other)


def _is_ordered(keys: Keys) -> bool:
    return keys[-1:] != () and keys[-1] in ORDERED


def _in_order(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return [name for name in before if name in after] == [name for name in after if name in before]


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


def _are_records(values: Sequence[Any]) -> bool:
    return all(isinstance(value, Mapping) for value in values)


def _are_nameless(values: Sequence[Any]) -> bool:
    return _are_records(values) and not _key_of(values)


def _key_of(values: Sequence[Any]) -> str:
    """The field by which records are told apart; empty where there is none."""
    for key in ("id", "kind"):
        names = [value.get(key) if isinstance(value, Mapping) else None for value in values]
        if names and all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return key
    return ""


def _shared_key(*lists: Sequence[Any]) -> str:
    """The field by which the records of all lists that are not empty are told apart."""
    found = {_key_of(values) for values in lists if values}
    return found.pop() if len(found) == 1 else ""


def _by(values: Sequence[Any], key: str) -> dict[str, Any]:
    return {value[key]: value for value in values}


def _same(one: object, other: object) -> bool:
    # in JSON true is not 1; what is not a number is itself
    return type(one) is type(other) and (one == other or (one != one and other != other))


# --- places -------------------------------------------------------------------------------------------


def _pointer(keys: Keys, document: Any) -> str:
    """The JSON Pointer of a place; a key that leads nowhere stays as it is."""
    path, place = "", document
    for key in keys:
        step, place = _step(place, key)
        path += "/" + str(step).replace("~", "~0").replace("/", "~1")
    return path


def _step(place: Any, key: str) -> tuple[str | int, Any]:
    if _is_list(place):
        field = _key_of(place)
        names = (
            [record[field] for record in place] if field else [str(number) for number in range(len(place))]
        )
        if key in names:
            return names.index(key), place[names.index(key)]
        # records without a name of their own, until other changes gave them one, are found by their number
        if key.isdecimal() and int(key) < len(place):
            return int(key), place[int(key)]
        return key, ABSENT
    return key, place.get(key, ABSENT) if isinstance(place, Mapping) else ABSENT


def _reached(document: Any, keys: Keys) -> Any:
    place = document
    for key in keys:
        place = _step(place, key)[1]
        if place is ABSENT:
            raise LookupError(f"there is nothing at {'/'.join(keys)}")
    return place


def _change_list(records: list[Any], change: Change) -> None:
    number = _step(records, change.keys[-1])[0]
    if change.kind == ADDED:
        records.insert(_number(change)[1], deepcopy(change.after))
    elif not isinstance(number, int):
        raise LookupError(f"there is nothing at {change.path}")
    elif change.kind == REMOVED:
        del records[number]
    else:
        records[number] = deepcopy(change.after)


def _number(change: Change) -> tuple[str, int]:
    """The list in which something is added, and at which number."""
    parent, _, last = change.path.rpartition("/")
    return parent, int(last) if last.isdecimal() else 0


# --- merging ------------------------------------------------------------------------------------------


def _merged(base: Any, mine: Any, theirs: Any, keys: Keys, conflicts: list[Keys]) -> Any:
    if _equal(mine, theirs, keys) or _equal(base, theirs, keys):
        return mine
    if _equal(base, mine, keys):
        return theirs
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        known = base if isinstance(base, Mapping) else {}
        return _merged_fields(known, mine, theirs, keys, conflicts)
    if _is_list(mine) and _is_list(theirs):
        old: Sequence[Any] = base if _is_list(base) else ()
        key = _shared_key(old, mine, theirs)
        if key:
            return _merged_records(_by(old, key), _by(mine, key), _by(theirs, key), keys, conflicts)
        if len(old) == len(mine) == len(theirs) and all(map(_are_nameless, (old, mine, theirs))):
            return [
                _merged(one, two, three, (*keys, str(number)), conflicts)
                for number, (one, two, three) in enumerate(zip(old, mine, theirs, strict=True))
            ]
    conflicts.append(keys)
    return theirs if mine is ABSENT else mine


def _equal(one: Any, other: Any, keys: Keys) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return not any(True for _ in _differing(one, other, keys))


def _merged_fields(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], keys: Keys,
    conflicts: list[Keys],
) -> dict[str, Any]:  # fmt: skip
    merged = {}
    for name in [*mine, *(name for name in theirs if name not in mine)]:
        old, one, other = (each.get(name, ABSENT) for each in (base, mine, theirs))
        value = _merged(old, one, other, (*keys, name), conflicts)
        if value is not ABSENT:
            merged[name] = value
    return merged


def _merged_records(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], keys: Keys,
    conflicts: list[Keys],
) -> list[Any]:  # fmt: skip
    first, second = mine, theirs
    if _is_ordered(keys) and _in_order(base, mine) and not _in_order(base, theirs):
        first, second = theirs, mine
    elif _is_ordered(keys) and not (_in_order(base, theirs) or _in_order(mine, theirs)):
        conflicts.append(keys)
    order = list(first)
    for number, name in enumerate(second):
        if name not in first:
            order.insert(number, name)
    fields = _merged_fields(base, mine, theirs, keys, conflicts)
    return [fields[name] for name in order if name in fields]
