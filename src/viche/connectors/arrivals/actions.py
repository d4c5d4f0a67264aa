"""A body arrives with its archive from another Viche."""

import contextlib
import hashlib
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from rulebook.tiles import CHECKPOINT
from viche.communities.actions import RESERVED_SLUGS, brand_community, connect_community
from viche.communities.models import Community
from viche.connectors.arrivals.events import BodyArrived
from viche.connectors.arrivals.filling import (
    Written,
    already_here,
    fill_body,
    fill_contest,
    fill_districts,
    fill_points,
    refuse_taken_numbers,
)
from viche.connectors.arrivals.models import Arrival, ArrivedContest
from viche.connectors.export.checking import Proven, contests_in, logs_in, proofs
from viche.connectors.export.reading import BAD_VALUES, Reader, bad_values, refused
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.models import PLATFORM, Role
from viche.journal import actions as journal
from viche.journal import publishing
from viche.journal.foreign import keep_foreign_log
from viche.journal.models import Log
from viche.results.queries import publication_of

# the first half of the number under which a body is held: "arrv" in ASCII, of two numbers of 32 bits
_LOCK = 0x61727276


@dataclass(frozen=True)
class Brought:
    """What came of an archive. community: None of a dry run of a body that is not here yet."""

    community: Community | None
    code: str
    title: str
    platform: str
    contests: tuple[str, ...]
    proven: tuple[Proven, ...]
    offices: tuple[dict[str, Any], ...]


def import_archive(*, path: Path, code: str = "", is_dry: bool = False, by: Actor = SYSTEM) -> Brought:
    """Take over a body with everything its archive carries; all of it in one transaction, or nothing.

    The archive is checked whole before anything is written. code: of the body that is meant, where the caller knows
    it. The body is connected if it is not here; one that is here must have no contest of the archive's addresses and no
    journal of them. Its logs are kept as closed logs of their old name. is_dry: everything is done but files,
    and taken back. One process at a time for a body.
    Journal: BodyArrived. Nobody gets an account: offices are listed to be invited.

    Refused: not_platform, everything of export.checking, other_body, contest_exists, log_exists, bad_slug,
    arrival_runs, already_here, report_numbers, bad_district, bad_image, bad_values, running_contests (begun, no
    result yet), and as connect_community.
    """
    if not by.holds(Role.PLATFORM, community=PLATFORM):
        raise Refused("not_platform", _("Only an administrator of the platform may do this."), status=403)
    with Reader(path) as reader:
        proven = tuple(proofs(reader))
        told = reader.manifest["community"]
        if code and code != told:
            raise refused("other_body", _("This is the archive of another body: %s") % told)
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        place, face = reader.document("place.json"), reader.document("community.json")
        offices = tuple(reader.lines("offices.jsonl"))
        with _alone(told):
            community = _filled(reader, told, digest, by, is_dry=is_dry)
        return Brought(
            None if is_dry else community, told, face["name"].get("uk", told), place["platform"],
            tuple(folder.split("/")[1] for folder in contests_in(reader)), proven, offices,
        )  # fmt: skip


@contextlib.contextmanager
def _alone(code: str) -> Iterator[None]:
    """No other process takes over the same body meanwhile: neither its rows nor its files. Refused: arrival_runs.

    The lock is the connection's own, over the clean-up after the transaction: a worker that is killed lets go at once.
    """
    numbers = [_LOCK, zlib.crc32(code.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", numbers)
        if not cursor.fetchone()[0]:
            raise refused(
                "arrival_runs", _("This body is being taken over right now: look again in some minutes.")
            )
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", numbers)


def _filled(reader: Reader, code: str, digest: str, by: Actor, *, is_dry: bool) -> Community:
    """Everything in one transaction, or nothing; its lock held. Files of a transaction that failed go again."""
    written = Written(is_dry=is_dry)
    try:
        with transaction.atomic():
            community = _fill(reader, code, digest, written, by)
            if is_dry:
                transaction.set_rollback(True)
    except BaseException as error:
        # without its connection the lock is gone, and whether it was committed is unknown: leftovers harm nobody
        if connection.is_usable():
            written.take_away()
        if isinstance(error, IntegrityError):
            raise already_here() from None
        if isinstance(error, (DataError, *BAD_VALUES)):
            raise bad_values(error) from None
        raise
    return community


def _fill(reader: Reader, code: str, digest: str, written: Written, by: Actor) -> Community:
    slugs = [folder.split("/")[1] for folder in contests_in(reader)]
    known = Contest.objects.filter(community__code=code, slug__in=slugs)
    taken = known.values_list("slug", flat=True).first()
    if taken:
        raise refused(
            "contest_exists", _("The body has a contest with the address “%s” here already.") % taken
        )
    # before anything is written here: the body's own log is named so that it is no other's
    for folder in logs_in(reader):
        _keep_log(reader, folder, code, written)
    community = _body(reader, code, by, is_dry=written.is_dry)
    refuse_taken_numbers(reader, contests_in(reader), community)
    fill_districts(reader, community)
    arrival = Arrival.objects.create(
        community=community, digest=digest, platform=reader.document("place.json")["platform"][:200],
        made_at=_moment(reader.manifest.get("made_at")), arrived_at=clock.now(), by_id=by.person_id,
    )  # fmt: skip
    for folder in contests_in(reader):
        contest = fill_contest(reader, folder, community, written)
        _runs_no_more(contest)
        ArrivedContest.objects.create(contest=contest, arrival=arrival)
    fill_points(reader, community)
    fill_body(reader, community)
    event = BodyArrived(
        arrival=str(arrival.pk), platform=arrival.platform, contests=len(slugs), digest=digest
    )
    journal.append(event, community=community.code, year=clock.year(), by=by)
    return community


def _runs_no_more(contest: Contest) -> None:
    """Its signatures' tokens and the key of its box stayed behind: nobody could go on with it here."""
    if contest.has_begun and publication_of(contest) is None:
        raise refused(
            "running_contests",
            _(
                "People take part in a contest of the archive that is not finished: %s. "
                "The body can move when its result is published."
            )
            % contest.name,
        )


def _moment(text: object) -> datetime:
    found = parse_datetime(str(text))
    return found if found is not None and found.tzinfo is not None else clock.now()


def _body(reader: Reader, code: str, by: Actor, *, is_dry: bool) -> Community:
    """The body with the face of the archive: connected now, or the one that is here."""
    face = reader.document("community.json")
    if face.pop("code") != code:
        raise refused("other_body", _("This is the archive of another body: %s") % code)
    if "emblem.png" in reader.sizes and not is_dry:
        face["emblem"] = reader.content("emblem.png", 5_000_000)
    found = Community.objects.filter(code=code).select_related("territory").first()
    if found is not None:
        return brand_community(community=found, by=SYSTEM, **face)
    slug = reader.document("place.json")["slug"]
    if slug in RESERVED_SLUGS or Community.objects.filter(slug=slug).exists():
        slug = ""
    return connect_community(code=code, slug=slug, by=by, **face)


def _keep_log(reader: Reader, folder: str, code: str, written: Written) -> None:
    about = reader.document(f"{folder}about.json")
    here = Log.objects.filter(community=code, year=about["year"])
    if any(log.origin == about["origin"] for log in here):
        raise refused("log_exists", _("The journal %s is on this platform already.") % about["origin"])
    checkpoint = reader.content(folder + CHECKPOINT) if folder + CHECKPOINT in reader.sizes else None
    log = keep_foreign_log(
        community=code, about=about, entries=reader.lines(f"{folder}entries.jsonl"),
        checkpoint=checkpoint, stamps=reader.lines(f"{folder}stamps.jsonl"), writes_files=not written.is_dry,
    )  # fmt: skip
    place = publishing.folder_of(log)
    written.add(lambda: shutil.rmtree(place, ignore_errors=True))
