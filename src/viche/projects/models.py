"""Tables of the projects room."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class State(models.TextChoices):
    """States of rulebook.lifecycle with their words."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("under review")
    RETURNED = "returned", _("returned for changes")
    ADMITTED = "admitted", _("admitted to voting")
    REFUSED = "refused", _("not admitted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FUNDED = "funded", _("winner")
    NOT_FUNDED = "not_funded", _("not funded")
    IN_PROGRESS = "in_progress", _("being implemented")
    IMPLEMENTED = "implemented", _("implemented")


PUBLIC_STATES = tuple(state for state in State if state is not State.DRAFT)


class Project(models.Model):
    """One project of a contest.

    number: its public number in the contest. code: what ballots and dossiers call it (the number, or the id
    of an imported file). cost in kopiykas. items: [{"name", "quantity", "price"}], price in kopiykas.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="projects")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=500)
    summary = models.CharField(max_length=600, blank=True)
    text = models.TextField(blank=True)
    category = models.CharField(max_length=200, blank=True)
    size_class = models.CharField(max_length=40, blank=True)
    pot = models.CharField(max_length=40, blank=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    place_name = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    cost = models.PositiveBigIntegerField()
    items = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="projects")
    author_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "contest", "number"], name="one_project_a_number"),
            models.UniqueConstraint(fields=["community", "contest", "code"], name="one_project_a_code"),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in State]), name="known_state"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="project_search"),
            models.Index(fields=["contest", "state", "cost"], name="project_list"),
            models.Index(fields=["author"], name="project_author"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def subject(self) -> str:
        """What journal entries about this project are filed under."""
        return f"project:{self.id}"

    @property
    def cover(self) -> "Picture | None":
        pictures = list(self.pictures.all())
        return pictures[0] if pictures else None


class Picture(models.Model):
    """A picture of a project, re-encoded by us: no metadata, at most 1600 pixels wide."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pictures")
    image = models.ImageField(upload_to="projects/%Y/%m/")
    alt = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.image.name
