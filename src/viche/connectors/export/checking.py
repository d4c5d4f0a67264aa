"""Checking an archive from itself alone: files, rows, journal, counts, records. No database is asked.

What a forger could write anew with fresh hashes is held against what cannot be forged: leaves against the signed
checkpoint, outcome against dossier, record against the log that speaks of it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from rulebook.counting import count
from rulebook.dossier import Dossier
from rulebook.merkle import CheckpointError, Tree, leaf_hash, parse_checkpoint, parse_note
from rulebook.signing import LOG, VerifierKey, signed_by
from rulebook.tiles import CHECKPOINT, TileError, tile_named, tiles_of
from rulebook.verifying.record import verify_record
from rulebook.verifying.sources import Source
from viche.connectors.export import life
from viche.connectors.export.proven import Proven
from viche.connectors.export.reading import BAD_VALUES, Reader, bad_values, refused
from viche.connectors.export.reports import check_reports
from viche.connectors.export.schema import check, file_schemas, row_schema

SLUG = r"[a-z0-9][a-z0-9-]{0,59}"
_LOG = r"[0-9]{4}-[0-9a-f]{8}"
_FILE = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_KNOWN = re.compile(
    rf"""README\.(uk|en)\.md|SHA256SUMS|community\.json|place\.json|emblem\.png
    |(districts|points|offices|memberships|letterhead|designed)\.jsonl
    |contests/{SLUG}/(contest|turnout|openings)\.json|contests/{SLUG}/rules/\d{{1,5}}\.json
    |contests/{SLUG}/counts/\d{{1,5}}/(dossier|outcome)\.json
    |contests/{SLUG}/(pictures/{_FILE}|(projects|pictures|decisions)\.jsonl|life/{_FILE}(/{_FILE})?)
    |contests/{SLUG}/record/({_FILE}/)*{_FILE}
    |journal/{_LOG}/(about\.json|(entries|stamps)\.jsonl|checkpoint|tile/({_FILE}/)+{_FILE})""",
    re.VERBOSE,
)
TOLD = ("README.uk.md", "README.en.md", "SHA256SUMS", "place.json", "offices.jsonl", "memberships.jsonl")
"""What is told of the old platform and not taken over."""

MOST_OF_BODY = {"letterhead.jsonl": 1, "designed.jsonl": 100}
"""So many rows a body has."""

_MOST_KEPT = 256_000_000


def contests_in(reader: Reader) -> list[str]:
    """The folders of contests, as "contests/2026/"."""
    found = {match[0] for name in reader.names if (match := re.match(rf"contests/{SLUG}/", name))}
    return sorted(found)


def logs_in(reader: Reader) -> list[str]:
    """The folders of logs."""
    return sorted({match[0] for name in reader.names if (match := re.match(rf"journal/{_LOG}/", name))})


def check_archive(path: Path) -> list[Proven]:
    """All that can be said of an archive by itself, in order. Refused at the first fault: as Reader, and unknown_file,
    bad_row, bad_values, two_ids, stray_row, bad_rules, bad_log, bad_count, bad_record.
    """
    with Reader(path) as reader:
        return list(proofs(reader))


def proofs(reader: Reader) -> Iterator[Proven]:
    """check_archive of an opened archive, one thing after another."""
    try:
        yield from _proofs(reader)
    except BAD_VALUES as error:
        raise bad_values(error) from None


def _proofs(reader: Reader) -> Iterator[Proven]:
    for name in reader.names:
        if _KNOWN.fullmatch(name) is None:
            raise refused(
                "unknown_file", _("The archive holds a file that the format does not know: %s") % name
            )
    reader.check_files()
    yield Proven("files", _("%d files, each with its hash") % len(reader.names))
    schemas = file_schemas()
    check(reader.document("community.json"), schemas["community.json"], "community.json")
    check(reader.document("place.json"), schemas["place.json"], "place.json")
    for name in ("districts.jsonl", "points.jsonl", "offices.jsonl", *life.BODY):
        for number, row in enumerate(reader.lines(name), start=1):
            check(row, schemas[name], f"{name}:{number}")
            if number > MOST_OF_BODY.get(name, number):
                raise refused("too_many_rows", _("%s holds more rows than a body may have.") % name)
    for folder in contests_in(reader):
        rows = _check_contest(reader, folder, schemas)
        yield Proven(folder, _("%d rows as the format says") % rows)
    for folder in logs_in(reader):
        about = _check_log(reader, folder, schemas)
        signed = about["published_size"]
        yield Proven(
            folder,
            _("%(size)d entries lead to the root, %(signed)d of them to the signed checkpoint of %(origin)s")
            % {"size": about["size"], "signed": signed, "origin": about["origin"]},
        )
    for folder in contests_in(reader):
        yield from _check_counts(reader, folder)
        yield from _check_record(reader, folder)
    yield from check_reports(reader, contests_in(reader), logs_in(reader))


def _check_contest(reader: Reader, folder: str, schemas: Mapping[str, Any]) -> int:
    """The rows of a contest: each as the schema says, no id twice, every key to a row of this contest."""
    facts = reader.document(f"{folder}contest.json")
    check(facts, schemas["contests/<contest>/contest.json"], f"{folder}contest.json")
    if (
        folder != f"contests/{facts['slug']}/"
        or re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", facts["id"]) is None
    ):
        raise refused("bad_row", _("%s: the contest is not the one of its folder.") % folder)
    check(
        reader.document(f"{folder}turnout.json"),
        schemas["contests/<contest>/turnout.json"],
        f"{folder}turnout.json",
    )
    known: dict[str, Any] = {"contests.contest": {facts["id"]}}
    total = 0
    for label, model in life.tables().items():
        schema, keys = row_schema(label), _keys_of(model)
        own: set[Any] = set()
        for number, row in enumerate(reader.lines(folder + life.path_of(label))):
            place = f"{folder}{life.path_of(label)}:{number + 1}"
            check(row, schema, place)
            key = number if life.is_numbered(model) else row[model._meta.pk.attname]
            if key in own:
                raise refused("two_ids", _("%s: the same id stands there twice.") % place)
            own.add(key)
            for name, other in keys:
                if other != label and row[name] is not None and row[name] not in known.get(other, ()):
                    raise refused(
                        "stray_row", _("%s: it refers to a row that is not in the archive.") % place
                    )
            total += 1
        for name, _other in ((name, other) for name, other in keys if other == label):
            for number, row in enumerate(reader.lines(folder + life.path_of(label))):
                if row[name] is not None and row[name] not in own:
                    place = f"{folder}{life.path_of(label)}:{number + 1}"
                    raise refused(
                        "stray_row", _("%s: it refers to a row that is not in the archive.") % place
                    )
        known[label] = own
    _check_rules(reader, folder)
    return total


def _keys_of(model: Any) -> list[tuple[str, str]]:
    """(column, label of the table) of the keys to rows of the archive."""
    return [
        (field.attname, field.related_model._meta.label_lower)
        for field in life.foreign_keys(model)
        if field.related_model._meta.app_label in life.ROOMS
    ]


def _check_rules(reader: Reader, folder: str) -> None:
    for row in reader.lines(f"{folder}life/contests.rulesversion.jsonl"):
        document = reader.document(f"{folder}rules/{row['number']}.json")
        if hashlib.sha256(canonical(document)).hexdigest() != row["digest"]:
            raise refused(
                "bad_rules",
                _("%(folder)s: version %(number)d of the rules was changed.")
                % {"folder": folder, "number": row["number"]},
            )


def _check_log(reader: Reader, folder: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Leaves → root → signed checkpoint, and the tiles are those of the leaves."""
    about: dict[str, Any] = reader.document(f"{folder}about.json")
    check(about, schemas["journal/<log>/about.json"], f"{folder}about.json")
    name = hashlib.sha256(about["origin"].encode()).hexdigest()[:8]
    if folder != f"journal/{about['year']}-{name}/":
        raise _bad_log(folder, _("its name is not that of its folder"))
    found, size, root = None, 0, ""
    if f"{folder}{CHECKPOINT}" in reader.sizes:
        found, size, root = _checkpoint(reader, folder, about)
    elif about["published_size"]:
        raise _bad_log(folder, _("there is no checkpoint"))
    tree, schema = Tree(), schemas["journal/<log>/entries.jsonl"]
    for number, row in enumerate(reader.lines(f"{folder}entries.jsonl")):
        check(row, schema, f"{folder}entries.jsonl:{number + 1}")
        hashed = leaf_hash(row["leaf"].encode())
        if row["index"] != number or hashed.hex() != row["leaf_hash"]:
            raise _bad_log(folder, _("entry %d is not the one that was hashed") % number)
        tree.append(hashed)
        if found is not None and tree.size == size and tree.root().hex() != root:
            raise _bad_log(folder, _("the entries are not those that the checkpoint signs"))
    if (tree.size, tree.root().hex() if tree.size else "") != (about["size"], about["root"]):
        raise _bad_log(folder, _("the entries do not lead to the root of the log"))
    if [each.hex() for each in tree.frontier] != about["peaks"] or size > tree.size:
        raise _bad_log(folder, _("the entries do not lead to the root of the log"))
    for row in reader.lines(f"{folder}stamps.jsonl"):
        check(row, schemas["journal/<log>/stamps.jsonl"], f"{folder}stamps.jsonl")
    return about


def _bad_log(folder: str, why: str) -> Any:
    return refused(
        "bad_log", _("%(folder)s: the journal does not verify: %(why)s.") % {"folder": folder, "why": why}
    )


def _checkpoint(reader: Reader, folder: str, about: Mapping[str, Any]) -> tuple[bytes, int, str]:
    content = reader.content(f"{folder}{CHECKPOINT}")
    try:
        body, signatures = parse_note(content.decode())
        checkpoint = parse_checkpoint(body)
        key = VerifierKey(about["origin"], LOG, bytes.fromhex(about["public_key"]))
        signature = signed_by(body, signatures, key)
        there = {name.removeprefix(folder) for name in reader.under(f"{folder}tile/")}
        for name in there:
            tile_named(name)
    except (CheckpointError, TileError, ValueError):
        raise _bad_log(folder, _("the checkpoint cannot be read")) from None
    if (
        signature is None
        or checkpoint.origin != about["origin"]
        or checkpoint.size != about["published_size"]
    ):
        raise _bad_log(folder, _("the checkpoint is not signed by the key of the log"))
    if there != {tile.name for tile in tiles_of(checkpoint.size)}:
        raise _bad_log(folder, _("its files are not those of the checkpoint"))
    return content, checkpoint.size, checkpoint.root.hex()


def _check_counts(reader: Reader, folder: str) -> Iterator[Proven]:
    """Every count again, from its dossier."""
    for row in reader.lines(f"{folder}life/results.count.jsonl"):
        place = f"{folder}counts/{row['number']}/"
        content = reader.content(f"{place}dossier.json", _MOST_KEPT)
        outcome = reader.content(f"{place}outcome.json", _MOST_KEPT)
        try:
            again = count(Dossier.from_json(content))
        except Exception:  # whatever a document of unknown making does to the rule
            raise refused("bad_count", _("%s: the dossier cannot be counted.") % place) from None
        is_same = canonical(again.document()) == outcome
        if not is_same or (again.dossier, again.digest) != (row["dossier_digest"], row["outcome_digest"]):
            raise refused("bad_count", _("%s: the outcome is not what the dossier gives.") % place)
        yield Proven(place, _("counted again: the same outcome"))


class _Record(Source):
    """The record of a contest inside the archive."""

    def __init__(self, reader: Reader, folder: str) -> None:
        self._reader, self._folder = reader, folder

    def read(self, name: str) -> bytes:
        if self._folder + name not in self._reader.sizes:
            raise FileNotFoundError(name)
        return self._reader.content(self._folder + name, _MOST_KEPT)

    def names(self) -> set[str]:
        return {name.removeprefix(self._folder) for name in self._reader.under(self._folder)}


def _check_record(reader: Reader, folder: str) -> Iterator[Proven]:
    place = f"{folder}record/"
    if not reader.under(place):
        return
    trusted = []
    for log in logs_in(reader):
        about = reader.document(f"{log}about.json")
        if about["public_key"]:
            trusted.append(VerifierKey(about["origin"], LOG, bytes.fromhex(about["public_key"])))
    report = verify_record(_Record(reader, place), trusted=trusted)
    if not report.is_right:
        said = next(each for each in report.findings if each.kind == "WRONG")
        raise refused(
            "bad_record",
            _("%(place)s: the record does not verify: %(why)s") % {"place": place, "why": said.line()},
        )
    yield Proven(place, _("the record verifies"))
