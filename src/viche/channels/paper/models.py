"""Paper that is being entered: stacks of sheets with their scans, two readings of every sheet, second looks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rulebook.rules.vocabulary import INVALID_PAPERS
from viche.ballots.models import PaperBatch
from viche.channels.paper.importing.models import PaperFinding as PaperFinding
from viche.channels.paper.importing.models import PaperImport as PaperImport
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person

SHELF = "paper"
"""The shelf of foundation.private_files on which the scans lie, under their ids."""


class Stack(models.Model):
    """Sheets of one point that are entered together and go into the box as one batch; or the protocol of a point.

    point: a polling point, None where the stack is of none. expected: what the point's protocol says (issued, valid,
    invalid, spoiled, unused), None where it says nothing. batch: the box's batch, once it is in. discarded: why it was
    put aside before that. is_live: neither put aside nor taken back out of the box.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_stacks")
    name = models.CharField(max_length=200)
    point = models.UUIDField(null=True)
    expected = models.JSONField(null=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    batch = models.OneToOneField(PaperBatch, null=True, on_delete=models.PROTECT, related_name="stack")
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    discarded = models.CharField(max_length=1000, blank=True)
    is_live = models.BooleanField(default=True)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(discarded=""), name="a_stack_in_the_box_is_not_put_aside"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether sheets are being entered."""
        return self.is_live and self.batch_id is None


class Scan(models.Model):
    """A picture of sheets or of a protocol, kept as it came. digest: SHA-256 of its bytes, hex.

    read_at: when the machine read it, None where it does not or has not yet; found: sheets that it read and somebody
    confirms; left: pages and sheets of it that people enter.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="scans")
    name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    is_for_machine = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["stack", "digest"], name="one_picture_a_stack")]

    def __str__(self) -> str:
        return self.digest[:12]


class Sheet(models.Model):
    """One sheet of a stack, known by what is written on it: its printed number, or a mark that an operator put there.

    serial: of a numbered ballot. scan: where it can be seen, if it was read by the machine. result: why the box holds
    it invalid, once it is in; words: the same for the operators, nothing of the voter. kept: the settled reading,
    sealed, of a sheet that was drawn for a second look; emptied after it.
    """

    class State(models.TextChoices):
        ONCE = "once", _("entered once")
        AGREED = "agreed", _("entered twice, both equal")
        DIFFERS = "differs", _("the two entries differ")
        SETTLED = "settled", _("settled by a third person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="sheets")
    key = models.CharField(max_length=12)
    serial = models.PositiveIntegerField(null=True)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ONCE)
    result = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=500, blank=True)
    kept = models.BinaryField(default=b"")
    is_drawn = models.BooleanField(default=False)
    is_live = models.BooleanField(default=True)

    class Meta:
        ordering = ["stack", "serial", "key"]
        constraints = [
            models.UniqueConstraint(fields=["stack", "key"], name="one_sheet_a_mark"),
            models.UniqueConstraint(
                fields=["contest", "serial"], condition=Q(is_live=True), name="one_entered_sheet_a_number"
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", *INVALID_PAPERS]), name="result_of_a_sheet_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["once", "agreed", "differs", "settled"]),
                name="state_of_entry_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stack_id} {self.key}"

    @property
    def is_settled(self) -> bool:
        return self.state in (self.State.AGREED, self.State.SETTLED)


class Entry(models.Model):
    """What one person, or the machine, read on a sheet.

    turn: 1 and 2, 3 for whoever settled a difference. sealed: the reading under the contest's key (ballots.papers),
    emptied once the sheet is in the box or put aside. corrections: how often its author corrected it. is_differing:
    the other reading was another one; is_wrong: the third person held the other one right.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="entries")
    turn = models.PositiveSmallIntegerField()
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    is_machine = models.BooleanField(default=False)
    sealed = models.BinaryField(default=b"")
    corrections = models.PositiveSmallIntegerField(default=0)
    is_differing = models.BooleanField(default=False)
    is_wrong = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["sheet", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "turn"], name="one_entry_a_turn"),
            # four eyes: nobody enters a sheet twice
            models.UniqueConstraint(fields=["sheet", "entered_by"], name="one_entry_a_person"),
            models.CheckConstraint(
                condition=Q(turn__in=[1, 2, 3]), name="a_sheet_is_entered_at_most_three_times"
            ),
            models.CheckConstraint(
                condition=Q(is_machine=False) | Q(turn=1), name="the_machine_reads_first_or_not_at_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.turn}"


class Recheck(models.Model):
    """A drawn sheet that was looked at again: the paper was read anew, without what had been entered.

    is_same: whether it was what had been entered. words: what was found where it was not, for officials only.
    """

    sheet = models.OneToOneField(Sheet, primary_key=True, on_delete=models.PROTECT, related_name="recheck")
    is_same = models.BooleanField()
    words = models.CharField(max_length=1000, blank=True)
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_same=True) | ~Q(words=""), name="a_difference_has_its_words"
            )
        ]

    def __str__(self) -> str:
        return str(self.sheet_id)
