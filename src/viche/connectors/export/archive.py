"""The archive of a body: everything it has here, readable without this platform, with the hash of every file.

Nothing is held whole in memory: rows go to disk as they are read. No token of a person and no key is in it.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Length, Substr

from rulebook.canonical import canonical
from rulebook.merkle import HASH_LENGTH, CheckpointError
from rulebook.tiles import CHECKPOINT, Tile, TileError, bundle_of, entries_in, tiles_of
from viche import __version__
from viche.ballots.queries import box_of, figures_of, published_openings
from viche.communities.models import OWN_CATEGORIES, Community, Territory
from viche.connectors.export import life
from viche.connectors.export.readme import README
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation import clock, private_files
from viche.identity.models import Membership, Office
from viche.journal import publishing
from viche.journal.models import Entry, Log, Stamp
from viche.points.models import Point
from viche.results.models import Count

PIECE = 2_000_000
ROWS = 500
FORMAT = "viche/export/v2"


class Archive:
    """A ZIP being written: each file is hashed on its way to disk."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._target = target
        self.files: list[dict[str, Any]] = []

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """One file from its pieces."""
        digest, size = hashlib.sha256(), 0
        with self._target.open(
            zipfile.ZipInfo(name, clock.now().timetuple()[:6]), "w", force_zip64=True
        ) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files.append({"path": name, "sha256": digest.hexdigest(), "size": size})

    def document(self, name: str, document: Any) -> None:
        self.write(name, [json_of(document, indent=1), b"\n"])

    def lines(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        """JSON lines: one object a line."""
        self.write(name, (json_of(row) + b"\n" for row in rows))


def json_of(document: Any, indent: int | None = None) -> bytes:
    """Dates in ISO 8601, ids as text, decimals as text: nothing is rounded."""
    return json.dumps(document, ensure_ascii=False, default=_plain, indent=indent).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def write_archive(*, community: Community, path: Path) -> None:
    """Write the whole archive of a body to the path; its manifest comes last."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as target:
        archive = Archive(target)
        for name, text in README.items():
            archive.write(name, [text.encode()])
        _body(archive, community)
        _people(archive, community)
        signed = _signed_sizes(community)
        for contest in contests_of(community):
            _contest(archive, contest, signed)
        _journal(archive, community)
        sums = (f"{each['sha256']}  {each['path']}\n".encode() for each in list(archive.files))
        archive.write("SHA256SUMS", sums)
        manifest = {
            "format": FORMAT, "community": community.code, "made_at": clock.now(), "version": __version__,
            "files": archive.files,
        }  # fmt: skip
        archive.document("manifest.json", manifest)


def _pieces(handle: BinaryIO) -> Iterator[bytes]:
    while piece := handle.read(PIECE):
        yield piece


def _rows(rows: QuerySet[Any, Any], *names: str) -> Iterator[dict[str, Any]]:
    yield from rows.values(*names).iterator(chunk_size=ROWS)


FACE = ("name", "short_name", "brand_colour", "website", "contact_email", "contact_phone", "address")
CONTEST = ("id", "slug", "year", "title", "summary", "currency", "origin", "source_note", "created_at")
DISTRICT = (
    "code",
    "parent_id",
    "category",
    "name",
    "search_name",
    "latin_name",
    "path",
    "closed_at",
    "successor_id",
)
POINT = (
    "id",
    "name",
    "kind",
    "address",
    "territory_id",
    "hours",
    "access_note",
    "state",
    "added_at",
    "closed_at",
)


def _body(archive: Archive, community: Community) -> None:
    """The face of the body; apart from it what is of this platform only: its address here, when it was connected."""
    face = {"code": community.code, **{name: getattr(community, name) for name in FACE}}
    archive.document("community.json", face)
    names = ("slug", "host", "connected_at", "inherits_staff", "archived_at")
    place = {"territory": community.territory.full_name, "platform": settings.LOG_ORIGIN}
    archive.document("place.json", place | {name: getattr(community, name) for name in names})
    if community.emblem:
        # as every image that is lost from the disk
        with suppress(FileNotFoundError), community.emblem.open("rb") as emblem:
            archive.write("emblem.png", _pieces(emblem))
    inside = Territory.objects.filter(path__startswith=community.territory.path, category__in=OWN_CATEGORIES)
    archive.lines("districts.jsonl", _rows(inside.order_by("path", "code"), *DISTRICT))
    points = Point.objects.filter(community=community).order_by("pk").prefetch_related("contests")
    archive.lines(
        "points.jsonl",
        (
            {name: getattr(each, name) for name in POINT}
            | {"contests": sorted(str(contest.pk) for contest in each.contests.all())}
            for each in points
        ),
    )
    for name, label in life.BODY.items():
        rows = life.body_rows(apps.get_model(label), community)
        archive.lines(name, rows.iterator(chunk_size=ROWS))


def _people(archive: Archive, community: Community) -> None:
    """Offices, for the new administrator to invite; grounds of memberships without names. Neither is taken over: people
    identify themselves anew elsewhere.
    """
    who = {"given_name": F("person__given_name"), "family_name": F("person__family_name")}
    offices = Office.objects.filter(community=community).order_by("since", "pk").annotate(**who)
    archive.lines(
        "offices.jsonl", _rows(offices, "given_name", "family_name", "role", "unit", "since", "until")
    )
    members = Membership.objects.filter(granted_in=community).order_by("since", "pk")
    archive.lines(
        "memberships.jsonl",
        _rows(members, "territory_id", "basis", "source", "document_reference", "since", "until"),
    )


def _contest(archive: Archive, contest: Contest, signed: Mapping[int, int]) -> None:
    folder = f"contests/{contest.slug}/"
    facts = {name: getattr(contest, name) for name in CONTEST}
    schedule = [
        {"phase": each.phase, "from": each.starts_at, "to": each.ends_at} for each in contest.schedule
    ]
    archive.document(f"{folder}contest.json", {**facts, "schedule": schedule})
    archive.write(f"{folder}turnout.json", [canonical(figures_of(contest)), b"\n"])
    for version in contest.rules_versions.order_by("number"):
        archive.document(f"{folder}rules/{version.number}.json", version.document)
    _life(archive, folder, contest, signed)
    box = box_of(contest)
    if box is not None and box.opened_at is not None:
        archive.write(f"{folder}openings.json", published_openings(contest))
    for count in Count.objects.filter(contest=contest).defer("dossier").order_by("number"):
        archive.write(f"{folder}counts/{count.number}/dossier.json", _dossier(count))
        archive.write(f"{folder}counts/{count.number}/outcome.json", [canonical(count.outcome)])
    record = Path(settings.RECORDS_DIR) / str(contest.id)
    for path in sorted(record.rglob("*")) if record.is_dir() else []:
        if path.is_file():
            with path.open("rb") as handle:
                archive.write(f"{folder}record/{path.relative_to(record).as_posix()}", _pieces(handle))


def _life(archive: Archive, folder: str, contest: Contest, signed: Mapping[int, int]) -> None:
    """Every table about the contest that has rows here, with its images and documents."""
    places: dict[str, dict[Any, int]] = {}
    for label, model in life.tables().items():
        rows = life.rows_of(model, contest, signed)
        if not rows.exists():
            continue
        archive.lines(folder + life.path_of(label), life.written_rows(model, rows, places))
        place = folder + life.folder_of(label)
        for name, image in life.images_of(model, contest):
            # what is lost from the disk is lost: the rest leaves all the same
            with suppress(FileNotFoundError), image.open("rb") as handle:
                archive.write(f"{place}/{name}", _pieces(handle))
        if label in life.PRIVATE_FILES:
            for reference in rows.values_list("pk", flat=True):
                content = private_files.content_of(reference, shelf=life.PRIVATE_FILES[label])
                if content is not None:
                    archive.write(f"{place}/{reference}", [content])


def _dossier(count: Count) -> Iterator[bytes]:
    """The stored text in pieces: a capital's dossier is larger than a worker's memory should be."""
    row = Count.objects.filter(pk=count.pk)
    length = row.annotate(length=Length("dossier")).values_list("length", flat=True).get()
    for start in range(1, length + 1, PIECE):
        piece = Substr("dossier", start, PIECE, output_field=TextField())
        yield row.annotate(piece=piece).values_list("piece", flat=True).get().encode()


def _signed_sizes(community: Community) -> dict[int, int]:
    """Of each log by its id, how many entries stand under its checkpoint; nothing of those without a readable one."""
    sizes = {}
    for log in Log.objects.filter(community=community.code):
        with suppress(CheckpointError):
            if (published := publishing.published(log)) is not None:
                sizes[log.pk] = published.checkpoint.size
    return sizes


def journal_folder(log: Log) -> str:
    """Where a log lies in the archive: named by what its checkpoints call it, the same wherever the log is kept."""
    return f"journal/{log.year}-{hashlib.sha256(log.origin.encode()).hexdigest()[:8]}/"


def _journal(archive: Archive, community: Community) -> None:
    """Every log: its entries in order, its files as they are published, stamps of time."""
    for log in Log.objects.filter(community=community.code).order_by("year", "edition"):
        folder, published, own = journal_folder(log), None, None
        with suppress(CheckpointError):
            published, own = publishing.published(log), publishing.key_of_log(log)
        # read after the checkpoint: entries come in all the time, and the checkpoint never knows more of them
        log.refresh_from_db()
        about = {
            "name": log.name, "year": log.year, "origin": log.origin, "size": log.size, "root": log.root,
            "peaks": log.peaks, "opened_at": log.opened_at, "sequenced_at": log.sequenced_at,
            "public_key": log.public_key, "key": own.text if own else "",
            "published_size": published.checkpoint.size if published else 0, "published_at": log.published_at,
        }  # fmt: skip
        archive.document(f"{folder}about.json", about)
        entries = Entry.objects.filter(log=log, index__lt=log.size).order_by("index")
        archive.lines(f"{folder}entries.jsonl", _entries(entries))
        if published is not None:
            archive.write(f"{folder}{CHECKPOINT}", [published.note.encode()])
            for tile in tiles_of(published.checkpoint.size):
                archive.write(folder + tile.name, [tile_content(log, tile)])
        stamps = Stamp.objects.filter(log=log).order_by("day")
        archive.lines(f"{folder}stamps.jsonl", (_stamp(each) for each in stamps))


def tile_content(log: Log, tile: Tile) -> bytes:
    """The file of a tile. A partial one that made way for the full one meanwhile is its beginning. Raises TileError."""
    try:
        return publishing.file_of(log, tile.name)
    except TileError:
        if tile.is_full:
            raise
    whole = publishing.file_of(log, Tile(tile.level, tile.number).name)
    if tile.level is None:
        return bundle_of(entries_in(whole)[: tile.width])
    return whole[: tile.width * HASH_LENGTH]


def _stamp(stamp: Stamp) -> dict[str, Any]:
    names = ("id", "day", "size", "root", "authority", "stamped_at")
    return {name: getattr(stamp, name) for name in names} | {"token": bytes(stamp.token).hex()}


def _entries(entries: QuerySet[Entry]) -> Iterator[dict[str, Any]]:
    for entry in entries.iterator(chunk_size=ROWS):
        yield {
            "index": entry.index, "at": entry.recorded_at, "leaf": entry.leaf,
            "sort_key": bytes(entry.sort_key).hex() if entry.sort_key else None,
            "leaf_hash": bytes(entry.leaf_hash).hex(),
        }  # fmt: skip
