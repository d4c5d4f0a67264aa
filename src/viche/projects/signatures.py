"""Signatures under a project: whose they are, what seals them, whether one may be put now. Reads and pure functions.

A signature is sealed by a commitment: SHA-256 over the canonical JSON (RFC 8785) of what it is, with 32 random bytes.
The journal holds the commitment alone; the signatory keeps the document and can compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.canonical import digest
from rulebook.rules.vocabulary import ONLINE
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.methods import why_not_accepted
from viche.identity.models import Person
from viche.identity.queries import number_tokens
from viche.projects.course import support_window
from viche.projects.models import Project, Signature, State

COLLECTING = (State.SIGNING, State.IN_REVIEW)
"""States in which a project takes signatures while its window is open: enough of them do not stop the collection, for
their number may decide a tie."""


@dataclass(frozen=True)
class Progress:
    """How far the collection is. starts_at, ends_at: its window, UTC, None where there is no bound."""

    supporters: int
    needed: int
    starts_at: datetime | None
    ends_at: datetime | None
    is_open: bool
    is_over: bool

    @property
    def is_enough(self) -> bool:
        return self.supporters >= self.needed


def needed_by(project: Project) -> int:
    """How many supporters the project needs: 0 where the rules collect none."""
    support = project.contest.rules.support
    return 0 if support is None else support.needed(project.size_class or None)


def progress_of(project: Project) -> Progress | None:
    """The collection of support of a published project; None where it needs none."""
    needed = needed_by(project)
    if not needed or not project.is_public:
        return None
    starts_at, ends_at = support_window(project)
    now = clock.now()
    return Progress(
        project.supporters, needed, starts_at, ends_at,
        is_open=project.state in COLLECTING and why_not_now(project, now) is None,
        is_over=ends_at is not None and ends_at <= now,
    )  # fmt: skip


def support_tokens_of(contest: Contest, person: Person) -> list[bytes]:
    """What stands for the person under this contest's projects, one for each number on record; the first is put into a
    signature, all are looked at.
    """
    return [keys.support_token(str(contest.id), number) for number in number_tokens(person)]


def sealed_document(signature: Signature) -> dict[str, Any]:
    """What the commitment is taken over. moment: UTC, to the microsecond."""
    return {
        "signature": str(signature.id), "project": str(signature.project_id), "person": bytes(signature.token).hex(),
        "moment": signature.signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "nonce": bytes(signature.nonce).hex(),
    }  # fmt: skip


def commitment_of(signature: Signature) -> str:
    """SHA-256 over the canonical JSON of the sealed document, hex."""
    return digest(sealed_document(signature))


def exact_time(moment: datetime) -> str:
    """«21.03.2026 00:00:00» in Kyiv: where a second decides, it is shown."""
    return moment.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M:%S")


def why_not_now(project: Project, moment: datetime, *, way: str = ONLINE) -> Refused | None:
    """Why the project takes no signature of this way at the moment, whoever gives it; None where it does.

    Codes: support_not_collected, way_not_offered, not_published, support_not_begun, support_over, not_collecting.
    """
    support = project.contest.rules.support
    if support is None or not needed_by(project):
        return Refused(
            "support_not_collected", _("By the rules of this contest this project needs no signatures.")
        )
    if way not in support.ways:
        return Refused(
            "way_not_offered",
            _("By the rules of this contest signatures are collected on paper only.")
            if way == ONLINE
            else _("By the rules of this contest signatures are collected online only."),
        )
    if not project.is_public:
        return Refused("not_published", _("The project is not published yet: it cannot be signed."))
    starts_at, ends_at = support_window(project)
    if starts_at is not None and moment < starts_at:
        return Refused(
            "support_not_begun",
            _("Signatures are collected from %(start)s (Kyiv time); it is %(now)s now.")
            % {"start": exact_time(starts_at), "now": exact_time(moment)},
        )
    if ends_at is not None and ends_at <= moment:
        return Refused(
            "support_over",
            _(
                "Signatures were collected until %(end)s (Kyiv time); this one came at %(now)s and cannot count."
            )
            % {"end": exact_time(ends_at), "now": exact_time(moment)},
        )
    if project.state == State.SIGNING or (project.state in COLLECTING and ends_at is not None):
        return None
    return Refused(
        "not_collecting", _("The project collects no signatures now: %s.") % project.get_state_display()
    )


def why_not_by(project: Project, person: Person, method: str, moment: datetime) -> Refused | None:
    """Why this person cannot sign online, whatever the moment is for others; None where they can.

    Codes: own_project, not_eligible, method_not_accepted.
    """
    contest, rules = project.contest, project.contest.rules
    if project.author_id == person.pk:
        return own_project(project)
    found = obstacles(
        person=person,
        territory=contest.community.territory,
        rule=rules.supporters,
        moment=moment,
        channel=ONLINE,
    )
    if found:
        fields = {"eligibility": [" ".join(filter(None, (each.message, each.remedy))) for each in found]}
        message = " ".join(each.message for each in found)
        return Refused("not_eligible", message, fields=fields, status=403)
    return why_not_accepted(rules.methods_to_support, method)


def own_project(project: Project) -> Refused:
    support = project.contest.rules.support
    if support is not None and support.author_counts:
        return Refused(
            "own_project", _("This is your project: you are already counted among its supporters.")
        )
    return Refused(
        "own_project", _("This is your project: by the rules its author is not one of the supporters.")
    )


def standing_signatures(contest: Contest, tokens: Sequence[bytes]) -> QuerySet[Signature]:
    """The person's signatures under the contest's projects that stand."""
    return Signature.objects.filter(contest=contest, token__in=tokens, withdrawn_at__isnull=True)


def signature_by(project: Project, tokens: Sequence[bytes]) -> Signature | None:
    """The person's standing signature under the project."""
    return standing_signatures(project.contest, tokens).filter(project=project).first()


def used_signatures(contest: Contest, tokens: Sequence[bytes]) -> int:
    """How many of the contest's projects the person supports, their own by the rules aside."""
    return standing_signatures(contest, tokens).exclude(way=Signature.Way.AUTHOR).count()


def already_signed(signature: Signature) -> Refused:
    return Refused(
        "already_signed",
        _("You have already supported this project, on %s (Kyiv time). One person signs once.")
        % exact_time(signature.signed_at),
    )


def limit_used(contest: Contest) -> Refused:
    most = contest.rules.support.max_per_person or 0
    return Refused(
        "limit_used",
        ngettext(
            "By the rules one person supports at most %d project of a contest, and you have done so.",
            "By the rules one person supports at most %d projects of a contest, and you have supported as many.",
            most,
        )
        % most,
    )  # fmt: skip


def withdrawable_signature(project: Project, person: Person) -> Signature:
    """The person's standing signature, if it may be taken back now. Refused: as withdraw_signature."""
    support = project.contest.rules.support
    if support is None or not support.withdrawal:
        raise Refused(
            "withdrawal_not_foreseen", _("By the rules of this contest a signature cannot be taken back.")
        )
    signature = signature_by(project, support_tokens_of(project.contest, person))
    if signature is None:
        raise Refused("not_signed", _("You have not signed this project."), status=404)
    if signature.way == Signature.Way.AUTHOR:
        raise Refused(
            "own_project", _("The author is counted while the project stands: withdraw the project itself.")
        )
    way = "paper" if signature.way == Signature.Way.PAPER else "online"
    if fault := why_not_now(project, clock.now(), way=way):
        raise fault
    if project.state != State.SIGNING:
        raise Refused(
            "not_collecting",
            _(
                "The project already has enough support and is under review: signatures are not taken back any more."
            ),
        )
    return signature
