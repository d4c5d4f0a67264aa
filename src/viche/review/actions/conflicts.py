"""Declaring a conflict of interest, and what follows from one."""

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person, Role
from viche.journal import actions as journal
from viche.projects.models import Project
from viche.review.events import ConflictDeclared
from viche.review.models import AgendaItem, Choice, Conflict, Meeting, RollCallRecord, RollCallVote
from viche.review.queries.conflicts import has_conflict
from viche.review.queries.meetings import present_members, protocol_name

MAX_REASON = 2000


def check_reason(text: str, message: str, *, field: str = "reason") -> str:
    """The text without what surrounds it. Refused: no_reason, too_long."""
    text = text.strip()
    if not text:
        raise Refused("no_reason", message, fields={field: message}, status=422)
    if len(text) > MAX_REASON:
        message = _("No more than %d characters, please.") % MAX_REASON
        raise Refused("too_long", message, fields={field: message}, status=422)
    return text


def check_no_conflict(project: Project, by: Actor) -> None:
    """Refused: conflict_of_interest, where the official has one about the project (Law 1700-VII, art. 28, 35-1)."""
    if has_conflict(project, by.person_id):
        raise Refused(
            "conflict_of_interest",
            _("You have a conflict of interest about project No. %d: others decide about it.")
            % project.number,
            status=403,
        )


def declare_conflict(*, project: Project, reason: str, by: Actor) -> Conflict:
    """Declare one's own conflict about a project; it stays. Journal: ConflictDeclared, without the reason.

    A vote of theirs on an item that is being voted on becomes a recusal. Locks the meeting of that item. Declared
    twice is declared once. Refused: not_official, no_reason, too_long.
    """
    body = project.contest.community
    if by.person_id is None or not by.holds(
        Role.COMMISSION, Role.REVIEWER, Role.ADMINISTRATOR, community=body.code
    ):
        raise Refused(
            "not_official",
            _("Only who decides or gives opinions on projects declares a conflict."),
            status=403,
        )
    reason = check_reason(reason, _("Say what the conflict is: officials read it, the public does not."))
    with transaction.atomic():
        # the meeting first, as whoever closes an item does
        running = list(
            Meeting.objects.select_for_update()
            .filter(
                pk__in=AgendaItem.objects.filter(project=project, state=AgendaItem.State.OPEN).values("meeting")
            )
        )  # fmt: skip
        made, is_new = Conflict.objects.get_or_create(
            project=project, person_id=by.person_id, defaults={"reason": reason, "declared_at": clock.now()}
        )
        if not is_new:
            return made
        for item in AgendaItem.objects.filter(
            meeting__in=running, project=project, state=AgendaItem.State.OPEN
        ):
            if by.person_id in present_members(item.meeting):
                recuse(item, Person.objects.get(pk=by.person_id))
        journal.append(
            ConflictDeclared(project=str(project.id), number=project.number, reason_digest=digest(reason)),
            community=body.code, year=clock.year(), by=by,
        )  # fmt: skip
    return made


def recuse(item: AgendaItem, person: Person) -> None:
    """Write into the roll-call that the member takes no part in the item; inside the meeting's lock."""
    vote, _is_new = RollCallVote.objects.update_or_create(
        item=item, person=person,
        defaults={
            "name": protocol_name(person), "choice": Choice.RECUSED, "by_voice": False, "recorded_at": clock.now(),
        },
    )  # fmt: skip
    RollCallRecord.objects.create(
        vote=vote, choice=Choice.RECUSED, by_voice=False, recorded_by=person, recorded_at=vote.recorded_at
    )
