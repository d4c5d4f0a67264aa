"""What a project said before, and who writes it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models.projects import Project


class Version(models.Model):
    """What a submitted project said: one at submission and one after each change, never changed afterwards.

    document: projects.versions.content_of; digest: its SHA-256, which the journal holds. note: why it was changed, a
    code ("submitted", "edited", "corrected", "merged") that pages put into words.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=24, default="edited")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_project_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.number}"


class TeamMember(models.Model):
    """Somebody invited to write a project together with its author; a co-author once they have confirmed it.

    code_hash: SHA-256 of the secret in the invitation's address. name: as the author called them when inviting;
    published is the person's own name, and only where they agreed (shows_name).
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        REMOVED = "removed", _("removed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="teams")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    code_hash = models.BinaryField(max_length=32)
    state = models.CharField(max_length=9, choices=State.choices, default=State.INVITED)
    shows_name = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"], condition=Q(state="confirmed"), name="one_place_in_a_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"
