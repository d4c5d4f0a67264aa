"""Leaving, and the archive a body takes with it."""

import contextlib
import hashlib
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from viche.communities.actions import archive_community
from viche.communities.models import Community
from viche.connectors.export.archive import write_archive
from viche.connectors.export.events import DataExported, ExportAgreed, LeavingAsked, LeavingCancelled
from viche.connectors.export.models import Export, Leaving
from viche.connectors.export.queries import may_download, running_contests
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

ANEW_AFTER = timedelta(hours=1)
"""How long a request may wait for its archive until it may be made again: its job may have failed for good."""


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


def _nothing_runs(community: Community) -> None:
    running = [contest.name for contest in running_contests(community)]
    if running:
        raise Refused(
            "contest_runs",
            _(
                "People take part in a contest that is not finished: %s. "
                "The body can leave when the result is published."
            )
            % "; ".join(running),
        )


def _here(community: Community) -> None:
    if community.archived_at is not None:
        raise Refused("archived", _("This body has already left the platform."))


def ask_to_leave(*, community: Community, decision: str, by: Actor) -> Leaving:
    """An administrator asks that the body leaves, by the council's decision; journal: LeavingAsked.

    Refused: not_administrator, archived, no_decision, bad_decision (too long), contest_runs, already_asked.
    """
    _administrator_only(community, by)
    _here(community)
    text = decision.strip()
    if not text:
        message = _("Name the council's decision: its number and date.")
        raise Refused("no_decision", message, fields={"decision": message}, status=422)
    if len(text) > 200:
        message = _("No more than %(limit)d letters, please.") % {"limit": 200}
        raise Refused("bad_decision", message, fields={"decision": message}, status=422)
    _nothing_runs(community)
    try:
        with transaction.atomic():
            leaving = Leaving.objects.create(
                community=community, decision=text, asked_by_id=by.person_id, asked_at=clock.now()
            )
            journal.append(
                LeavingAsked(leaving=str(leaving.id), decision=text),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "already_asked", _("This was already asked: it waits for the second official.")
        ) from None
    return leaving


def _held(leaving: Leaving) -> Leaving:
    """The request, its row locked. Refused: already_done."""
    held = (
        Leaving.objects.select_for_update(of=("self",))
        .select_related("community__territory")
        .get(pk=leaving.pk)
    )
    if held.confirmed_at is not None or held.cancelled_at is not None:
        raise Refused("already_done", _("This request is already confirmed or taken back."))
    return held


def cancel_leaving(*, leaving: Leaving, by: Actor) -> None:
    """An administrator of the body takes the request back; locks it; journal: LeavingCancelled.

    Refused: not_administrator, already_done.
    """
    _administrator_only(leaving.community, by)
    with transaction.atomic():
        held = _held(leaving)
        held.cancelled_at = clock.now()
        held.save(update_fields=["cancelled_at"])
        journal.append(
            LeavingCancelled(leaving=str(held.id), decision=held.decision),
            community=held.community.code, year=clock.year(), by=by,
        )  # fmt: skip


def confirm_leaving(*, leaving: Leaving, by: Actor) -> Export:
    """A second official confirms: the body is archived and its archive is queued; locks request and body; journal:
    CommunityArchived.

    by: another administrator of the body, or an administrator of the platform. Refused: not_administrator, same_person,
    already_done, contest_runs (one has begun meanwhile).
    """
    community = leaving.community
    if not may_download(community, by):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    if by.person_id == leaving.asked_by_id:
        raise Refused("same_person", _("You asked for this: another official has to confirm it."), status=403)
    with transaction.atomic():
        held = _held(leaving)
        _nothing_runs(held.community)
        held.confirmed_by_id, held.confirmed_at = by.person_id, clock.now()
        held.save(update_fields=["confirmed_by", "confirmed_at"])
        archive_community(community=held.community, decision=held.decision, by=by)
        export = request_export(community=held.community, by=by)
        # two officials have decided already: who asked to leave, and who confirmed it
        Export.objects.filter(pk=export.pk, agreed_at=None).update(
            asked_by=held.asked_by_id, agreed_by=by.person_id, agreed_at=clock.now()
        )
        export.refresh_from_db()
        return export


def request_export(*, community: Community, by: Actor) -> Export:
    """Have the archive of a body made by a job; one at a time, a second request is the first. Locks the row: what
    came to nothing for ANEW_AFTER is begun again.

    Refused: not_administrator.
    """
    if not may_download(community, by):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    with transaction.atomic():
        open_ones = Export.objects.filter(community=community, made_at__isnull=True)
        export = open_ones.select_for_update().first()
        if export is not None:
            if export.asked_at > clock.now() - ANEW_AFTER:
                return export
            export.asked_at = clock.now()
            export.save(update_fields=["asked_at"])
        else:
            with contextlib.suppress(IntegrityError), transaction.atomic():
                Export.objects.create(community=community, asked_by_id=by.person_id, asked_at=clock.now())
            export = open_ones.get()
        name = f"export:{export.pk}"
        jobs.configure_task("viche.connectors.export.jobs.export_body", lock=name).defer(
            export_id=str(export.pk)
        )
    return export


def approve_export(*, export: Export, by: Actor) -> Export:
    """A second official agrees that the archive is taken: it holds people's names and addresses. Locks it; agreed twice
    is agreed. Journal: ExportAgreed, unless the body is archived.

    by: another administrator of the body, or an administrator of the platform. Refused: not_administrator, same_person.
    """
    if not may_download(export.community, by):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    with transaction.atomic():
        held = Export.objects.select_for_update(of=("self",)).select_related("community").get(pk=export.pk)
        if held.agreed_at is not None:
            return held
        if by.person_id == held.asked_by_id:
            raise Refused(
                "same_person", _("You asked for this: another official has to confirm it."), status=403
            )
        held.agreed_by_id, held.agreed_at = by.person_id, clock.now()
        held.save(update_fields=["agreed_by", "agreed_at"])
        if held.community.archived_at is None:
            journal.append(
                ExportAgreed(export=str(held.pk)), community=held.community.code, year=clock.year(), by=by
            )
    return held


def make_export(*, export: Export) -> Path:
    """Write the archive to disk and keep its hash; journal: DataExported, unless the body is archived.

    A large city takes minutes: its place is a job. The file appears whole or not at all.
    """
    folder = Path(settings.EXPORTS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    community = export.community
    name = f"{community.slug}-{clock.now():%Y%m%d}-{secrets.token_hex(8)}.zip"
    fresh = folder.joinpath(f".{name}")
    try:
        write_archive(community=community, path=fresh)
        with fresh.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        size = fresh.stat().st_size
        fresh.replace(folder.joinpath(name))
    finally:
        fresh.unlink(missing_ok=True)
    with transaction.atomic():
        held = Export.objects.select_for_update().get(pk=export.pk)
        held.name, held.size, held.digest, held.made_at = name, size, digest, clock.now()
        held.expires_at = held.made_at + timedelta(days=settings.EXPORT_DAYS)
        held.save()
        # the log of an archived body is closed: the archive's hash stands in its row
        if Community.objects.select_for_update().get(pk=community.pk).archived_at is None:
            journal.append(
                DataExported(export=str(export.pk), digest=digest),
                community=community.code, year=clock.year(), by=None,
            )  # fmt: skip
    return folder.joinpath(name)


def end_exports() -> int:
    """Take expired archives off the disk; how many. The rows stay."""
    gone = 0
    for export in Export.objects.filter(expires_at__lte=clock.now()).exclude(name=""):
        path = Path(settings.EXPORTS_DIR).joinpath(export.name)
        gone += path.exists()
        path.unlink(missing_ok=True)
    return gone
