"""Who has a conflict of interest about which project."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from viche.contests.models import Contest
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project
from viche.review.models import Conflict


def has_conflict(project: Project, person_id: Any) -> bool:
    """Whether the person must not decide, vote or give an opinion on the project: declared, or (co-)author."""
    if person_id is None:
        return False
    return (
        is_written_by(project, person_id)
        or Conflict.objects.filter(project=project, person_id=person_id).exists()
    )


def conflicted(project: Project, people: Iterable[UUID]) -> set[UUID]:
    """Those of the people who have a conflict about the project."""
    return {person for person in people if has_conflict(project, person)}


def conflicts_about(project: Project) -> QuerySet[Conflict]:
    return Conflict.objects.filter(project=project)


def conflicts_of(contest: Contest, person_id: Any) -> QuerySet[Conflict]:
    """What the person has declared in the contest."""
    return Conflict.objects.filter(project__contest=contest, person_id=person_id).select_related("project")
