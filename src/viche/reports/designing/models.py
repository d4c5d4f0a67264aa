"""Reports that officials designed, and to whom they are sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, localised
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.reports.designing.calendar import MONTH, WEEK


class DesignedReport(models.Model):
    """One report of a body. title: {"uk", "en"}. definition: Definition.document(). slug: its address when public.

    is_public: everybody sees it. is_on_contests: it stands on the figures' page of each contest that it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=80)
    title = models.JSONField()
    definition = models.JSONField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    is_public = models.BooleanField(default=False)
    is_on_contests = models.BooleanField(default=False)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "slug"], name="one_designed_report_an_address"),
            models.CheckConstraint(
                condition=Q(is_public=True) | Q(is_on_contests=False), name="on_contests_is_public"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def heading(self) -> str:
        """Its title in the language of the moment."""
        return localised(self.title)


class ReportSchedule(models.Model):
    """When a report is sent. day: of the week (1 is Monday) or of the month. hour: of Kyiv.

    base: address of the body's pages, for links. next_at: the next period's moment; who is due is claimed by moving it.
    """

    class Every(models.TextChoices):
        WEEK = WEEK, _("every week")
        MONTH = MONTH, _("every month")

    class Form(models.TextChoices):
        PDF = "pdf", _("PDF")
        WORKBOOK = "xlsx", _("workbook (XLSX)")
        BOTH = "both", _("PDF and workbook")

    report = models.OneToOneField(
        DesignedReport, primary_key=True, on_delete=models.CASCADE, related_name="schedule"
    )
    every = models.CharField(max_length=5, choices=Every.choices)
    day = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.PDF)
    base = models.CharField(max_length=200)
    next_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="report_schedule_due")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.every}"


class ReportReader(models.Model):
    """An official to whom a report is sent, and how it went the last time.

    due_at: the period whose letter waits, None where none does. retry_at: when it is tried. begun_at: when the sending
    began: what was begun and has no later sent_at or fault was cut off, and is never sent a second time. left_at: since
    when they want it no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    nonce = models.BinaryField(max_length=32)
    due_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "person"], name="one_reader_a_report"),
        ]
        indexes = [
            models.Index(fields=["retry_at"], condition=Q(due_at__isnull=False), name="report_reader_due")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_cut_off(self) -> bool:
        """Whether the last sending was begun and nobody knows how it ended."""
        return (
            self.begun_at is not None
            and not self.fault
            and (self.sent_at is None or self.sent_at < self.begun_at)
        )
