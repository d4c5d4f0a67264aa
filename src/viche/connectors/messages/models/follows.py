"""What people follow. Nobody but the person ever reads these rows; no page lists or counts them."""

from django.db import models
from django.db.models import Q

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Follow(models.Model):
    """One thing a person follows.

    project, contest, or neither for the whole body; with a query, a search in the contest's list (searches.py).
    is_muted: an author follows their own project without a row, and a muted row says that they would rather not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=2000, blank=True)
    is_search = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community", "contest", "project", "is_search", "query"],
                nulls_distinct=False,
                name="followed_once",
            ),
            models.CheckConstraint(
                condition=Q(is_search=False, query="")
                | Q(is_search=True, contest__isnull=False, project__isnull=True),
                name="a_search_is_in_a_contest",
            ),
        ]
        indexes = [models.Index(fields=["contest", "is_search"], name="follow_in_contest")]

    def __str__(self) -> str:
        return str(self.id)
