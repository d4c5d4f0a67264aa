"""Declared conflicts of interest."""

from django.db import models

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Conflict(models.Model):
    """An official's conflict of interest about a project: from then on no decision, vote or opinion of theirs.

    It is never withdrawn: what was once declared stays (Law 1700-VII, art. 28). reason: for officials only; everybody
    sees that there is one. Authors and co-authors have a conflict by themselves and need no row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["declared_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "person"], name="one_conflict_a_person_and_project"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.person_id}"
