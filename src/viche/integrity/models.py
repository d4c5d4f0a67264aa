"""Tables of the integrity room. A signal has an identity: a rule, a subject and a day of one contest."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.ballots.models import Participation
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class Desk(models.Model):
    """What the desk of one contest holds beside its signals.

    thresholds: what the contest has set for itself, {rule: {name: number}} (integrity.thresholds). checked_at: when the
    rules last looked; marks: at how many; untraced: how many of those have no trace that opens.
    """

    contest = models.OneToOneField(Contest, on_delete=models.PROTECT, related_name="integrity_desk")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    thresholds = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    marks = models.PositiveIntegerField(default=0)
    untraced = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.contest_id)


class Signal(models.Model):
    """Something that looks wrong. subject: a keyed hash of a network or device, an age, a date, an official's id.

    observed, expected, limit, facts: as the rule last found them (integrity.finding.Finding). raised_at: for the first
    time; reopened_at: when new votes opened it again after a decision.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be looked into")
        DECIDED = "decided", _("decided")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="signals")
    rule = models.CharField(max_length=16)
    subject = models.CharField(max_length=80)
    day = models.DateField(null=True)
    observed = models.PositiveIntegerField()
    expected = models.PositiveIntegerField(null=True)
    limit = models.PositiveIntegerField()
    is_alarm = models.BooleanField()
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["state", "-is_alarm", "-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "rule", "subject", "day"],
                nulls_distinct=False,
                name="one_signal_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class SignalMark(models.Model):
    """One vote a signal rests on. is_decided: whether a decision about the signal was made with it in view."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="marks")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    is_decided = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signal", "participation"], name="one_row_a_mark_and_signal")
        ]

    def __str__(self) -> str:
        return str(self.participation_id)


class Decision(models.Model):
    """What an official decided about a signal; text: the reason, published. votes: of the signal at that moment;
    proposed: for how many an annulment was proposed.
    """

    class Outcome(models.TextChoices):
        NOTHING = "nothing", _("nothing wrong was found")
        WARNED = "warned", _("those concerned were warned")
        ANNUL = "annul", _("annulment is proposed")

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    text = models.CharField(max_length=1000)
    votes = models.PositiveIntegerField()
    proposed = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.outcome} {self.signal_id}"
