"""Reads of official reports: what can be made, what was issued, whether a file is one of ours."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.messages.links import body_address
from viche.contests.models import Contest
from viche.foundation import private_files
from viche.reports.official.kind import Kind
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import LANGUAGES, SHELF, Letterhead, Report, ReportFile
from viche.reports.official.setting import Head

MOST_REVISIONS = 30


@dataclass(frozen=True)
class Offer:
    """A kind of report that a body can make of a contest. why_not: an empty text where it can be made now. waiting:
    those of it that are being made.
    """

    kind: Kind
    why_not: str
    waiting: tuple[Report, ...]


def offers_of(contest: Contest) -> list[Offer]:
    """Every kind of report, in the order of the page."""
    waiting = list(Report.objects.filter(contest=contest, state=Report.State.WAITING))
    return [
        Offer(kind, str(kind.is_ready(contest)), tuple(each for each in waiting if each.kind == kind.key))
        for kind in KINDS.values()
    ]


def first_reportable(contests: Sequence[Contest]) -> Contest | None:
    """The first of them that a report can be made of; the first of all where there is none; None of none."""
    for contest in contests:
        if any(not kind.is_ready(contest) for kind in KINDS.values()):
            return contest
    return contests[0] if contests else None


def reports_of(community: Community, *, contest: Contest | None = None) -> QuerySet[Report]:
    """What was asked for and issued in a body, the latest first, with the files."""
    found = Report.objects.filter(community=community).exclude(state=Report.State.SAME)
    if contest is not None:
        found = found.filter(contest=contest)
    return found.select_related("contest").prefetch_related("files").order_by("-asked_at", "-id")


def public_reports(contest: Contest) -> list[Report]:
    """The issued reports of a contest that everybody may read, the latest first; withdrawn ones among them."""
    found = Report.objects.filter(contest=contest, state=Report.State.MADE, is_public=True)
    found = found.select_related("contest").prefetch_related("files")
    return list(found.order_by("-made_at", "-number"))


def report_of(community: Community, reference: UUID) -> Report | None:
    return (
        Report.objects.filter(community=community, pk=reference)
        .select_related("contest__community__territory", "community__territory", "same_as")
        .prefetch_related("files")
        .first()
    )


def report_file_of(community: Community, reference: UUID) -> ReportFile | None:
    """A file of an issued report of the body."""
    found = ReportFile.objects.filter(report__community=community, pk=reference)
    return found.select_related("report__contest").first()


def public_file_of(contest: Contest, reference: UUID) -> ReportFile | None:
    """A file that everybody may have: of a public report that is not withdrawn."""
    found = ReportFile.objects.filter(
        report__contest=contest, report__is_public=True, report__withdrawn_at=None, pk=reference
    )
    return found.select_related("report__contest").first()


def content_of(file: ReportFile) -> bytes | None:
    """The file's bytes."""
    return private_files.content_of(file.pk, shelf=SHELF)


def file_with_digest(community: Community, digest: str) -> ReportFile | None:
    """The file of an issued report of the body with this SHA-256 (hex); where several reports have it, that of the one
    that is valid, then of one that everybody reads, then of the latest.
    """
    return _files_with(community, [digest.strip().lower()]).first()


def _files_with(community: Community, digests: Collection[str]) -> QuerySet[ReportFile]:
    found = ReportFile.objects.filter(report__community=community, digest__in=digests)
    return found.select_related("report__contest").order_by(
        F("report__withdrawn_at").desc(nulls_first=True), "-report__is_public", "-report__made_at", "-report__number",
        "-added_at", "id",
    )  # fmt: skip


def issued_file(community: Community, content: bytes) -> tuple[ReportFile | None, bool]:
    """(file, whether it is whole): the issued file that these bytes are; or that they begin with, where a later
    revision was added to a PDF, as a signature is.
    """
    found = file_with_digest(community, sha256(content).hexdigest())
    if found is not None or not content.startswith(b"%PDF-"):
        return found, True
    revisions = list(_revisions(content))
    by_digest: dict[str, ReportFile] = {}
    for each in _files_with(community, revisions):
        by_digest.setdefault(each.digest, each)
    return next((by_digest[each] for each in reversed(revisions) if each in by_digest), None), False


def _revisions(content: bytes) -> Iterator[str]:
    """SHA-256 (hex) of every beginning of a PDF that may be a revision of it; each byte is read once."""
    running, begun, view = sha256(), 0, memoryview(content)
    for place, found in enumerate(re.finditer(rb"%%EOF(\r\n|\n|\r)?", content)):
        if place == MOST_REVISIONS:
            return
        for end in sorted({found.start() + 5, found.end()}):
            running.update(view[begun:end])
            begun = end
            yield running.hexdigest()


def letterhead_of(community: Community) -> Letterhead:
    """The body's letterhead; an unsaved one of its name and emblem where nothing was said."""
    return Letterhead.objects.filter(community=community).first() or Letterhead(community=community)


def head_of(letterhead: Letterhead) -> Head:
    """What stands around the content, in the language of the moment."""
    community, said = letterhead.community, _said(letterhead)
    emblem = b""
    if letterhead.has_emblem and community.emblem:
        try:
            with community.emblem.open() as file:
                emblem = file.read()
        except OSError:
            # a report without the emblem is still a report
            emblem = b""
    return Head(
        lines=tuple(said.get("lines") or (community.title,)), emblem=emblem,
        alt=_("Emblem: %s") % community.title, place=said.get("place", ""),
        closing=tuple(said.get("closing") or ()),
    )  # fmt: skip


def signatories_of(letterhead: Letterhead) -> list[tuple[str, str]]:
    """(office, name) of whoever signs, in the language of the moment."""
    said = _said(letterhead).get("signatories")
    if said:
        return [(office, name) for office, name in said]
    return [(_("Chair of the commission"), ""), (_("Secretary of the commission"), "")]


def _said(letterhead: Letterhead) -> dict[str, list[str] | str]:
    language = (get_language() or "uk")[:2]
    found: dict[str, list[str] | str] = letterhead.texts.get(language if language in LANGUAGES else "uk", {})
    return found


def check_address(community: Community) -> str:
    """Where anybody can check a file, without a language."""
    return body_address(community, settings.PUBLIC_ADDRESS) + "/reports/check/"
