"""Who writes for a department that is asked: the reviewer named, and the colleagues of the same department."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from viche.identity.models import Office, Role
from viche.review.models import Assignment


def asked_of(person_id: Any) -> Q:
    """Assignments that the person may write the opinion of, as a condition on Assignment."""
    held = Office.objects.filter(person_id=person_id, role=Role.REVIEWER, until__isnull=True)
    colleagues = held.exclude(unit="").filter(
        community=OuterRef("project__community"), unit__iexact=OuterRef("unit")
    )
    return Q(office__person_id=person_id, office__until__isnull=True) | Q(Exists(colleagues))


def writes_for(assignment: Assignment, person_id: Any) -> bool:
    """Whether the person may write this department's opinion now; no longer, once their office has ended."""
    if person_id is None:
        return False
    return Assignment.objects.filter(asked_of(person_id), pk=assignment.pk).exists()


def reviewers_of(assignment: Assignment) -> tuple[UUID, ...]:
    """The person who answers for the opinion; where none does, the colleagues of the department."""
    if assignment.office is not None and assignment.office.until is None:
        return (assignment.office.person_id,)
    colleagues = Office.objects.filter(
        community_id=assignment.project.community_id, role=Role.REVIEWER, until__isnull=True,
        unit__iexact=assignment.unit,
    )  # fmt: skip
    return tuple(colleagues.order_by("since").values_list("person_id", flat=True))
