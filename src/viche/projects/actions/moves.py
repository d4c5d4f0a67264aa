"""The one way a project's state changes: by a row of rulebook.lifecycle.MOVES, with its entry in the journal."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rulebook import lifecycle
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.projects.models import Project, State, TeamMember
from viche.projects.wording import refusal_text


def roles_about(project: Project, by: Actor) -> frozenset[str]:
    """The roles that the actor has towards a project: offices in its body, and author where they write it.

    A confirmed member of the team is an author too.
    """
    roles = set(by.roles_in(project.contest.community.code))
    if by.person_id is not None and is_written_by(project, by.person_id):
        roles.add(lifecycle.AUTHOR)
    return frozenset(roles)


def is_written_by(project: Project, person_id: Any) -> bool:
    """Whether the person is the project's author or a confirmed member of its team."""
    if project.author_id == person_id:
        return True
    return TeamMember.objects.filter(
        project=project, person_id=person_id, state=TeamMember.State.CONFIRMED
    ).exists()


def decide_move(
    project: Project, name: str, *, roles: frozenset[str], stage: str | None = None
) -> lifecycle.Move:
    """The row that permits the move now. Refused: the lifecycle's codes (403 for a wrong role)."""
    decision = lifecycle.decide(
        project.state, name, roles=roles, phases=project.contest.phases,
        steps=lifecycle.steps_of(project.contest.rules, stage),
    )  # fmt: skip
    if isinstance(decision, lifecycle.Refusal):
        status = 403 if decision.code == lifecycle.WRONG_ROLE else 409
        raise Refused(decision.code, refusal_text(decision), status=status)
    return decision


def held_project(project: Project) -> Project:
    """The project's row, locked until the transaction ends, with its contest. Only inside a transaction."""
    return (
        Project.objects.select_for_update(of=("self",))
        .select_related("contest__community__territory")
        .get(pk=project.pk)
    )


def make_move(
    project: Project,
    name: str,
    by: Actor,
    event: type[Event],
    *,
    stage: str | None = None,
    fields: Mapping[str, Any] | None = None,
    **data: Any,
) -> Project:
    """Make one move of the lifecycle: locks the project's row, writes the state, the fields and the journal.

    stage: the review's stage that the project stands in (lifecycle.steps_of). data: what the event holds beside the
    project. Returns the row as it is now. Refused: the lifecycle's codes.
    """
    with transaction.atomic():
        held = held_project(project)
        row = decide_move(held, name, roles=roles_about(held, by), stage=stage)
        set_state(held, row.target, **(fields or {}))
        write_entry(held, by, event, **data)
    project.state = held.state
    return held


def set_state(held: Project, state: str, **fields: Any) -> None:
    """Write the state that a row of the lifecycle has given, and the moment; the row is locked by the caller."""
    held.state, held.state_at = State(state), clock.now()
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=["state", "state_at", *fields])


def write_entry(project: Project, by: Actor, event: type[Event], **data: Any) -> None:
    """Append the event about the project to the log of its body."""
    journal.append(
        event(project=str(project.id), number=project.number, **data),
        community=project.contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
