"""Rows of an archive become rows of the tables: checked before (export.checking), written in the caller's act."""

from __future__ import annotations

import io
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import BinaryField, Field, ForeignKey, ImageField, Model, QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from viche.ballots.models import CarriedFigures, Opening
from viche.communities.models import Community, Territory
from viche.connectors.export import life
from viche.connectors.export.reading import Reader, refused
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.identity.models import Person
from viche.journal import publishing
from viche.points.models import Point
from viche.projects.actions.indexing import index_projects
from viche.projects.models import Project

BATCH = 500
_MOST_IMAGE = 30_000_000
_MOST_DOSSIER = 512_000_000
Row = TypeVar("Row")


class Written:
    """Files written so far: what a transaction that fails has to take away again. is_dry: no file is written at all."""

    def __init__(self, *, is_dry: bool = False) -> None:
        self.is_dry = is_dry
        self._undo: list[Callable[[], object]] = []

    def add(self, undo: Callable[[], object]) -> None:
        self._undo.append(undo)

    def take_away(self) -> None:
        for undo in reversed(self._undo):
            undo()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def fill_districts(reader: Reader, community: Community) -> None:
    """Districts that the body drew and that are not here yet. Refused: bad_district."""
    for row in reader.lines("districts.jsonl"):
        if not row["path"].startswith(community.territory.path) or row["category"] not in "SN":
            raise refused(
                "bad_district", _("A district of the archive does not lie in the body: %s") % row["code"]
            )
        Territory.objects.get_or_create(code=row["code"], defaults=_values(Territory, row, ()))


def fill_points(reader: Reader, community: Community) -> None:
    """The polling points, after the contests they served."""
    for row in reader.lines("points.jsonl"):
        contests = row.pop("contests")
        point = Point.objects.create(community=community, **_values(Point, row, ()))
        point.contests.set(Contest.objects.filter(community=community, pk__in=contests))


def refuse_taken_numbers(reader: Reader, folders: Iterable[str], community: Community) -> None:
    """A body that has issued reports here keeps their numbers. Refused: report_numbers."""
    issued = apps.get_model("reports.report")._default_manager.filter(
        community=community, number__isnull=False
    )
    taken = set(issued.values_list("year", "number"))
    for folder in folders if taken else ():
        for row in reader.lines(folder + life.path_of("reports.report")):
            if (row["year"], row["number"]) in taken:
                raise refused(
                    "report_numbers",
                    _("A report of the number %s is issued here already.") % f"{row['number']}/{row['year']}",
                )


def fill_body(reader: Reader, community: Community) -> None:
    """Letterhead and designed reports, after the contests. What a body has set here itself stays; the next report takes
    a number after the greatest of all.
    """
    designed = apps.get_model("reports.designedreport")
    for row in reader.lines("designed.jsonl"):
        if not designed._default_manager.filter(community=community, slug=row["slug"]).exists():
            designed._default_manager.create(community=community, **_values(designed, row, ()))
    rows = list(reader.lines("letterhead.jsonl"))
    issued = apps.get_model("reports.report")._default_manager.filter(
        community=community, number__isnull=False
    )
    numbers = list(issued.order_by("-year", "-number").values_list("year", "number")[:1])
    if rows or numbers:
        _fill_letterhead(community, rows, numbers)


def _fill_letterhead(
    community: Community, rows: Iterable[dict[str, Any]], numbers: Iterable[tuple[int, int]]
) -> None:
    model = apps.get_model("reports.letterhead")
    held, _is_new = model._default_manager.get_or_create(community=community)
    last = (held.year, held.last_number)
    for row in rows:
        last = max(last, (row["year"], row["last_number"]))
        for name, value in _values(model, row, ()).items() if held.revision == 0 else ():
            setattr(held, name, value)
    held.year, held.last_number = max([last, *numbers])
    held.save()


def fill_contest(reader: Reader, folder: str, community: Community, written: Written) -> Contest:
    """A contest with everything that is about it."""
    facts = reader.document(f"{folder}contest.json")
    facts.pop("schedule")
    contest = Contest.objects.create(community=community, **_values(Contest, facts, ()))
    figures = reader.document(f"{folder}turnout.json")
    for day, *_rest in (*figures["days"], *figures["marks"]):
        # the schema says only what a day looks like
        date.fromisoformat(day)
    CarriedFigures.objects.create(contest=contest, **figures)
    keys: dict[str, list[Any]] = {}
    for label, model in life.tables().items():
        _fill_table(reader, folder, contest, label, model, keys, written)
    if f"{folder}openings.json" in reader.sizes:
        _fill_openings(reader, f"{folder}openings.json", contest)
    _fill_record(reader, f"{folder}record/", contest, written)
    found: QuerySet[Project] = Project.objects.filter(contest=contest).defer("search", "search_head")
    for batch in _batches(
        found.select_related("territory", "community__territory").iterator(chunk_size=BATCH)
    ):
        index_projects(batch)
    return contest


def _fill_table(
    reader: Reader, folder: str, contest: Contest, label: str, model: type[Model], keys: dict[str, list[Any]],
    written: Written,
) -> None:  # fmt: skip
    numbered = {
        field.attname: field.related_model._meta.label_lower
        for field in life.foreign_keys(model)
        if life.is_numbered(field.related_model)
    }
    for batch in _batches(reader.lines(folder + life.path_of(label))):
        made = []
        for row in batch:
            for name, other in numbered.items():
                row[name] = None if row[name] is None else keys[other][row[name]]
            made.append(_instance(reader, folder, contest, label, model, row, written))
        model._default_manager.bulk_create(made)
        if life.is_numbered(model):
            keys.setdefault(label, []).extend(each.pk for each in made)


def _instance(
    reader: Reader,
    folder: str,
    contest: Contest,
    label: str,
    model: type[Model],
    row: dict[str, Any],
    written: Written,
) -> Model:
    name = row.pop("person_name", "")
    place = folder + life.folder_of(label)
    values = _values(model, row, life.BYTES.get(label, ()))
    for part in life.APART.get(label, ()):
        values[part] = _apart(reader, folder, label, part, row)
    for field in model._meta.concrete_fields:
        if isinstance(field, ImageField):
            values[field.attname] = _image(reader, place, values[field.attname], field, written)
        elif field.attname not in values:
            _fill_gap(field, values, contest, name if life.NAMED.get(label) == field.name else "")
    if label in life.PRIVATE_FILES:
        if model._default_manager.filter(pk=row["id"]).exists():
            raise already_here()
        _keep_private(reader, f"{place}/{row['id']}", UUID(row["id"]), life.PRIVATE_FILES[label], written)
    return model(**values)


def _values(model: type[Model], row: Mapping[str, Any], octets: Iterable[str]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = {}
    for name, value in row.items():
        field = fields[name]
        if field.name in octets:
            found[name] = None if value is None else bytes.fromhex(value)
        elif isinstance(field, ForeignKey):
            found[name] = None if value is None else field.target_field.to_python(value)
        else:
            found[name] = None if value is None else field.to_python(value)
    return found


def _fill_gap(field: Field[Any, Any], values: dict[str, Any], contest: Contest, name: str) -> None:
    """What did not come along: the body is ours, people are only names, tokens of people here are nobody's."""
    if isinstance(field, ForeignKey):
        target = field.related_model
        if target is Community:
            values[field.attname] = contest.community_id
        elif target is Person and (name or not field.null):
            values[field.attname] = _nobody(name).pk
    elif isinstance(field, BinaryField) and not field.null and not field.has_default():
        values[field.attname] = secrets.token_bytes(32)


def _nobody(name: str) -> Person:
    """A record of a person who has no account here: their public name, or nothing at all."""
    now = clock.now()
    return Person.objects.create(
        given_name=name[:80], family_name="", created_at=now, erased_at=None if name else now
    )


def _apart(reader: Reader, folder: str, label: str, part: str, row: Mapping[str, Any]) -> Any:
    if label == "contests.rulesversion":
        return reader.document(f"{folder}rules/{row['number']}.json")
    content = reader.content(f"{folder}counts/{row['number']}/{part}.json", _MOST_DOSSIER)
    return content.decode() if part == "dossier" else json.loads(content)


def _image(reader: Reader, place: str, name: str, field: Any, written: Written) -> str:
    """The image in the storage under a new name; "" where it was lost. Refused: bad_image."""
    path = f"{place}/{name}"
    if not name or path not in reader.sizes:
        return ""
    content = reader.content(path, _MOST_IMAGE)
    try:
        with Image.open(io.BytesIO(content), formats=("WEBP", "PNG", "JPEG")) as image:
            image.verify()
    except Exception:  # a hostile image fails in many ways
        raise refused("bad_image", _("The image %s cannot be read.") % path) from None
    fresh = field.generate_filename(None, name)
    if written.is_dry:
        return str(fresh)
    stored = field.storage.save(fresh, ContentFile(content))
    written.add(lambda: field.storage.delete(stored))
    return str(stored)


def _keep_private(reader: Reader, path: str, reference: UUID, shelf: str, written: Written) -> None:
    """The document of a row that is not here: what lies in its place is of an attempt that was killed."""
    if path not in reader.sizes or written.is_dry:
        return
    private_files.forget(reference, shelf=shelf)
    private_files.keep(reference, reader.content(path, 100_000_000), shelf=shelf)
    written.add(lambda: private_files.forget(reference, shelf=shelf))


def already_here() -> Exception:
    """Something of the archive is on this platform already."""
    return refused("already_here", _("Something of this archive is on this platform already."))


def _fill_openings(reader: Reader, name: str, contest: Contest) -> None:
    """The opened ballots, read as the one JSON list they are: an opening a line."""
    for batch in _batches(_openings(reader, name)):
        Opening.objects.bulk_create(
            Opening(
                community_id=contest.community_id, contest=contest, commitment=bytes.fromhex(row["commitment"]),
                nonce=bytes.fromhex(row["nonce"]), choices=row["ballot"],
            )
            for row in batch
        )  # fmt: skip


def _openings(reader: Reader, name: str) -> Iterator[dict[str, Any]]:
    rest = b""
    for piece in reader.pieces(name):
        *whole, rest = (rest + piece).split(b"\n")
        yield from (found for line in whole if (found := _opening(line, name)) is not None)
    if (last := _opening(rest, name)) is not None:
        yield last


def _opening(line: bytes, name: str) -> dict[str, Any] | None:
    text = line.strip().removeprefix(b"[").removesuffix(b",").removesuffix(b"]")
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise refused("bad_text", _("The file %s is no JSON.") % name) from None


def _fill_record(reader: Reader, place: str, contest: Contest, written: Written) -> None:
    """The record as the old platform signed it, of a contest that was not here: a folder of its name is of an attempt
    that was killed.
    """
    names = reader.under(place)
    folder = Path(settings.RECORDS_DIR) / str(contest.id)
    if not names or written.is_dry:
        return
    shutil.rmtree(folder, ignore_errors=True)
    written.add(lambda: shutil.rmtree(folder, ignore_errors=True))
    for name in names:
        publishing.write_file(folder.joinpath(name.removeprefix(place)), reader.content(name, 1_000_000_000))
