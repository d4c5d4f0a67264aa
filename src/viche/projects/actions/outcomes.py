"""What the count makes of the projects."""

from collections.abc import Iterable

from django.db import transaction

from rulebook import lifecycle
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.projects.events import ProjectFunded, ProjectNotFunded
from viche.projects.models import Project, State
from viche.projects.wording import refusal_text


def mark_outcome(*, contest: Contest, funded: Iterable[str]) -> None:
    """Write the published outcome onto the admitted projects, by code, in one transaction.

    Locks the rows; journal: ProjectFunded or ProjectNotFunded for each. Called by the results room.
    """
    winners = set(funded)
    with transaction.atomic():
        held = list(
            Project.objects.select_for_update()
            .filter(contest=contest, state=State.ADMITTED)
            .order_by("number")
        )
        events: list[Event] = []
        for project in held:
            move = "mark_funded" if project.code in winners else "mark_not_funded"
            decision = lifecycle.decide(project.state, move, roles=SYSTEM.roles, phases=contest.phases)
            if isinstance(decision, lifecycle.Refusal):
                raise Refused(decision.code, refusal_text(decision))
            project.state, project.state_at = State(decision.target), clock.now()
            event = ProjectFunded if project.code in winners else ProjectNotFunded
            events.append(event(project=str(project.id), number=project.number))
        Project.objects.bulk_update(held, ["state", "state_at"], batch_size=500)
        if events:
            journal.append(*events, community=contest.community.code, year=clock.year(), by=SYSTEM)
