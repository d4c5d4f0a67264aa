"""What the pages say about the support of a project: how far it is, and whether this visitor can sign, or why not."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.numbers import grouped
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.portal.contest_page import contest_url
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project, Signature, State
from viche.projects.signatures import (
    COLLECTING,
    Progress,
    already_signed,
    exact_time,
    limit_used,
    progress_of,
    signature_by,
    support_tokens_of,
    used_signatures,
    why_not_by,
    why_not_now,
    withdrawable_signature,
)


def meter_of(contest: Contest, project: Project) -> dict[str, Any] | None:
    """The bar of a project's card while support is collected, or when it was too little; None otherwise."""
    if project.state not in (State.SIGNING, State.NOT_SUPPORTED):
        return None
    project.contest = contest
    progress = progress_of(project)
    return meter(progress, project.state) if progress is not None else None


def meter(progress: Progress, state: str) -> dict[str, Any]:
    """Arguments of the meter."""
    kind = "success" if progress.is_enough else "danger" if state == State.NOT_SUPPORTED else "brand"
    text = _("%(number)s of %(needed)s") % {
        "number": grouped(progress.supporters), "needed": grouped(progress.needed),
    }  # fmt: skip
    until = progress.ends_at if state in COLLECTING and not progress.is_over else None
    return {
        "value": min(progress.supporters, progress.needed), "max": progress.needed, "label": _("Signatures"),
        "text": text, "kind": kind, "until": until,
    }  # fmt: skip


def standing_of(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    """What the project's page shows: the bar, and the button or the reason that there is none."""
    project.contest = contest
    progress = progress_of(project)
    if progress is None:
        return None
    visitor = request.visitor  # type: ignore[attr-defined]
    person: Person | None = visitor.person
    now = clock.now()
    mine = _signature_of(project, person)
    closed = why_not_now(project, now)
    fault = None
    if mine is None and closed is None and person is not None:
        fault = why_not_by(project, person, visitor.method, now) or _limit(contest, person)
    return {
        "meter": meter(progress, project.state), "progress": progress, "mine": mine,
        "can_sign": mine is None and closed is None and fault is None,
        "is_signed_out": person is None,
        "why": "" if mine else _closed_text(project, progress, closed) or (str(fault.message) if fault else ""),
        "can_fix": fault is not None and fault.code == "not_eligible",
        "can_take_back": mine is not None and _can_take_back(project, person),
        "said": state_text(project, progress),
        "can_print": "paper" in contest.rules.support.ways and why_not_now(project, now, way="paper") is None,
        "is_mine": person is not None and is_written_by(project, person.pk),
        "is_public_list": contest.rules.support.signatories != "number" and project.supporters > 0,
        "left": _left(contest, person) if person is not None and fault is None and closed is None else "",
    }  # fmt: skip


def state_text(project: Project, progress: Progress) -> str:
    """What the number means now, as a sentence."""
    if project.state == State.NOT_SUPPORTED:
        return _(
            "Not enough by the deadline: %(number)s of %(needed)s by %(end)s (Kyiv time). The project is closed."
        ) % {
            "number": grouped(progress.supporters), "needed": grouped(progress.needed),
            "end": exact_time(progress.ends_at) if progress.ends_at else "",
        }  # fmt: skip
    if project.state == State.SIGNING and not progress.is_enough:
        missing = progress.needed - progress.supporters
        return ngettext(
            "%(n)s more signature, and the project goes to the review.",
            "%(n)s more signatures, and the project goes to the review.",
            missing,
        ) % {"n": grouped(missing)}
    if progress.is_enough:
        return _("The project has enough support.")
    return ""


def _closed_text(project: Project, progress: Progress, closed: Refused | None) -> str:
    if closed is None:
        return ""
    if project.state == State.NOT_SUPPORTED or (closed.code == "not_collecting" and progress.is_enough):
        return ""  # said already
    if closed.code == "support_over" and progress.ends_at is not None:
        return _("Signatures were collected until %s (Kyiv time).") % exact_time(progress.ends_at)
    return str(closed.message)


def _signature_of(project: Project, person: Person | None) -> Signature | None:
    return signature_by(project, support_tokens_of(project.contest, person)) if person is not None else None


def _limit(contest: Contest, person: Person) -> Refused | None:
    most = contest.rules.support.max_per_person
    tokens = support_tokens_of(contest, person)
    if not tokens:
        return Refused(
            "no_number", _("Your tax number is not confirmed: without it a signature cannot be counted once.")
        )
    return limit_used(contest) if most is not None and used_signatures(contest, tokens) >= most else None


def _left(contest: Contest, person: Person) -> str:
    """How many more projects the person may support, where the rules bound it."""
    most = contest.rules.support.max_per_person
    tokens = support_tokens_of(contest, person)
    if most is None or not tokens:
        return ""
    left = max(0, most - used_signatures(contest, tokens))
    return ngettext(
        "You can support %(n)d more project of this contest.",
        "You can support %(n)d more projects of this contest.",
        left,
    ) % {"n": left}  # fmt: skip


def _can_take_back(project: Project, person: Person | None) -> bool:
    try:
        return person is not None and withdrawable_signature(project, person) is not None
    except Refused:
        return False


def why_not_sign(request: HttpRequest, contest: Contest, project: Project) -> Refused | None:
    """What the page of signing says at once instead of asking for consent; None where one may sign."""
    project.contest = contest
    visitor = request.visitor  # type: ignore[attr-defined]
    now = clock.now()
    signed = _signature_of(project, visitor.person)
    if signed is not None:
        return already_signed(signed)
    return (
        why_not_now(project, now)
        or why_not_by(project, visitor.person, visitor.method, now)
        or _limit(contest, visitor.person)
    )


def my_signature(request: HttpRequest, contest: Contest, project: Project) -> Signature | None:
    """The visitor's standing signature under the project."""
    project.contest = contest
    return _signature_of(project, request.visitor.person)  # type: ignore[attr-defined]


def consent_lines(contest: Contest) -> list[str]:
    """What somebody agrees to by signing, a sentence each."""
    support = contest.rules.support
    shown = {
        "number": _("Only the number of signatures is published; who signed is not."),
        "initials": _("The initials of those who signed are published on the page of the project."),
        "names": _("The names of those who agree to it are published on the page of the project."),
    }[support.signatories]
    lines = [
        _("I support the project and want it to be considered by the rules of this contest."),
        _(
            "The exact time of my signature is kept and sealed in the public journal, without anything about me."
        ),
        shown,
        _("One person signs a project once, online or on paper."),
    ]
    if support.withdrawal:
        lines.append(_("While signatures are collected, I can take mine back."))
    else:
        lines.append(_("By the rules a signature cannot be taken back."))
    return lines


def shown_name(signature: Signature, contest: Contest) -> str:
    """What the list of signatories says of one: initials, or the name of who agreed to it; empty for others."""
    person = signature.person
    if person is None:
        return ""
    if contest.rules.support.signatories == "names":
        return person.display_name if signature.shows_name else ""
    return " ".join(f"{part[:1]}." for part in (person.given_name, person.family_name) if part)


def login_to_sign(contest: Contest, project: Project) -> str:
    return f"{reverse('login')}?{urlencode({'next': contest_url(contest, 'sign', project.number)})}"
