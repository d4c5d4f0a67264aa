"""Files of paper results on their way into the box."""

from uuid import UUID, uuid5

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person

SHELF = "imports"
"""The shelf of foundation.private_files on which the files lie, sealed, until their batch is confirmed."""


class PaperImport(models.Model):
    """One file. digest: SHA-256 (hex) of its bytes; attempt: 1, more where the same file was taken back before.

    encoding, separator: of a CSV; sheets: to choose from, sheet: the chosen one. heading: the number of the row with
    the names of the columns, 0 for none; headings: those names. columns: what each column holds, by its place
    (columns.fields_of). total: rows of the file, known once it was checked; position: number of the last row that is
    done. found: what the check saw, {"errors", "remarks", "valid", "invalid": {reason: number}}; counts: the same of
    the run. batches: ids of the box's batches. stopped: why the check or the run ended before its end, in words.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns are being named")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("going into the box")
        ENTERED = "entered", _("waits for a second official")
        CLOSED = "closed", _("in the box")
        UNDONE = "undone", _("taken back")
        DISCARDED = "discarded", _("put aside")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_imports")
    digest = models.CharField(max_length=64)
    attempt = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=150)
    size = models.PositiveIntegerField()
    point = models.UUIDField(null=True)
    kind = models.CharField(max_length=4)
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    sheets = models.JSONField(default=list)
    sheet = models.CharField(max_length=100, blank=True)
    heading = models.PositiveIntegerField(default=1)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAPPING)
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    batches = models.JSONField(default=list)
    stopped = models.CharField(max_length=1000, blank=True)
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "digest"],
                condition=~Q(state__in=["undone", "discarded"]),
                name="one_import_a_file",
            ),
            models.UniqueConstraint(fields=["contest", "digest", "attempt"], name="one_import_an_attempt"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "mapping",
                        "checking",
                        "checked",
                        "running",
                        "entered",
                        "closed",
                        "undone",
                        "discarded",
                    ]
                ),
                name="state_of_an_import_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def batch_id(self, point: str = "") -> UUID:
        """The id of its batch in the box (of totals: of one point), the same whenever it is asked."""
        return uuid5(self.contest_id, f"{self.digest}/{self.attempt}/{point}")


class PaperFinding(models.Model):
    """What the check found in a row. place: of the column, None where it is the whole row. code: wording.FINDINGS.

    is_error: the file cannot be taken so; else the row comes in with what is said: an invalid ballot, or a number whose
    lost zero was given back. word: what the sentence names, a number of a project or ballot; nothing of a voter.
    """

    paper_import = models.ForeignKey(PaperImport, on_delete=models.CASCADE, related_name="findings")
    row = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=24)
    word = models.CharField(max_length=40, blank=True)
    is_error = models.BooleanField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["paper_import", "is_error", "row"], name="finding_by_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"
