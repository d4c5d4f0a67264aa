"""The archive of a body: everything it has here, readable without this platform, with the hash of every file.

Nothing is held whole in memory: rows go to disk as they are read. No token of a person and no key is in it.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Length, Substr

from viche import __version__
from viche.ballots.queries import box_of, published_openings, turnout
from viche.communities.models import Community
from viche.connectors.export import life
from viche.connectors.export.readme import README
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation import clock, private_files
from viche.identity.models import Membership, Office
from viche.journal.models import Entry, Log
from viche.projects.models import Picture, Project
from viche.results.models import Certification, Count, Publication, TieDecision
from viche.review.models import Decision

PIECE = 2_000_000
ROWS = 500
FORMAT = "viche/export/v1"


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
        archive.document("community.json", _community(community))
        if community.emblem:
            with community.emblem.open("rb") as emblem:
                archive.write("emblem.png", _pieces(emblem))
        _people(archive, community)
        for contest in contests_of(community):
            _contest(archive, contest)
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


def _community(community: Community) -> dict[str, Any]:
    names = ("slug", "host", "name", "short_name", "brand_colour", "website", "contact_email", "contact_phone",
             "address", "connected_at", "inherits_staff", "archived_at")  # fmt: skip
    return {
        "code": community.code,
        "territory": community.territory.full_name,
        **{name: getattr(community, name) for name in names},
    }


def _people(archive: Archive, community: Community) -> None:
    """Offices and memberships: who, what, by which document; no number and no token of one."""
    who = {"given_name": F("person__given_name"), "family_name": F("person__family_name")}
    offices = Office.objects.filter(community=community).order_by("since").annotate(**who)
    archive.lines(
        "offices.jsonl",
        _rows(
            offices,
            "id",
            "person_id",
            "given_name",
            "family_name",
            "role",
            "unit",
            "granted_by_id",
            "since",
            "until",
        ),
    )
    members = Membership.objects.filter(granted_in=community).order_by("since").annotate(**who)
    archive.lines(
        "memberships.jsonl",
        _rows(
            members, "id", "person_id", "given_name", "family_name", "territory_id", "basis", "source",
            "document_reference", "granted_by_id", "since", "until",
        ),
    )  # fmt: skip


def _contest(archive: Archive, contest: Contest) -> None:
    folder = f"contests/{contest.slug}/"
    facts = {
        name: getattr(contest, name)
        for name in ("id", "slug", "year", "title", "summary", "currency", "origin")
    }
    schedule = [
        {"phase": each.phase, "from": each.starts_at, "to": each.ends_at} for each in contest.schedule
    ]
    box = box_of(contest)
    ballots = {
        "marks": turnout(contest),
        "public_key": bytes(box.public_key).hex() if box and box.public_key else None,
        "key_holder": box.holder if box else None,
        "opened_at": box.opened_at if box else None,
    }
    archive.document(f"{folder}contest.json", {**facts, "schedule": schedule, "ballots": ballots})
    for version in contest.rules_versions.order_by("number"):
        about = {"number": version.number, "digest": version.digest, "decision": version.decision,
                 "decision_url": version.decision_url, "frozen_at": version.frozen_at}  # fmt: skip
        archive.document(f"{folder}rules/{version.number}.json", version.document)
        archive.document(f"{folder}rules/{version.number}.about.json", about)
    projects = Project.objects.filter(contest=contest).order_by("number")
    archive.lines(
        f"{folder}projects.jsonl",
        _rows(
            projects, "id", "number", "code", "title", "summary", "text", "category", "size_class", "pot",
            "territory_id", "place_name", "latitude", "longitude", "area", "type", "cost", "least_amount", "items",
            "answers", "author_name", "state", "state_at", "submitted_at", "published_at", "support_until",
            "supporters", "merged_into_id", "revision",
        ),
    )  # fmt: skip
    _pictures(archive, folder, contest)
    decisions = Decision.objects.filter(project__contest=contest).order_by("decided_at", "id")
    archive.lines(
        f"{folder}decisions.jsonl",
        _rows(
            decisions, "id", "project_id", "stage", "verdict", "reason", "conditions", "due_on", "protocol",
            "decided_by_id", "decided_at",
        ),
    )  # fmt: skip
    _life(archive, folder, contest)
    if box is not None and box.opened_at is not None:
        archive.write(f"{folder}openings.json", published_openings(contest))
    _counts(archive, folder, contest)


def _life(archive: Archive, folder: str, contest: Contest) -> None:
    """Every table about the life of the projects that has rows here, with its images and documents."""
    for label, model in life.tables().items():
        rows = life.rows_of(model, contest)
        if not rows.exists():
            continue
        archive.lines(f"{folder}life/{label}.jsonl", rows.iterator(chunk_size=ROWS))
        for name, image in life.images_of(model, contest):
            # what is lost from the disk is lost: the rest leaves all the same
            with suppress(FileNotFoundError), image.open("rb") as handle:
                archive.write(f"{folder}life/{label}/{name}", _pieces(handle))
        if label in life.PRIVATE_FILES:
            for reference in rows.values_list("pk", flat=True):
                content = private_files.content_of(reference, shelf=life.PRIVATE_FILES[label])
                if content is not None:
                    archive.write(f"{folder}life/{label}/{reference}", [content])


def _pictures(archive: Archive, folder: str, contest: Contest) -> None:
    pictures = Picture.objects.filter(project__contest=contest).select_related("project")
    named = []
    for picture in pictures.order_by("project__number", "order", "id").iterator(chunk_size=ROWS):
        suffix = Path(picture.image.name).suffix or ".webp"
        name = f"pictures/{picture.project.number}-{picture.order}-{picture.pk}{suffix}"
        try:
            handle = picture.image.open("rb")
        except FileNotFoundError:
            # a picture lost from the disk is named as lost: the rest leaves all the same
            named.append({"project": picture.project.number, "file": None, "alt": picture.alt})
            continue
        with handle:
            archive.write(folder + name, _pieces(handle))
        named.append({"project": picture.project.number, "file": name, "alt": picture.alt})
    archive.lines(f"{folder}pictures.jsonl", named)


def _counts(archive: Archive, folder: str, contest: Contest) -> None:
    for count in Count.objects.filter(contest=contest).defer("dossier").order_by("number"):
        place = f"{folder}counts/{count.number}/"
        archive.write(f"{place}dossier.json", _dossier(count))
        archive.document(f"{place}outcome.json", count.outcome)
        signed = Certification.objects.filter(count=count).order_by("at")
        about = {
            "number": count.number, "rule": count.rule, "dossier_digest": count.dossier_digest,
            "outcome_digest": count.outcome_digest, "is_decided": count.is_decided, "counted_at": count.counted_at,
            "certified": list(_rows(signed, "person_id", "at")),
        }  # fmt: skip
        archive.document(f"{place}about.json", about)
    ties = TieDecision.objects.filter(contest=contest).order_by("number")
    archive.lines(
        f"{folder}ties.jsonl", _rows(ties, "number", "count_id", "order", "protocol", "note", "decided_at")
    )
    publication = (
        Publication.objects.filter(contest=contest).select_related("count").defer("count__dossier").first()
    )
    if publication is not None:
        archive.document(
            f"{folder}publication.json",
            {
                "count": publication.count.number,
                "note": publication.note,
                "published_at": publication.published_at,
            },
        )


def _dossier(count: Count) -> Iterator[bytes]:
    """The stored text in pieces: a capital's dossier is larger than a worker's memory should be."""
    row = Count.objects.filter(pk=count.pk)
    length = row.annotate(length=Length("dossier")).values_list("length", flat=True).get()
    for start in range(1, length + 1, PIECE):
        piece = Substr("dossier", start, PIECE, output_field=TextField())
        yield row.annotate(piece=piece).values_list("piece", flat=True).get().encode()


def _journal(archive: Archive, community: Community) -> None:
    for log in Log.objects.filter(community=community.code).order_by("year"):
        about = {"name": log.name, "year": log.year, "size": log.size, "root": log.root, "peaks": log.peaks,
                 "opened_at": log.opened_at, "sequenced_at": log.sequenced_at}  # fmt: skip
        archive.document(f"journal/{log.year}.json", about)
        entries = Entry.objects.filter(log=log, index__isnull=False).order_by("index")
        archive.lines(f"journal/{log.year}.jsonl", _entries(entries))


def _entries(entries: QuerySet[Entry]) -> Iterator[dict[str, Any]]:
    for entry in entries.iterator(chunk_size=ROWS):
        yield {
            "index": entry.index, "kind": entry.kind, "at": entry.recorded_at, "leaf": entry.leaf,
            "leaf_hash": bytes(entry.leaf_hash).hex(),
        }  # fmt: skip
