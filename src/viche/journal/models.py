"""Tables of the journal. A trigger (migration 0002) refuses to change or delete what is written."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from viche.foundation.ids import uuid7
from viche.journal.stamping import stamped_document

FOREIGN = 9001
"""The first edition of logs that came along from another platform."""


class Log(models.Model):
    """One log: a community's code and a year. size and peaks describe the sequenced part.

    peaks: hashes (hex) of the perfect subtrees from left to right, enough to append (RFC 9162, 2.1.2).

    edition: 1; one more each time the log is begun anew as files because entries were lost. public_key: hex of the
    key that signs it, known once it has signed. fault: why no checkpoint is signed now, a word of
    publishing.FAULTS. published_size and published_at are of the latest checkpoint.

    foreign_origin: of a log that came along from another platform, what its checkpoints call it there. It is closed:
    once it has a size nothing is added to it (trigger, migration 0006), nothing of it is signed here, and its edition
    is FOREIGN or above: its place among the addresses here.
    """

    name = models.CharField(max_length=64)
    community = models.CharField(max_length=32, db_index=True)
    year = models.PositiveSmallIntegerField()
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.JSONField(default=list)
    root = models.CharField(max_length=64, default="")
    opened_at = models.DateTimeField()
    sequenced_at = models.DateTimeField(null=True)
    edition = models.PositiveSmallIntegerField(default=1)
    public_key = models.CharField(max_length=64, default="", blank=True)
    fault = models.CharField(max_length=16, default="", blank=True)
    published_size = models.PositiveBigIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    foreign_origin = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "year"],
                condition=Q(foreign_origin=""),
                name="one_log_a_community_and_year",
            ),
            models.UniqueConstraint(fields=["name", "foreign_origin"], name="one_log_a_name_and_origin"),
            models.UniqueConstraint(fields=["community", "year", "edition"], name="one_log_an_address"),
            models.CheckConstraint(
                condition=Q(foreign_origin="", edition__lt=FOREIGN)
                | (~Q(foreign_origin="") & Q(edition__gte=FOREIGN)),
                name="foreign_log_has_its_own_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Its last part of an address: the year, with the edition after the first."""
        return str(self.year) if self.edition == 1 else f"{self.year}-{self.edition}"

    @property
    def origin(self) -> str:
        """What its checkpoints call it: where the platform serves it, without the scheme (C2SP tlog-tiles)."""
        return self.foreign_origin or f"{settings.LOG_ORIGIN}/log/{self.community}/{self.address}"

    @property
    def is_foreign(self) -> bool:
        """Whether it came along from another platform."""
        return bool(self.foreign_origin)


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
            models.Index(F("log"), F("index").desc(), name="entry_acts", condition=Q(sort_key__isnull=True)),
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


class Witnessing(models.Model):
    """What one witness has said of a log: how far it has seen it, and its last signature line.

    key: the witness's key as text (name+id+key). size and line: of the checkpoint it signed last, signed_at its own
    moment. asked_at, failures: when it was asked last and how often in a row in vain; fault: a word of
    witnesses.FAULTS. claimed_size: what it says it has seen where that is more than the log holds.
    """

    log = models.ForeignKey(Log, on_delete=models.CASCADE, related_name="witnessings")
    key = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField(default=0)
    line = models.CharField(max_length=500, default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=16, default="", blank=True)
    claimed_size = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "key"], name="one_witnessing_a_log_and_key")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.key}"

    @property
    def name(self) -> str:
        return self.key.partition("+")[0]
