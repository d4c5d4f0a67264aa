"""Projects that exclude each other."""

from django.db import models

from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class IncompatibleGroup(models.Model):
    """Two or more projects of a contest of which at most one can win, with the reason (the same place)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="incompatible_groups")
    number = models.PositiveIntegerField()
    reason = models.TextField()
    marked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="one_incompatible_group_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"


class IncompatibleProject(models.Model):
    """A project of a group; the count knows one group a project, so it is in one at most."""

    group = models.ForeignKey(IncompatibleGroup, on_delete=models.CASCADE, related_name="members")
    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="incompatibility")

    class Meta:
        ordering = ["project__number"]

    def __str__(self) -> str:
        return f"{self.group_id} {self.project_id}"
