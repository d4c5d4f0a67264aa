"""Tables of the journal. A trigger (migration 0002) refuses to change or delete what is written."""

from django.db import models
from django.db.models import F, Q

from viche.foundation.ids import uuid7
from viche.journal.stamping import stamped_document


class Log(models.Model):
    """One log: a community's code and a year. size and peaks describe the sequenced part.

    peaks: hashes (hex) of the perfect subtrees from left to right, enough to append (RFC 9162, 2.1.2).
    """

    name = models.CharField(max_length=64, unique=True)
    community = models.CharField(max_length=32, db_index=True)
    year = models.PositiveSmallIntegerField()
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.JSONField(default=list)
    root = models.CharField(max_length=64, default="")
    opened_at = models.DateTimeField()
    sequenced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "year"], name="one_log_a_community_and_year")
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One entry. index is empty until the log is sequenced; leaf is the canonical JSON that is hashed."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=96)
    leaf = models.TextField()
    leaf_hash = models.BinaryField()
    sort_key = models.BinaryField(null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="one_entry_an_index")]
        indexes = [
            models.Index(fields=["log", "subject"], name="entry_subject"),
            models.Index(fields=["log", "id"], name="entry_waiting", condition=Q(index__isnull=True)),
            models.Index(F("log"), F("kind"), F("index").desc(), name="entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Stamp(models.Model):
    """A time stamp (RFC 3161) over a log's size and root as they stood on a day in Kyiv.

    token: the authority's answer as it came (DER). stamped_at: the authority's moment; authority: its address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="stamps")
    day = models.DateField()
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    token = models.BinaryField()
    authority = models.CharField(max_length=300)
    stamped_at = models.DateTimeField()

    class Meta:
        ordering = ["-stamped_at"]
        constraints = [models.UniqueConstraint(fields=["log", "day"], name="one_stamp_a_log_and_day")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.day}"

    @property
    def document(self) -> bytes:
        """The bytes that the stamp is of."""
        return stamped_document(log=self.log.name, size=self.size, root=self.root)
