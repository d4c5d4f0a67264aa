"""What the commission has to do with a project: appeals, projects it excludes, recusals, meetings."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.foundation import clock
from viche.projects.actions.moves import is_written_by
from viche.projects.course import end_of
from viche.projects.models import Project
from viche.review.queries import appeals_about, conflicts_about, incompatibility_of, last_appeal_day
from viche.review.queries.meetings import public_items


def commission(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    person = request.visitor.person  # type: ignore[attr-defined]
    group = incompatibility_of(project)
    last = last_appeal_day(project)
    shown = {
        "appeals": list(appeals_about(project)),
        "group": group,
        "rivals": [
            member.project for member in group.members.all() if member.project_id != project.pk
        ] if group else [],
        "conflicts": conflicts_about(project).count(),
        "items": public_items(project),
        "appeal_until": last if last is not None and clock.now() < end_of(last) else None,
    }  # fmt: skip
    if not any(shown.values()):
        return None
    is_mine = person is not None and is_written_by(project, person.pk)
    return shown | {"can_appeal": is_mine and shown["appeal_until"] is not None}
