"""Tables of official reports: a body's letterhead, what was asked for and issued, and the files of it.

An issued report is never changed (triggers in the migration): new facts make a new report under a new number.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person

SHELF = "reports"
"""Where the files lie in foundation.private_files, each under the id of its row."""

LANGUAGES = ("uk", "en")
SEALED, SIGNED = "pdf", "signed"


class Letterhead(models.Model):
    """What stands on a body's reports beside their content.

    has_emblem: whether the body's emblem stands above everything. texts: by language: {"lines": above the title, the
    first one the body itself; "place": where it is drawn up; "signatories": a list of [office, name], a name may be
    empty; "closing": the last lines}; what is not there is left out. year, last_number: of the last report; numbers are
    given with this row locked. revision: counts its changes.
    """

    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, primary_key=True, related_name="letterhead"
    )
    has_emblem = models.BooleanField(default=True)
    texts = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.community_id)


class Report(models.Model):
    """One official report of a contest in one language, from the moment it was asked for.

    kind: a key of official.kinds.KINDS. year, number: given when it is made, without gaps for a body and a year. done,
    steps: how far it is made. office: the office (Role) of whoever asked, the author of the report. digest: SHA-256 of
    everything that stands in it, the same for the same facts. same_as: the issued report which says the same already;
    then nothing was made. fault: a code why it could not be made (wording.FAULTS). withdrawn_at, reason: it is not to
    be relied on any more; number and hashes stay.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        MADE = "made", _("issued")
        SAME = "same", _("nothing new")
        FAILED = "failed", _("could not be made")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="official_reports")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=[(each, each) for each in LANGUAGES])
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=1)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    office = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(max_length=40, blank=True)
    is_public = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "year", "number"], name="one_report_a_number"),
            models.UniqueConstraint(
                fields=["community", "contest", "kind", "language"], condition=Q(state="waiting"),
                name="one_report_is_being_made",
            ),
            models.UniqueConstraint(
                fields=["community", "contest", "kind", "language", "digest"],
                condition=Q(state="made", withdrawn_at__isnull=True), name="one_report_of_the_same_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(number__isnull=False, made_at__isnull=False) & ~Q(digest=""),
                name="issued_report_is_numbered",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["contest", "made_at"], name="reports_of_contest")]

    def __str__(self) -> str:
        return f"{self.our_number} {self.kind}"

    @property
    def our_number(self) -> str:
        """«3/2026»; empty before it is made."""
        return f"{self.number}/{self.year}" if self.number else ""

    @property
    def is_valid(self) -> bool:
        """Issued, and not withdrawn."""
        return self.state == self.State.MADE and self.withdrawn_at is None


class ReportFile(models.Model):
    """One file of an issued report; it lies on SHELF under its id, and is never changed.

    form: of official.kind.FORMS, or SIGNED for a copy that an official signed. suffix: of its name. digest: SHA-256.
    signer: whom the certificate of a signed copy names; authority: who gave it; signed_at: by a trusted time stamp,
    else the moment at which the copy came.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=6)
    suffix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    signer = models.CharField(max_length=200, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "digest"], name="one_file_of_a_report")]
        indexes = [models.Index(fields=["digest"], name="report_file_digest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """«2026-00003-participation-uk.pdf»."""
        report, end = self.report, f"-{self.form}" if self.form == SIGNED else ""
        return f"{report.year}-{report.number:05d}-{report.kind}-{report.language}{end}.{self.suffix}"
