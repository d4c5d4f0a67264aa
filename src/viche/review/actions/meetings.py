"""Calling a meeting of the commission, its agenda, its beginning and end."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person, Role
from viche.journal import actions as journal
from viche.projects.models import Project, State
from viche.review.actions.conflicts import MAX_REASON
from viche.review.events import MeetingCalled, MeetingClosed, MeetingOpened, ProtocolApproved
from viche.review.models import AgendaItem, Attendance, Choice, Meeting
from viche.review.protocol import protocol_document
from viche.review.queries.meetings import (
    members_of,
    needed_quorum,
    open_item_of,
    projects_for_agenda,
    protocol_name,
    secretaries_of,
)

Verdict, ItemState = AgendaItem.Verdict, AgendaItem.State
APPEAL_VERDICTS = (Verdict.GRANT_APPEAL, Verdict.DISMISS_APPEAL)


def call_meeting(
    *, contest: Contest, starts_at: datetime, place: str, link: str, chair: Person, secretary: Person,
    projects: Sequence[tuple[Project, str]], by: Actor,
) -> Meeting:  # fmt: skip
    """Call a meeting with its agenda: projects, each with the verdict proposed; journal: MeetingCalled.

    Its number, which is the protocol's too, runs on in the body and the contest's year. Locks the contest. Refused:
    not_commission, in_past, no_place, bad_link, not_a_member, same_person, empty_agenda, not_waiting, bad_verdict.
    """
    body = contest.community
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=body.code):
        raise Refused(
            "not_commission", _("A meeting is called by the commission or its secretary."), status=403
        )
    place, link = place.strip(), link.strip()
    faults: dict[str, tuple[str, str]] = {}
    if starts_at <= clock.now():
        faults["starts_at"] = ("in_past", _("Name a time that is still to come."))
    if not place and not link:
        faults["place"] = ("no_place", _("Say where it is held: a place, a link, or both."))
    if link and not _is_link(link):
        faults["link"] = ("bad_link", _("Give the whole address, beginning with https://."))
    if chair not in members_of(body):
        faults["chair"] = ("not_a_member", _("The chair is a member of the commission."))
    if secretary not in secretaries_of(body):
        faults["secretary"] = (
            "not_a_member", _("The secretary is a member of the commission or an administrator."),
        )  # fmt: skip
    elif secretary == chair:
        faults["secretary"] = (
            "same_person", _("Chair and secretary are two people: both approve the protocol."),
        )  # fmt: skip
    if not projects:
        faults["projects"] = ("empty_agenda", _("Put at least one project on the agenda."))
    if faults:
        code, message = next(iter(faults.values()))
        raise Refused(code, message, fields={name: text for name, (_c, text) in faults.items()}, status=422)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        # the number runs through all contests of the body's year: one counter, one lock
        list(Contest.objects.select_for_update().filter(community=body, year=contest.year).order_by("pk"))
        taken = Meeting.objects.filter(community=body, year=contest.year)
        meeting = Meeting.objects.create(
            community=body, contest=contest, year=contest.year,
            number=(taken.aggregate(last=Max("number"))["last"] or 0) + 1, starts_at=starts_at, place=place[:300],
            link=link, chair=chair, secretary=secretary, quorum=needed_quorum(contest) or 1,
            called_by_id=by.person_id, called_at=clock.now(),
        )  # fmt: skip
        for project, verdict in projects:
            _append_item(meeting, project, verdict)
        journal.append(
            MeetingCalled(
                contest=str(contest.id), number=meeting.number, starts_at=starts_at.astimezone(UTC).isoformat(),
                projects=[project.number for project, _verdict in projects],
            ),
            community=body.code, year=clock.year(), by=by,
        )  # fmt: skip
    return meeting


def _is_link(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return len(text) <= 500


def _append_item(meeting: Meeting, project: Project, verdict: str) -> AgendaItem:
    if project not in projects_for_agenda(meeting.contest):
        message = _("Project No. %d waits for no decision, or is on an agenda already.") % project.number
        raise Refused("not_waiting", message, fields={"projects": message})
    _check_verdict(project, verdict)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(meeting=meeting, project=project, position=last + 1, verdict=verdict)


def _check_verdict(project: Project, verdict: str) -> None:
    fits = verdict in Verdict.values and (verdict in APPEAL_VERDICTS) == (project.state == State.APPEALED)
    if not fits:
        message = _("This cannot be proposed about project No. %d.") % project.number
        raise Refused("bad_verdict", message, fields={"verdict": message}, status=422)


def held_meeting(meeting: Meeting) -> Meeting:
    """The meeting's row, locked until the transaction ends: whoever writes about a meeting waits here in line."""
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("contest__community__territory")
        .get(pk=meeting.pk)
    )


def check_running(meeting: Meeting, by: Actor) -> None:
    """Refused: not_secretary, where neither chair nor secretary acts; closed."""
    if by.person_id is None or by.person_id not in (meeting.chair_id, meeting.secretary_id):
        raise Refused(
            "not_secretary", _("This is for the chair and the secretary of the meeting."), status=403
        )
    if meeting.closed_at is not None:
        raise Refused("closed", _("The meeting is closed: its protocol does not change."))


def held_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.select_related("project__contest__community__territory").get(
        pk=item.pk, meeting=meeting
    )


def _waiting_item(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    held = held_item(meeting, item)
    if held.state != ItemState.WAITING:
        raise Refused("item_begun", _("This item is being considered already, or is closed."))
    return held


def plan_item(*, item: AgendaItem, verdict: str, reason: str, conditions: str = "", by: Actor) -> AgendaItem:
    """Write what is proposed about a project, before its item is opened; locks the meeting.

    Refused: not_secretary, closed, item_begun, bad_verdict, too_long.
    """
    for name, text in (("reason", reason), ("conditions", conditions)):
        if len(text) > MAX_REASON:
            message = _("No more than %d characters, please.") % MAX_REASON
            raise Refused("too_long", message, fields={name: message}, status=422)
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        check_running(meeting, by)
        held = _waiting_item(meeting, item)
        _check_verdict(held.project, verdict)
        held.verdict, held.reason, held.conditions = verdict, reason.strip(), conditions.strip()
        held.save(update_fields=["verdict", "reason", "conditions"])
    return held


def revise_agenda(*, item: AgendaItem, is_up: bool, by: Actor) -> None:
    """Change places with the neighbour above or below; locks the meeting. At the edge nothing changes.

    Refused: not_secretary, closed, item_begun.
    """
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        check_running(meeting, by)
        held = _waiting_item(meeting, item)
        waiting = meeting.items.filter(state=ItemState.WAITING)
        other = (
            waiting.filter(position__lt=held.position).last()
            if is_up
            else waiting.filter(position__gt=held.position).first()
        )
        if other is None:
            return
        held.position, other.position = other.position, held.position
        held.save(update_fields=["position"])
        other.save(update_fields=["position"])


def record_attendance(*, meeting: Meeting, present: Collection[UUID], by: Actor) -> None:
    """Note which members take part; locks the meeting. Who has voted on the open item cannot be sent away.

    Refused: not_secretary, closed, has_voted.
    """
    with transaction.atomic():
        held = held_meeting(meeting)
        check_running(held, by)
        item = open_item_of(held)
        voted = (
            set(item.votes.exclude(choice=Choice.RECUSED).values_list("person", flat=True)) if item else set()
        )
        for member in members_of(held.community):
            is_present = member.pk in present
            if not is_present and member.pk in voted:
                raise Refused(
                    "has_voted", _("%s has voted on the open item: close it first.") % protocol_name(member)
                )
            Attendance.objects.update_or_create(
                meeting=held, person=member,
                defaults={
                    "name": protocol_name(member), "is_present": is_present, "recorded_by_id": by.person_id,
                    "recorded_at": clock.now(),
                },
            )  # fmt: skip


def open_meeting(*, meeting: Meeting, by: Actor) -> Meeting:
    """Begin the meeting, its attendance taken; locks it; journal: MeetingOpened. Begun twice is begun once.

    Without a quorum it may begin: its items then end undecided. Refused: not_secretary, closed, too_early,
    no_attendance.
    """
    with transaction.atomic():
        held = held_meeting(meeting)
        check_running(held, by)
        if held.opened_at is not None:
            return held
        if clock.now() < held.starts_at:
            raise Refused("too_early", _("The meeting begins at the time it was called for, not before."))
        present = held.attendances.filter(is_present=True).count()
        if not held.attendances.exists():
            raise Refused("no_attendance", _("Note first who takes part."))
        held.opened_at = clock.now()
        held.save(update_fields=["opened_at"])
        _write(held, by, MeetingOpened(contest=str(held.contest_id), number=held.number, present=present))
    return held


def close_meeting(*, meeting: Meeting, by: Actor) -> Meeting:
    """End the meeting and freeze its protocol; locks it; journal: MeetingClosed with the protocol's digest.

    Items that are not decided go to the next meeting: at once where one is called already, else they stand first when
    the next one is called. Closed twice is closed once. Refused: not_secretary, not_opened.
    """
    with transaction.atomic():
        # the contest before the meeting, as whoever calls a meeting does
        Contest.objects.select_for_update().get(pk=meeting.contest_id)
        held = held_meeting(meeting)
        if held.closed_at is not None:
            return held
        check_running(held, by)
        if held.opened_at is None:
            raise Refused("not_opened", _("The meeting has not begun."))
        moment = clock.now()
        held.items.filter(state__in=(ItemState.WAITING, ItemState.OPEN)).update(
            state=ItemState.MOVED, closed_at=moment
        )
        held.closed_at = moment
        held.protocol = protocol_document(held)
        held.digest = digest(held.protocol)
        held.save(update_fields=["closed_at", "protocol", "digest"])
        decided = held.items.filter(state=ItemState.ADOPTED).count()
        _carry_over(held)
        _write(
            held, by,
            MeetingClosed(
                contest=str(held.contest_id), number=held.number, decided=decided,
                moved=held.items.count() - decided, protocol=held.digest,
            ),
        )  # fmt: skip
    return held


def _carry_over(meeting: Meeting) -> None:
    following = (
        Meeting.objects.filter(contest=meeting.contest, opened_at__isnull=True, closed_at__isnull=True)
        .order_by("starts_at")
        .first()
    )
    if following is None:
        return
    free = {project.pk for project in projects_for_agenda(meeting.contest)}
    for item in meeting.items.exclude(state=ItemState.ADOPTED).select_related("project"):
        if item.project_id in free:
            made = _append_item(following, item.project, item.verdict)
            made.reason, made.conditions = item.reason, item.conditions
            made.save(update_fields=["reason", "conditions"])


def approve_protocol(*, meeting: Meeting, digest_seen: str, by: Actor) -> Meeting:
    """The chair or the secretary approves the frozen protocol; locks the meeting; journal: ProtocolApproved.

    Two people: each approves for their own office. Approved twice is approved once. Refused: not_closed,
    not_secretary, changed.
    """
    with transaction.atomic():
        held = held_meeting(meeting)
        if held.closed_at is None:
            raise Refused("not_closed", _("The protocol is made when the meeting is closed."))
        if by.person_id is None or by.person_id not in (held.chair_id, held.secretary_id):
            raise Refused(
                "not_secretary", _("This is for the chair and the secretary of the meeting."), status=403
            )
        if digest_seen != held.digest:
            raise Refused("changed", _("Read the protocol first, then approve it."))
        office = "chair" if by.person_id == held.chair_id else "secretary"
        field = f"{office}_approved_at"
        if getattr(held, field) is not None:
            return held
        setattr(held, field, clock.now())
        held.save(update_fields=[field])
        _write(
            held, by,
            ProtocolApproved(
                contest=str(held.contest_id), number=held.number, office=office, protocol=held.digest
            ),
        )  # fmt: skip
    return held


def _write(meeting: Meeting, by: Actor, event: MeetingOpened | MeetingClosed | ProtocolApproved) -> None:
    journal.append(event, community=meeting.community.code, year=clock.year(), by=by)
