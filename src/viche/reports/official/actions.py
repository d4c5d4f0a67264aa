"""Writes of official reports: asked for, made by a job, issued under a number, signed, shown, withdrawn."""

import contextlib
import hashlib
import logging
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.reports.actions import count_tallies
from viche.reports.document import Document
from viche.reports.events import LetterheadSet, ReportIssued, ReportShown, ReportSigned, ReportWithdrawn
from viche.reports.official.filing import FILES, SUFFIXES, digest_of
from viche.reports.official.kind import PDF, Kind
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import LANGUAGES, SHELF, SIGNED, Letterhead, Report, ReportFile
from viche.reports.official.queries import (
    check_address,
    content_of,
    head_of,
    letterhead_of,
    signatories_of,
)
from viche.reports.official.sealing import SealError, is_sealing, sealed, signable
from viche.reports.official.setting import Head, pdf_of_document, with_signatories
from viche.reports.official.signing import signature_of
from viche.reports.official.wording import author_text

logger = logging.getLogger(__name__)

State = Report.State
MAKERS = (Role.ADMINISTRATOR, Role.COMMISSION)


def ask_report(*, contest: Contest, kind: str, languages: Collection[str], by: Actor) -> list[Report]:
    """Have a report made, one in each language; row and job are one transaction. One that is being made already is the
    same one. No journal entry: nothing is issued yet.

    Refused: not_maker, archived, unknown_kind, no_language, not_ready.
    """
    _maker_only(contest.community, by)
    wanted = KINDS.get(kind)
    if wanted is None:
        raise Refused("unknown_kind", _("There is no such report."), status=404)
    chosen = [each for each in LANGUAGES if each in languages]
    if not chosen:
        message = _("Choose at least one language.")
        raise Refused("no_language", message, fields={"languages": message}, status=422)
    if why := str(wanted.is_ready(contest)):
        raise Refused("not_ready", why)
    return [_asked(contest, wanted, language, by) for language in chosen]


def ask_all_reports(*, contest: Contest, languages: Collection[str], by: Actor) -> list[Report]:
    """Have every report made that can be made now, as ask_report. Refused: as there; not_ready where none can."""
    _maker_only(contest.community, by)
    ready = [key for key, kind in KINDS.items() if not kind.is_ready(contest)]
    if not ready:
        raise Refused("not_ready", _("No report of this contest can be made yet."))
    with transaction.atomic():
        return [
            report
            for key in ready
            for report in ask_report(contest=contest, kind=key, languages=languages, by=by)
        ]


def _asked(contest: Contest, kind: Kind, language: str, by: Actor) -> Report:
    with contextlib.suppress(IntegrityError), transaction.atomic():
        report = Report.objects.create(
            community=contest.community, contest=contest, kind=kind.key, language=language, asked_by_id=by.person_id,
            office=_office(contest.community, by), asked_at=clock.now(), steps=1 + len(kind.forms),
        )  # fmt: skip
        _queue(report)
        return report
    # a colleague was quicker
    return (
        Report.objects.filter(contest=contest, kind=kind.key, language=language)
        .order_by("-asked_at")[:1]
        .get()
    )


def retry_report(*, report: Report, by: Actor) -> Report:
    """Make one that failed once more; locks it. Refused: not_maker, archived, not_failed."""
    _maker_only(report.community, by)
    try:
        with transaction.atomic():
            held = _held(report)
            if held.state == State.WAITING:
                return held
            if held.state != State.FAILED:
                raise Refused("not_failed", _("This report is made: there is nothing to try again."))
            held.state, held.fault, held.done = State.WAITING, "", 0
            held.save(update_fields=["state", "fault", "done"])
            _queue(held)
    except IntegrityError:
        raise Refused("not_failed", _("This report is being made already: look at the list.")) from None
    return held


def make_report(*, report: Report) -> Report:
    """Make what was asked for: build it, write its files, number it, issue it; how far it is stands in the row.

    Files, number, row and journal entry (ReportIssued) are one transaction, with letterhead and report locked: run
    twice or by two workers, it is one report. What says the same as an issued report issues nothing. A failure is kept
    in the row with its code and can be tried again.
    """
    found = Report.objects.select_related("contest__community__territory").get(pk=report.pk)
    if found.state != State.WAITING:
        return found
    try:
        # figures are counted every minute: what was published since must not be missing
        count_tallies(contest=found.contest)
        with override(found.language):
            return _made(found)
    except SealError as error:
        logger.exception("report %s was not sealed", found.pk)
        return _failed(found, error.code)
    except Exception:
        logger.exception("report %s was not made", found.pk)
        return _failed(found, "error")


def _made(report: Report) -> Report:
    """In the language of the moment."""
    kind, contest = KINDS.get(report.kind), report.contest
    if kind is None or kind.is_ready(contest):
        return _failed(report, "unknown_kind" if kind is None else "not_ready")
    letterhead = letterhead_of(contest.community)
    letterhead.community = contest.community
    head = head_of(letterhead)
    document = with_signatories(kind.build(contest), signatories_of(letterhead), is_signed=kind.is_signed)
    digest = digest_of(document, head)
    _note(report, 1)
    contents: dict[str, bytes] = {}
    if _same(report, digest) is None:
        for form in kind.forms:
            if form != PDF:
                contents[form] = FILES[form](document, kind, contest, digest)
                _note(report, 1 + len(contents))
    try:
        with transaction.atomic():
            return _issued(report, kind, document, head, digest, contents)
    except BaseException:
        if not ReportFile.objects.filter(report=report).exists():
            for form in kind.forms:
                private_files.forget(_key(report, form), shelf=SHELF)
        raise


def _issued(
    report: Report, kind: Kind, document: Document, head: Head, digest: str, contents: Mapping[str, bytes]
) -> Report:
    letterhead, held = _held_letterhead(report.contest.community), _held(report)
    if held.state != State.WAITING:
        return held
    if (same := _same(held, digest)) is not None:
        held.state, held.same_as, held.done = State.SAME, same, held.steps
        held.save(update_fields=["state", "same_as", "done"])
        return held
    now = clock.now()
    held.year, held.number = _next_number(letterhead)
    contents = {PDF: _pdf(held, document, head, digest), **contents} if PDF in kind.forms else contents
    held.state, held.made_at, held.done, held.digest = State.MADE, now, held.steps, digest
    held.title = document.title[:300]
    held.is_public = kind.is_public and kind.may_show(report.contest)
    held.save()
    files = [_kept(held, form, SUFFIXES[form], contents[form], key=_key(held, form)) for form in kind.forms]
    _write(
        ReportIssued(
            **_named(held), contest=str(held.contest_id), language=held.language,
            digests={each.form: each.digest for each in files}, facts=digest, office=held.office,
        ), held, None,
    )  # fmt: skip
    return held


def _pdf(report: Report, document: Document, head: Head, digest: str) -> bytes:
    day = clock.now().astimezone(KYIV).date()
    content = pdf_of_document(
        document, head=head, number=report.our_number, day=day, digest=digest,
        address=check_address(report.community), office=author_text(report.office),
    )  # fmt: skip
    if not is_sealing():
        return signable(content)
    return sealed(content, reason=_("Report No. %s is issued") % report.our_number, place=head.place)


def sign_report(*, report: Report, copy: bytes, by: Actor) -> ReportFile:
    """Keep a copy of the report's PDF that an official signed with their own qualified signature; locks the report;
    journal: ReportSigned. The same copy once more changes nothing.

    Refused: not_maker, archived, not_issued, those of signing.signature_of.
    """
    _maker_only(report.community, by)
    original = report.files.filter(form=PDF).first() if report.is_valid else None
    content = content_of(original) if original is not None else None
    if content is None:
        raise Refused("not_issued", _("Only an issued report can be signed."))
    digest = hashlib.sha256(copy).hexdigest()
    if (known := report.files.filter(digest=digest, form=SIGNED).first()) is not None:
        return known
    signature = signature_of(copy, content)
    key = uuid5(report.pk, digest)
    with transaction.atomic():
        held = _held(report)
        if (known := held.files.filter(digest=digest, form=SIGNED).first()) is not None:
            return known
        if not held.is_valid:
            raise Refused("not_issued", _("Only an issued report can be signed."))
        file = _kept(
            held, SIGNED, signature.suffix, copy, key=key, signer=signature.signer,
            authority=signature.authority[:200], signed_at=signature.at,
        )  # fmt: skip
        _write(ReportSigned(**_named(held), digest=digest), held, by)
    return file


def publish_report(*, report: Report, by: Actor) -> Report:
    """Let everybody read it; locks it; journal: ReportShown. Refused: not_maker, archived, not_issued, internal,
    not_published.
    """
    kind = KINDS.get(report.kind)
    if kind is None or not kind.is_public:
        raise Refused("internal", _("Reports of this kind are for officials and auditors only."))
    if not kind.may_show(report.contest):
        raise Refused("not_published", _("Everybody may read it once the result is published."))
    return _shown(report, True, by)


def hide_report(*, report: Report, by: Actor) -> Report:
    """Keep it for officials and auditors; locks it; journal: ReportShown. Refused: not_maker, archived, not_issued."""
    return _shown(report, False, by)


def _shown(report: Report, is_public: bool, by: Actor) -> Report:
    _maker_only(report.community, by)
    with transaction.atomic():
        held = _held(report)
        if not held.is_valid:
            raise Refused("not_issued", _("Only an issued report can be shown or hidden."))
        if held.is_public != is_public:
            held.is_public = is_public
            held.save(update_fields=["is_public"])
            _write(ReportShown(**_named(held), is_public=is_public), held, by)
    return held


def withdraw_report(*, report: Report, reason: str, by: Actor) -> Report:
    """Say that a report is not to be relied on any more; its number and hashes stay. Locks it; journal:
    ReportWithdrawn.

    Refused: not_maker, archived, not_issued, no_reason.
    """
    _maker_only(report.community, by)
    said = " ".join(reason.split())
    if not 0 < len(said) <= 300:
        message = _("Say in at most 300 letters why it is withdrawn: everybody reads it.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)
    with transaction.atomic():
        held = _held(report)
        if not held.is_valid:
            raise Refused("not_issued", _("Only an issued report can be withdrawn."))
        held.withdrawn_at, held.reason = clock.now(), said
        held.save(update_fields=["withdrawn_at", "reason"])
        _write(ReportWithdrawn(**_named(held), reason=said), held, by)
    return held


def set_letterhead(
    *,
    community: Community,
    has_emblem: bool,
    texts: Mapping[str, Mapping[str, Any]],
    revision: int,
    by: Actor,
) -> Letterhead:
    """Say what stands around the content of reports; locks the letterhead; journal: LetterheadSet.

    revision: that the official looked at. Refused: not_maker, archived, changed_meanwhile.
    """
    _maker_only(community, by, roles=(Role.ADMINISTRATOR,))
    with transaction.atomic():
        held = _held_letterhead(community)
        if held.revision != revision:
            raise Refused(
                "changed_meanwhile",
                _("A colleague has changed these settings meanwhile: look at them again."),
            )
        held.has_emblem, held.revision = has_emblem, held.revision + 1
        held.texts = {language: dict(texts[language]) for language in LANGUAGES if texts.get(language)}
        held.save(update_fields=["has_emblem", "texts", "revision"])
        journal.append(
            LetterheadSet(community=community.code, revision=held.revision),
            community=community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return held


def _held_letterhead(community: Community) -> Letterhead:
    """The letterhead of the body, locked: whoever holds it gives the next number. Only inside a transaction."""
    Letterhead.objects.get_or_create(community=community)
    return Letterhead.objects.select_for_update().get(community=community)


def _maker_only(community: Community, by: Actor, *, roles: tuple[str, ...] = MAKERS) -> None:
    if not by.holds(*roles, community=community.code):
        raise Refused(
            "not_maker", _("Only administrators and the commission make reports of the contest."), status=403
        )
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."))


def _office(community: Community, by: Actor) -> str:
    held = by.roles_in(community.code)
    return next((str(role) for role in MAKERS if role in held), "system")


def _queue(report: Report) -> None:
    jobs.configure_task("viche.reports.jobs.make_asked_report", lock=f"report:{report.pk}").defer(
        report_id=str(report.pk)
    )


def _held(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("contest", "community__territory")
        .get(pk=report.pk)
    )


def _note(report: Report, done: int) -> None:
    """How far it is, for whoever waits at the page."""
    Report.objects.filter(pk=report.pk, state=State.WAITING).update(done=done)


def _same(report: Report, digest: str) -> Report | None:
    """The issued report that says the same."""
    return Report.objects.filter(
        contest=report.contest_id, kind=report.kind, language=report.language, digest=digest, state=State.MADE,
        withdrawn_at=None,
    ).first()  # fmt: skip


def _failed(report: Report, fault: str) -> Report:
    with transaction.atomic():
        held = _held(report)
        if held.state == State.WAITING:
            held.state, held.fault = State.FAILED, fault
            held.save(update_fields=["state", "fault"])
    return held


def _next_number(letterhead: Letterhead) -> tuple[int, int]:
    year = clock.year()
    letterhead.last_number = letterhead.last_number + 1 if letterhead.year == year else 1
    letterhead.year = year
    letterhead.save(update_fields=["year", "last_number"])
    return year, letterhead.last_number


def _key(report: Report, form: str) -> UUID:
    """The id of a file of a report, the same however often it is made: nothing is left behind by a killed worker."""
    return uuid5(report.pk, form)


def _kept(report: Report, form: str, suffix: str, content: bytes, *, key: UUID, **signed: Any) -> ReportFile:
    file = ReportFile.objects.create(
        id=key, report=report, form=form, suffix=suffix, digest=hashlib.sha256(content).hexdigest(),
        size=len(content), added_at=clock.now(), **signed,
    )  # fmt: skip
    private_files.forget(key, shelf=SHELF)
    private_files.keep(key, content, shelf=SHELF)
    return file


def _named(report: Report) -> dict[str, str]:
    return {"report": str(report.pk), "kind": report.kind, "ours": report.our_number}


def _write(event: Any, report: Report, by: Actor | None) -> None:
    journal.append(event, community=report.community.code, year=clock.year(), by=by)
