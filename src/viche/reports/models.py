"""Aggregates that are kept ready: what each measure counted of a contest, and how far the journal was read for them.

No row tells of one person: what would single somebody out is hidden before it is written here.
"""

from django.db import models

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.journal.models import Log
from viche.reports.designing.models import DesignedReport, ReportReader, ReportSchedule
from viche.reports.official.models import Letterhead, Report, ReportFile

__all__ = [
    "Cursor", "DesignedReport", "Keeping", "Letterhead", "Report", "ReportFile", "ReportReader", "ReportSchedule",
    "Tally",
]  # fmt: skip


class Tally(models.Model):
    """What one measure counted of one contest.

    measure: its key. rows: a list of [key, value, …], without language (figure.Row). digest: figure.digest_of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="tallies")
    measure = models.CharField(max_length=40)
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["community", "contest", "measure"], name="one_tally_a_measure")
        ]
        indexes = [models.Index(fields=["measure"], name="tally_measure")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.measure}"


class Keeping(models.Model):
    """How fresh the tallies of a contest are. is_stale: something was written about it since counted_at."""

    contest = models.OneToOneField(
        Contest, primary_key=True, on_delete=models.CASCADE, related_name="tallies_kept"
    )
    is_stale = models.BooleanField(default=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contest"], name="keeping_stale", condition=models.Q(is_stale=True))]

    def __str__(self) -> str:
        return str(self.contest_id)


class Cursor(models.Model):
    """How far a log has been read: the index of the first entry that was not."""

    log = models.OneToOneField(Log, primary_key=True, on_delete=models.CASCADE, related_name="+")
    index = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.log_id} {self.index}"
