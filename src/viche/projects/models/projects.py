"""Projects and their pictures."""

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
    CHECKING = "checking", _("checked before publication")
    SENT_BACK = "sent_back", _("sent back by the check")
    SIGNING = "signing", _("collecting support")
    NOT_SUPPORTED = "not_supported", _("not enough support")
    IN_REVIEW = "in_review", _("under review")
    RETURNED = "returned", _("returned for changes")
    CONDITIONAL = "conditional", _("admitted conditionally")
    ADMITTED = "admitted", _("admitted to voting")
    REFUSED = "refused", _("not admitted")
    APPEALED = "appealed", _("appealed against")
    MERGED = "merged", _("merged into another")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FUNDED = "funded", _("winner")
    NOT_FUNDED = "not_funded", _("not funded")
    IN_PROGRESS = "in_progress", _("being implemented")
    IMPLEMENTED = "implemented", _("implemented")
    CANCELLED = "cancelled", _("will not be implemented")


UNPUBLISHED_STATES = (State.DRAFT, State.CHECKING, State.SENT_BACK)
PUBLIC_STATES = tuple(state for state in State if state not in UNPUBLISHED_STATES)
"""What a published project can be. A project is public once published_at is set: one refused by the check is not."""


class Project(models.Model):
    """One project of a contest.

    number: its public number in the contest, given at submission; 0 for a draft. code: what ballots and dossiers call
    it (the number, or the id of an imported file); empty for a draft. cost and least_amount in kopiykas; cost is 0
    while a draft has none. items: see projects.estimate. answers: by the id of the rules' question. area: a GeoJSON
    Polygon, where the place is more than a point. contact: for officials only.
    revision grows with every saving, so that nobody overwrites what they have not seen. agreed: consents of the author,
    {"code": "ISO moment"}. published_at: since when everybody sees it. check_until, support_until: the last moment of
    the formal check and of the project's own collection of support; empty where the rules set none. search: every word
    of the project in every form; search_head: the short part of it that decides the order of what was found, weighted
    (A title, B its other forms, C place and people, D summary). Written by actions.indexing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="projects")
    number = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=500, blank=True)
    summary = models.CharField(max_length=600, blank=True)
    text = models.TextField(blank=True)
    category = models.CharField(max_length=200, blank=True)
    size_class = models.CharField(max_length=40, blank=True)
    pot = models.CharField(max_length=40, blank=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    place_name = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    area = models.JSONField(null=True, blank=True)
    type = models.CharField(max_length=40, blank=True)
    cost = models.PositiveBigIntegerField(default=0)
    least_amount = models.PositiveBigIntegerField(null=True)
    items = models.JSONField(default=list, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    agreed = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="projects")
    author_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    state_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    check_until = models.DateTimeField(null=True)
    support_until = models.DateTimeField(null=True)
    supporters = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_projects"
    )
    search = SearchVectorField(null=True)
    search_head = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "number"],
                condition=models.Q(number__gt=0),
                name="one_project_a_number",
            ),
            models.UniqueConstraint(
                fields=["community", "contest", "code"],
                condition=~models.Q(code=""),
                name="one_project_a_code",
            ),
            # whatever is more than a draft has its number, and what is public has a moment of publication
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(number__gt=0), name="submitted_has_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in State]), name="known_state"
            ),
        ]
        indexes = [
            # without a list of what is still to be sorted in: a search after a busy day costs what it always does
            GinIndex(fields=["search"], name="project_search", fastupdate=False),
            # places that are known, for "near me" and the map
            models.Index(
                fields=["contest", "latitude", "longitude"],
                name="project_place",
                condition=models.Q(latitude__isnull=False),
            ),
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
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def cover(self) -> "Picture | None":
        pictures = list(self.pictures.all())
        return pictures[0] if pictures else None


class Picture(models.Model):
    """A picture of a project, re-encoded by us: no metadata, at most 1600 pixels wide. digest: SHA-256 of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pictures")
    image = models.ImageField(upload_to="projects/%Y/%m/")
    alt = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.image.name
