"""Writing a project together: people are invited by a link and join once they are identified and have agreed."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.calendar import SUBMISSION, VOTING
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.refused import Refused
from viche.identity.actions.letters import queue_letter
from viche.identity.eligibility import obstacles
from viche.identity.models import Person
from viche.projects.actions.moves import decide_move, held_project, is_written_by, roles_about, write_entry
from viche.projects.events import TeamChanged
from viche.projects.letters import TEAM
from viche.projects.models import Project, State, TeamMember
from viche.projects.team import places_taken, secret_hash, team_limit, team_secret

Standing = TeamMember.State
A_DAY = 40
"""Invitations of one project a day: each may be a letter to a stranger."""


def invite_coauthor(
    *, project: Project, name: str, language: str, base: str, by: Actor, email: str = ""
) -> tuple[TeamMember, str]:
    """Invite somebody to write the project too; returns the invitation and the secret of its link, to pass on.

    base: the absolute address of the community's pages, with a slash at its end. Where an e-mail is given and mail is
    set up, a letter is queued in the same transaction. Locks the project's row; no journal entry: nobody has joined.
    Refused: the lifecycle's codes of "edit" (403 for whoever does not write it), wrong_phase (submission is over),
    bad_name, bad_email (fields), already_invited, too_many_people, too_many_invitations.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    _check_typed(name, email)
    with transaction.atomic():
        held = held_project(project)
        _check_may_invite(held, by)
        if email and held.team.filter(email=email, state=Standing.INVITED).exists():
            message = _("This address already has an open invitation: send it again in the list.")
            raise Refused("already_invited", message, fields={"email": message})
        _check_room(held)
        return _invited(held, name, email, language, base)


def resend_coauthor_invitation(
    *, member: TeamMember, language: str, base: str, by: Actor
) -> tuple[TeamMember, str]:
    """Invite the same person anew: the former link opens nothing any more. Returns as invite_coauthor does.

    Also for somebody who has declined. Locks the project's row. Refused: the lifecycle's codes, wrong_phase,
    not_open (they have joined, or were taken off), too_many_people, too_many_invitations.
    """
    with transaction.atomic():
        held = held_project(member.project)
        _check_may_invite(held, by)
        former = TeamMember.objects.get(pk=member.pk)
        if former.state not in (Standing.INVITED, Standing.DECLINED):
            raise Refused("not_open", _("This invitation is already accepted or closed."))
        former.state, former.answered_at = Standing.REMOVED, clock.now()
        former.save(update_fields=["state", "answered_at"])
        _check_room(held)
        return _invited(held, former.name, former.email, language, base)


def accept_coauthor_invitation(*, member: TeamMember, person: Person, shows_name: bool) -> TeamMember:
    """The identified person joins the team: from now on they are an author like the first one.

    shows_name: whether they agree that their name is published with the project. Locks the project's row; the journal
    of a submitted project: TeamChanged. Accepting again changes only whether the name is shown. Refused: not_open,
    expired (submission is over), already_author, not_eligible.
    """
    with transaction.atomic():
        held = held_project(member.project)
        found = TeamMember.objects.get(pk=member.pk)
        if found.state == Standing.CONFIRMED and found.person_id == person.pk:
            found.shows_name = shows_name
            found.save(update_fields=["shows_name"])
            return found
        _check_open(held, found)
        if is_written_by(held, person.pk):
            raise Refused("already_author", _("You write this project already."))
        if found_obstacles := obstacles(
            person=person, territory=held.contest.community.territory, rule=held.contest.rules.author,
            moment=clock.now(),
        ):  # fmt: skip
            raise Refused("not_eligible", " ".join(each.message for each in found_obstacles), status=403)
        found.person, found.state, found.answered_at = person, Standing.CONFIRMED, clock.now()
        found.shows_name = shows_name
        try:
            with transaction.atomic():
                found.save(update_fields=["person", "state", "answered_at", "shows_name"])
        except IntegrityError:
            raise Refused("already_author", _("You write this project already.")) from None
        _note(held, Actor(kind="person", reference=str(person.pk)))
    return found


def decline_coauthor_invitation(*, member: TeamMember) -> None:
    """Whoever holds the link does not join; the author sees it. Locks the project's row; no journal entry.

    Declining again is declined. Refused: not_open (it was accepted).
    """
    with transaction.atomic():
        held_project(member.project)
        found = TeamMember.objects.get(pk=member.pk)
        if found.state == Standing.CONFIRMED:
            raise Refused("not_open", _("This invitation was already used."))
        if found.state == Standing.INVITED:
            found.state, found.answered_at = Standing.DECLINED, clock.now()
            found.save(update_fields=["state", "answered_at"])


def end_coauthorship(*, member: TeamMember, by: Actor) -> None:
    """Somebody leaves the team or the author takes them off it; an open invitation is taken back.

    The author, while the project can be edited; a co-author themselves until the voting begins: whoever wrote a
    project on the ballot is its author there. Locks the project's row; the journal of a submitted project:
    TeamChanged. Ended twice is ended. Refused: not_author, the lifecycle's codes, wrong_phase.
    """
    with transaction.atomic():
        held = held_project(member.project)
        found = TeamMember.objects.get(pk=member.pk)
        is_leaving = found.person_id is not None and found.person_id == by.person_id
        if not is_leaving:
            if by.person_id is None or held.author_id != by.person_id:
                raise Refused("not_author", _("Only the author decides who is in the team."), status=403)
            decide_move(held, "edit", roles=roles_about(held, by))
        elif _has_voting_begun(held):
            raise Refused("wrong_phase", _("The voting has begun: its authors stay those it began with."))
        if found.state == Standing.REMOVED:
            return
        was_confirmed = found.state == Standing.CONFIRMED
        found.state, found.answered_at = Standing.REMOVED, clock.now()
        found.save(update_fields=["state", "answered_at"])
        if was_confirmed:
            _note(held, by)


def _invited(
    held: Project, name: str, email: str, language: str, base: str
) -> tuple[TeamMember, str]:  # fmt: skip
    reference = uuid7()
    secret = team_secret(reference)
    member = TeamMember.objects.create(
        id=reference, project=held, name=name, email=email, code_hash=secret_hash(secret), invited_at=clock.now()
    )  # fmt: skip
    if email:
        queue_letter(
            key=f"team:{reference}", kind=TEAM, subject=reference, to=email, language=language, base=base
        )
    return member, secret


def _check_typed(name: str, email: str) -> None:
    faults = {}
    if not 2 <= len(name) <= 120 or not name.isprintable():
        faults["name"] = _("Write the name of whom you invite: from 2 to 120 letters.")
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            faults["email"] = error.messages[0]
    if faults:
        code = "bad_name" if "name" in faults else "bad_email"
        raise Refused(code, _("Some fields need your attention."), fields=faults, status=422)


def _check_may_invite(held: Project, by: Actor) -> None:
    decide_move(held, "edit", roles=roles_about(held, by))
    if held.contest.has_ended(SUBMISSION):
        raise Refused("wrong_phase", _("Submission of projects is over: the team stays as it is."))


def _check_room(held: Project) -> None:
    """Refused: too_many_people, too_many_invitations."""
    most = team_limit(held.contest)
    if places_taken(held) >= most:
        message = ngettext(
            "A team has %(most)d person at most, its author and open invitations counted.",
            "A team has %(most)d people at most, its author and open invitations counted.",
            most,
        ) % {"most": most}
        raise Refused("too_many_people", message, fields={"name": message})
    if held.team.filter(invited_at__gt=clock.now() - timedelta(days=1)).count() >= A_DAY:
        raise Refused(
            "too_many_invitations",
            _("No more than %(limit)d invitations a day: continue tomorrow.") % {"limit": A_DAY},
            status=429,
        )


def _check_open(held: Project, found: TeamMember) -> None:
    """Refused: not_open, expired."""
    if found.state != Standing.INVITED:
        raise Refused("not_open", _("This invitation is closed: ask for a new one."), status=410)
    if held.contest.has_ended(SUBMISSION):
        raise Refused(
            "expired", _("Submission of projects is over, and invitations ended with it."), status=410
        )


def _has_voting_begun(held: Project) -> bool:
    window = held.contest.window(VOTING)
    return window is not None and window.starts_at <= clock.now()


def _note(held: Project, by: Actor) -> None:
    # a draft is its authors' own
    if held.state != State.DRAFT:
        people = 1 + held.team.filter(state=Standing.CONFIRMED).count()
        write_entry(held, by, TeamChanged, people=people)
