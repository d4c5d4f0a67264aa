"""Tables of arrivals: where a body, a contest or a project came from."""

from django.db import models

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Arrival(models.Model):
    """An archive of the body that was taken over. digest: SHA-256 (hex) of the file; platform: where it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="arrivals")
    digest = models.CharField(max_length=64)
    platform = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "digest"], name="one_arrival_an_archive"),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.digest[:12]}"


class ArrivedContest(models.Model):
    """A contest that was held, or begun, on another platform."""

    contest = models.OneToOneField(
        Contest, primary_key=True, on_delete=models.PROTECT, related_name="arrived"
    )
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="contests")

    def __str__(self) -> str:
        return str(self.contest_id)


class SourceProject(models.Model):
    """Where a project came from: its id and address at the platform of origin, so that it is never brought twice.

    digest: SHA-256 (hex) of what the source said of it last.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=16)
    source_id = models.CharField(max_length=80)
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="source")
    url = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "platform", "source_id"], name="one_project_a_source_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.source_id}"


class Bringing(models.Model):
    """A file of another platform on its way in: what it was recognised as, what its columns hold, what came of it.

    digest: SHA-256 (hex) of the file, which lies on the shelf of this room until ended_at. columns: place of a column →
    what it holds. counts: new, changed, same, faulty.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    layout = models.CharField(max_length=16)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    counts = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
