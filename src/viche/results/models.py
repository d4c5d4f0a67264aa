"""Tables of the results room. Counts are insert-only (trigger in the first migration)."""

from django.db import models

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class Count(models.Model):
    """One count: the dossier (canonical JSON), what the rule made of it, and both SHA-256 hashes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="counts")
    number = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=40)
    dossier = models.TextField()
    dossier_digest = models.CharField(max_length=64)
    outcome = models.JSONField()
    outcome_digest = models.CharField(max_length=64)
    is_decided = models.BooleanField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "contest", "number"], name="one_count_a_number"),
            models.UniqueConstraint(
                fields=["community", "contest", "dossier_digest", "rule"], name="one_count_a_dossier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} #{self.number}"


class Certification(models.Model):
    """A commission member confirms a count. The quorum is the number needed for publication."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="certifications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["count", "person"], name="one_certification_a_member")]

    def __str__(self) -> str:
        return f"{self.count_id}"


class Publication(models.Model):
    """The published result of a contest: one, for good."""

    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="publication")
    count = models.OneToOneField(Count, on_delete=models.PROTECT)
    note = models.TextField(blank=True)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contest_id}"
