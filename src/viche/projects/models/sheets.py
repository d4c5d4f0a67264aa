"""Support on paper: sheets of signatures as they were brought in, entered twice by two operators."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models.projects import Project
from viche.projects.models.signatures import Signature

SCANS = "sheets"
"""The shelf of foundation.private_files on which the scans lie, under the sheet's id."""


class SupportSheet(models.Model):
    """One sheet of signatures of one project, as it was brought in: its scan, its lines, what became of them.

    number: in the contest. lines: how many are filled in. scan_digest: SHA-256 of the scan's bytes, hex; the same
    scan is taken once. received_at: when it was brought in, which is the moment of its signatures. first_*,
    second_*: the two operators and when each had entered every line. counted … unreadable: the totals, once it is
    closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="support_sheets")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="support_sheets")
    number = models.PositiveIntegerField()
    lines = models.PositiveSmallIntegerField()
    scan_type = models.CharField(max_length=40)
    scan_size = models.PositiveIntegerField()
    scan_digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    first_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    second_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    discarded = models.CharField(max_length=500, blank=True)
    counted = models.PositiveSmallIntegerField(default=0)
    repeated = models.PositiveSmallIntegerField(default=0)
    not_eligible = models.PositiveSmallIntegerField(default=0)
    unreadable = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="one_sheet_a_number"),
            models.UniqueConstraint(
                fields=["contest", "scan_digest"], condition=Q(discarded=""), name="one_sheet_a_scan"
            ),
            # four eyes: whoever entered the lines first does not enter them again
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=models.F("first_by")),
                name="two_operators_a_sheet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class SheetEntry(models.Model):
    """What one operator read in one line; gone once the sheet is closed.

    turn: 1 and 2 for the two operators, 3 for whoever settled a difference by reading the line anew. token: keyed
    token of the number (foundation.keys.person_token), never the number. territory: where they live, as the sheet
    says; empty where that is outside the community.
    """

    sheet = models.ForeignKey(SupportSheet, on_delete=models.CASCADE, related_name="entries")
    turn = models.PositiveSmallIntegerField()
    line = models.PositiveSmallIntegerField()
    is_unreadable = models.BooleanField(default=False)
    family_name = models.CharField(max_length=80, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    number_kind = models.CharField(max_length=16, blank=True)
    token = models.BinaryField(max_length=32, null=True)
    birth_date = models.DateField(null=True)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["turn", "line"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "turn", "line"], name="one_entry_a_line_and_turn")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.turn}/{self.line}"


class SheetChoice(models.Model):
    """Whose reading of a line somebody holds right, where the two differ; gone once the sheet is closed."""

    sheet = models.ForeignKey(SupportSheet, on_delete=models.CASCADE, related_name="choices")
    line = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()
    chosen_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "line", "chosen_by"], name="one_choice_a_line_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.line}: {self.turn}"


class SheetRow(models.Model):
    """What became of one line: counted with its signature, or not, and why."""

    class Outcome(models.TextChoices):
        COUNTED = "counted", _("counted")
        REPEATED = "repeated", _("already signed")
        NOT_ELIGIBLE = "not_eligible", _("not eligible")
        UNREADABLE = "unreadable", _("unreadable")

    sheet = models.ForeignKey(SupportSheet, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.CharField(max_length=500, blank=True)
    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT, related_name="sheet_row")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["sheet", "line"], name="one_row_a_line")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.line}: {self.outcome}"
