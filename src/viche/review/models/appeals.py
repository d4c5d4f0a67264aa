"""Authors' appeals against refusals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project

SHELF = "appeals"


class Appeal(models.Model):
    """One appeal. refused_at: the refusal it is against; decide_by: the last moment to decide, if there is a term."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a decision")
        GRANTED = "granted", _("granted")
        DISMISSED = "dismissed", _("dismissed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="appeals")
    reason = models.TextField()
    refused_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["filed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="waiting"), name="one_waiting_appeal_a_project"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | (Q(decided_at__isnull=False) & ~Q(answer="")),
                name="decided_appeal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"


class AppealDocument(models.Model):
    """A document of an appeal: for officials and the author; its bytes lie in private files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
