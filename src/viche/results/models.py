"""Tables of the results room. Counts and decisions of ties are insert-only (triggers in the migrations)."""

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


class TieDecision(models.Model):
    """The commission's decision of a tie that a count left open: the order of the tied projects, the best first.

    number: the order of recording in the contest. order: project codes. protocol: its number and date.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="tie_decisions")
    # every decision leads to a new count: of one count only one tie is decided
    count = models.OneToOneField(Count, on_delete=models.PROTECT, related_name="tie_decision")
    number = models.PositiveSmallIntegerField()
    order = models.JSONField()
    protocol = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=2000)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "number"], name="one_tie_decision_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} #{self.number}"


class ExplanationPage(models.Model):
    """A page that explains a count, written once and kept: it may be thrown away and written again.

    kind: one of explaining.KINDS. edition: the version of the software whose words it speaks.
    """

    count = models.ForeignKey(Count, on_delete=models.CASCADE, related_name="pages")
    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=2)
    edition = models.CharField(max_length=40)
    html = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "kind", "language"], name="one_page_a_kind_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.count_id} {self.kind} {self.language}"


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
