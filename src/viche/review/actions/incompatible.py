"""Marking projects that exclude each other."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from rulebook.calendar import VOTING
from rulebook.canonical import digest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.projects.models import Project
from viche.review.actions.conflicts import check_no_conflict, check_reason
from viche.review.events import IncompatibilityWithdrawn, ProjectsMarkedIncompatible
from viche.review.models import IncompatibleGroup, IncompatibleProject
from viche.review.queries.incompatible import MARKABLE


def mark_incompatible(
    *, contest: Contest, projects: Sequence[Project], reason: str, by: Actor
) -> IncompatibleGroup:
    """Mark projects of which at most one can win, before voting; journal: ProjectsMarkedIncompatible.

    Locks the contest. Refused: not_commission, no_reason, too_long, too_few, not_markable, already_marked,
    conflict_of_interest, voting_begun.
    """
    reason = check_reason(reason, _("Say why only one of them can be built."))
    projects = list({project.pk: project for project in projects}.values())
    if len(projects) < 2:
        message = _("Choose two projects or more.")
        raise Refused("too_few", message, fields={"projects": message}, status=422)
    with transaction.atomic():
        _check_open(contest, by)
        for project in Project.objects.filter(pk__in=[each.pk for each in projects]).order_by("number"):
            if project.contest_id != contest.pk or project.state not in MARKABLE:
                message = _("Project No. %d is neither under review nor admitted.") % project.number
                raise Refused("not_markable", message, fields={"projects": message})
            check_no_conflict(project, by)
        last = IncompatibleGroup.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0
        group = IncompatibleGroup.objects.create(
            contest=contest, number=last + 1, reason=reason, marked_by_id=by.person_id, marked_at=clock.now()
        )
        try:
            with transaction.atomic():
                for project in projects:
                    IncompatibleProject.objects.create(group=group, project=project)
        except IntegrityError:
            message = _(
                "One of them is in a group already: withdraw that group first, then mark them all together."
            )
            raise Refused("already_marked", message, fields={"projects": message}) from None
        _write(ProjectsMarkedIncompatible, group, reason, by)
    return group


def withdraw_incompatible(*, group: IncompatibleGroup, reason: str, by: Actor) -> None:
    """Take a group back before voting; locks the contest; journal: IncompatibilityWithdrawn. Twice is once.

    Refused: not_commission, no_reason, too_long, conflict_of_interest, voting_begun.
    """
    reason = check_reason(reason, _("Say why it is taken back."))
    with transaction.atomic():
        _check_open(group.contest, by)
        held = IncompatibleGroup.objects.filter(pk=group.pk).select_related("contest__community").first()
        if held is None:
            return
        for member in held.members.select_related("project"):
            check_no_conflict(member.project, by)
        _write(IncompatibilityWithdrawn, held, reason, by)
        held.delete()


def _check_open(contest: Contest, by: Actor) -> None:
    if Role.COMMISSION not in by.roles_in(contest.community.code):
        raise Refused(
            "not_commission", _("Only the commission marks projects that exclude each other."), status=403
        )
    Contest.objects.select_for_update().get(pk=contest.pk)
    window = contest.window(VOTING)
    if window is not None and window.starts_at <= clock.now():
        raise Refused("voting_begun", _("Voting has begun: what excludes what does not change any more."))


def _write(
    event: type[ProjectsMarkedIncompatible] | type[IncompatibilityWithdrawn],
    group: IncompatibleGroup, reason: str, by: Actor,
) -> None:  # fmt: skip
    journal.append(
        event(
            contest=str(group.contest_id), number=group.number, reason_digest=digest(reason),
            projects=list(group.members.order_by("project__number").values_list("project__number", flat=True)),
        ),
        community=group.contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
