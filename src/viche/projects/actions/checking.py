"""The check of form: a submitted project is published, sent back with what is missing, or refused with a reason."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal.events import Event
from viche.projects.actions.moves import decide_move, held_project, roles_about, set_state, write_entry
from viche.projects.actions.support import begin_support
from viche.projects.checking import FORM_CHECKS
from viche.projects.course import course_from
from viche.projects.events import (
    ProjectPublished,
    ProjectPublishedUnchecked,
    ProjectRefusedByCheck,
    ProjectSentBack,
    ProjectSubmittedAgain,
)
from viche.projects.models import CheckDecision, Project, State
from viche.projects.versions import content_digest

Verdict = CheckDecision.Verdict
MAX_TEXT = 4000


def publish_project(*, project: Project, by: Actor) -> Project:
    """Publish a project whose form is in order: it begins to collect support, or comes under review.

    Locks the project; journal: ProjectPublished (and what support begins with). Refused: not_checker, own_project, the
    lifecycle's codes.
    """
    _check_official(project, by)
    return _decide(project, "publish", by, Verdict.PUBLISHED, ProjectPublished)


def send_back_project(*, project: Project, text: str, by: Actor, faults: Sequence[str] = ()) -> Project:
    """Send a project back to its author with what is missing: points of the list (FORM_CHECKS), and words.

    Locks the project; journal: ProjectSentBack with the hash of what was said. Refused: not_checker, own_project,
    no_text, text_too_long, unknown_fault, the lifecycle's codes.
    """
    _check_official(project, by)
    if set(faults) - set(FORM_CHECKS):
        raise Refused("unknown_fault", _("Choose from the list what is not in order."), status=422)
    _check_text(text, _("Say what is missing: the author will correct the project by your words."), "no_text")
    return _decide(
        project, "send_back", by, Verdict.SENT_BACK, ProjectSentBack, text=text.strip(), faults=faults
    )


def refuse_unpublished(*, project: Project, text: str, by: Actor, faults: Sequence[str] = ()) -> Project:
    """Refuse a project at the check of form, with a reason that its author reads; it is never published.

    Locks the project; journal: ProjectRefusedByCheck with the hash of the reason. Refused: not_checker, own_project,
    no_reason, text_too_long, unknown_fault, the lifecycle's codes.
    """
    _check_official(project, by)
    if set(faults) - set(FORM_CHECKS):
        raise Refused("unknown_fault", _("Choose from the list what is not in order."), status=422)
    _check_text(text, _("Give the reason: the author will read it."), "no_reason")
    return _decide(
        project, "refuse", by, Verdict.REFUSED, ProjectRefusedByCheck, text=text.strip(), faults=faults
    )


def resubmit_for_check(*, project: Project, by: Actor) -> Project:
    """The author submits a project that the check has sent back once more; its term runs anew.

    Locks the project; journal: ProjectSubmittedAgain with the hash of what it says now. Refused: the lifecycle's codes.
    """
    return _decide(project, "resubmit", by, Verdict.RESUBMITTED, ProjectSubmittedAgain)


def publish_unchecked(*, project: Project) -> bool:
    """Publish a project that nobody has checked in time, where the rules say that silence publishes.

    Returns whether it was published now; locks the project, so that a job and an official publish it once. Journal:
    ProjectPublishedUnchecked.
    """
    with transaction.atomic():
        held = held_project(project)
        end = held.check_until
        check = held.contest.rules.submission.check
        if held.state != State.CHECKING or end is None or clock.now() < end:
            return False
        if check is None or not check.publish_silent:
            return False
        _move(held, "publish_unchecked", SYSTEM, Verdict.UNCHECKED, ProjectPublishedUnchecked)
    project.state = held.state
    return True


def _check_official(project: Project, by: Actor) -> None:
    if not by.holds(Role.EDITOR, Role.ADMINISTRATOR, community=project.contest.community.code):
        raise Refused("not_checker", _("Only an editor or an administrator checks projects."), status=403)
    if "author" in roles_about(project, by):
        raise Refused(
            "own_project",
            _("Nobody checks a project of their own: leave it to another official."),
            status=403,
        )


def _check_text(text: str, message: str, code: str) -> None:
    if not text.strip():
        raise Refused(code, message, fields={"text": message}, status=422)
    if len(text.strip()) > MAX_TEXT:
        limit = _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
        raise Refused("text_too_long", limit, fields={"text": limit}, status=422)


def _decide(
    project: Project,
    name: str,
    by: Actor,
    verdict: str,
    event: type[Event],
    *,
    text: str = "",
    faults: Sequence[str] = (),
) -> Project:
    with transaction.atomic():
        held = held_project(project)
        if name in ("refuse", "resubmit") and held.published_at is not None:
            # the same words mean other moves once a project is public: those are the review's
            raise Refused("wrong_state", _("The project’s present state does not allow this."))
        _move(held, name, by, verdict, event, text=text, faults=faults)
    project.state = held.state
    return held


def _move(
    held: Project,
    name: str,
    by: Actor,
    verdict: str,
    event: type[Event],
    *,
    text: str = "",
    faults: Sequence[str] = (),
) -> None:
    """One move of the check: state, what begins with it, what was said, and the entry. The row is held."""
    row = decide_move(held, name, roles=roles_about(held, by))
    moment = clock.now()
    held.state = State(row.target)
    set_state(held, row.target, **course_from(held, moment))
    said: dict[str, Any] = {}
    if verdict in (Verdict.SENT_BACK, Verdict.REFUSED):
        said["reason_digest"] = digest({"faults": sorted(set(faults)), "text": text})
    elif verdict == Verdict.RESUBMITTED:
        said["digest"] = content_digest(held)
    CheckDecision.objects.create(
        project=held, verdict=verdict, text=text, faults=[code for code in FORM_CHECKS if code in set(faults)],
        decided_by_id=by.person_id, decided_at=moment,
    )  # fmt: skip
    write_entry(held, by, event, **said)
    begin_support(held)
