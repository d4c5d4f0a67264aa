"""Writing the record of a contest."""

import hashlib
import logging
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from rulebook.merkle import CheckpointError, format_note
from rulebook.signing import sign_note, signed_by
from rulebook.tiles import CHECKPOINT, TileError, tiles_of
from rulebook.verifying.contest import (
    COUNTS,
    COUNTS_FORMAT,
    DOSSIER,
    OPENINGS,
    OUTCOME,
    RESULT,
    RESULT_FORMAT,
    RULES,
)
from rulebook.verifying.manifest import Manifest
from rulebook.verifying.record import KEYS
from rulebook.verifying.sources import MANIFEST
from viche.ballots.queries import (
    LeftOut,
    envelopes_in,
    given_out_marks,
    has_paper,
    left_out_ballots,
    marks_by_day_and_channel,
    numbered_sheets,
    published_openings,
)
from viche.connectors.record.readme import README, readme
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.refused import Refused
from viche.journal import publishing
from viche.journal.models import Log
from viche.journal.queries import has_waiting, last_index, logs_about
from viche.journal.witnesses import witness_keys
from viche.results.models import Publication
from viche.results.queries import certifications_of, publication_of, published_contests

logger = logging.getLogger(__name__)

# every file of the ZIP carries this moment: when it was written says nothing
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def write_record(*, contest: Contest, folder: Path) -> Path:
    """Write the record of a contest whose result is published into a new folder; returns it.

    Whole or not at all: a folder of that name is there only once everything is in it. No lock, no journal entry: what
    is written was all published before. Refused: not_published, log_behind, log_not_signed, folder_exists.
    """
    published = publication_of(contest)
    if published is None:
        raise Refused(
            "not_published",
            _(
                "The record of a contest is published with its result: before that nothing of the ballots is shown."
            ),
        )
    if folder.exists():
        raise Refused("folder_exists", _("The folder is there already: a record is written once."))
    logs = _published_logs(contest)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        hashes = {}
        for name, content in _files(contest, published, logs):
            publishing.write_file(fresh.joinpath(name), content)
            hashes[name] = hashlib.sha256(content).hexdigest()
        body = Manifest(str(contest.id), hashes).body()
        signature = sign_note(body, name=logs[-1].origin, secret=keys.log_key(contest.community.code))
        publishing.write_file(fresh.joinpath(MANIFEST), format_note(body, [signature]).encode())
        fresh.rename(folder)
    except keys.KeyMissing:
        raise _unsigned() from None
    except (TileError, CheckpointError):
        # the log's files changed under our hands
        raise _behind() from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _behind() -> Refused:
    return Refused(
        "log_behind", _("The log does not hold everything about this contest yet: try again in a minute.")
    )


def _unsigned() -> Refused:
    return Refused("log_not_signed", _("The log of this body is not signed now: its page says why."))


def _published_logs(contest: Contest) -> list[Log]:
    """The logs that speak of the contest, the oldest first, each published beyond the last such entry."""
    about = (f"contest:{contest.id}", f"ballots:{contest.id}")
    logs = logs_about(contest.community.code, *about)
    if any(log.fault for log in logs):
        raise _unsigned()
    if not logs or has_waiting(*about) or any(log.published_size <= last_index(log, *about) for log in logs):
        raise _behind()
    return logs


def _files(contest: Contest, published: Publication, logs: list[Log]) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file but the manifest."""
    count = published.count
    yield README, readme(contest, logs[-1]).encode()
    yield RULES, canonical(contest.rules_version.document)
    yield DOSSIER, count.dossier.encode()
    yield OPENINGS, b"".join(published_openings(contest))
    yield OUTCOME, canonical(count.outcome)
    yield COUNTS, canonical(_counts(contest))
    yield RESULT, canonical(_result(contest, published))
    lines = [publishing.key_of_log(log) for log in logs] + [key for key, _url in witness_keys()]
    yield KEYS, "".join(f"{key.text}\n" for key in lines if key is not None).encode()
    for log in logs:
        found, own = publishing.published(log), publishing.key_of_log(log)
        if found is None or own is None:
            raise _behind()
        known = [own, *(key for key, _url in witness_keys())]
        signatures = [line for key in known if (line := signed_by(found.body, found.signatures, key))]
        for tile in tiles_of(found.checkpoint.size):
            yield f"log/{log.address}/{tile.name}", publishing.file_of(log, tile.name)
        yield f"log/{log.address}/{CHECKPOINT}", format_note(found.body, signatures).encode()


def _counts(contest: Contest) -> dict[str, object]:
    """Marks by day in Kyiv and channel, annulled ones among them; envelopes, and those not counted: numbers only."""
    left_out = left_out_ballots(contest)
    return {
        **_paper_counts(contest, left_out),
        "format": COUNTS_FORMAT,
        "contest": str(contest.id),
        "envelopes": None if contest.origin else envelopes_in(contest),
        "replaced": left_out.replaced,
        "annulled": left_out.annulled,
        "marks": [
            {"day": day.isoformat(), "channel": channel, "marks": number}
            for day, channel, number in marks_by_day_and_channel(contest)
        ],
    }


def _paper_counts(contest: Contest, left_out: LeftOut) -> dict[str, object]:
    """What explains the difference of marks and envelopes where people voted on paper; nothing where nobody did.

    given_out: marks of numbered sheets, annulled ones too; entered: envelopes of numbered sheets, those of batches that
    were taken back too; named_taken_back: envelopes of sheets with names whose marks are gone with their batch.
    """
    found: dict[str, object] = {"withdrawn": left_out.withdrawn} if left_out.withdrawn else {}
    if has_paper(contest):
        is_named = contest.rules.paper.is_named
        found["paper"] = {
            "given_out": given_out_marks(contest),
            "entered": numbered_sheets(contest, taken_back=True),
            "named_taken_back": left_out.taken_back if is_named else 0,
            "taken_back": left_out.taken_back,
        }
    return found


def _result(contest: Contest, published: Publication) -> dict[str, object]:
    count = published.count
    return {
        "format": RESULT_FORMAT, "contest": str(contest.id), "title": contest.title,
        "community": contest.community.code, "number": count.number, "rule": count.rule,
        "dossier": count.dossier_digest, "outcome": count.outcome_digest, "funded": count.outcome["funded"],
        "certifications": len(certifications_of(count)), "published_at": published.published_at.isoformat(),
        "origin": contest.origin,
    }  # fmt: skip


def write_records() -> int:
    """Write the record of every published contest that has none yet; returns how many.

    One that cannot be written yet is tried again by the next run, and stops no other.
    """
    made = 0
    for contest in published_contests():
        folder = Path(settings.RECORDS_DIR) / str(contest.id)
        if not folder.exists():
            try:
                write_record(contest=contest, folder=folder)
                made += 1
            except (Refused, OSError) as error:
                logger.warning("no record of %s yet: %s", contest, error)
                continue
        archive = folder.with_suffix(".zip")
        if not archive.exists():
            _write_zip(folder, archive, name=contest.slug)
    return made


def _write_zip(folder: Path, path: Path, *, name: str) -> None:
    """The record as one file, always the same bytes for the same files."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(folder.rglob("*")):
                if each.is_file():
                    inside = f"{name}-record/{each.relative_to(folder).as_posix()}"
                    info = zipfile.ZipInfo(inside, ZIP_MOMENT)
                    info.compress_type = zipfile.ZIP_DEFLATED
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, each.read_bytes())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
