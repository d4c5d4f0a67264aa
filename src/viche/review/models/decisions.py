"""Decisions about projects under review."""

from django.db import models

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Decision(models.Model):
    """One decision of the commission about a project's admission."""

    class Verdict(models.TextChoices):
        ADMIT = "admit"
        REFUSE = "refuse"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.verdict} {self.project_id}"
