"""Tables of the webhooks room: who is told, how far they have been told, and what they did not take.

No row is written for an entry that is on its way: the journal holds the entries, a cursor says how far a receiver has
heard of a log. Only a contest that is behind has a row of its own (Lane), and an entry that was given up (Undelivered).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.journal.models import Log


class Outcome(models.Model):
    """What the receiver answered last. outcome: the HTTP status, or a code of foundation.outgoing; answer: how its
    body began.
    """

    outcome = models.CharField(max_length=24, default="", blank=True)
    answer = models.CharField(max_length=500, default="", blank=True)
    milliseconds = models.PositiveIntegerField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Endpoint(Outcome):
    """A receiver of a body's events.

    kinds: kinds or groups of events; empty is everything but sealed ballots. contest: only this one. base: the address
    of the site on which it was set up, for links. secret, former: sealed under a key outside the database; both sign
    until former_until. failing_since: the first failure after the last success. hold_until: when the receiver wants to
    be asked again (Retry-After). told: how many events it has taken.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped: the receiver did not answer for days")
        GONE = "gone", _("stopped: the receiver says it is gone")
        SEALED = "sealed", _("stopped: this server has another key, make a new secret")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="webhooks")
    title = models.CharField(max_length=80)
    url = models.CharField(max_length=1000)
    kinds = models.JSONField(default=list)
    contest = models.ForeignKey(Contest, null=True, on_delete=models.CASCADE, related_name="webhooks")
    base = models.CharField(max_length=300)
    secret = models.BinaryField()
    former = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    told = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(former__isnull=True, former_until__isnull=True)
                | Q(former__isnull=False, former_until__isnull=False),
                name="former_secret_ends",
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="webhooks_of_body")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE


class Cursor(models.Model):
    """How far a receiver has heard of one log: every wanted entry below position was taken, was given up, or is in the
    hands of a lane that is behind.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="cursors")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "log"], name="one_cursor_a_webhook_and_log")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.log_id} {self.position}"


class Lane(Outcome):
    """A contest whose events a receiver does not take now: they wait in their order from position on, other contests go
    on. key: the contest's id, empty for what belongs to no contest. The row goes away once the lane has caught up.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="lanes")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=36, blank=True)
    position = models.PositiveBigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "log", "key"], name="one_lane_a_webhook")]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.key} {self.position}"


class Undelivered(Outcome):
    """An entry that was given up so that its contest could go on. asked_at: an official wants it sent once more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="undelivered")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+")
    index = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField()
    given_up_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["given_up_at"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "log", "index"], name="one_undelivered_an_entry")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.log_id} {self.index}"

    @property
    def place(self) -> str:
        """The name of its page in the journal."""
        return f"{self.log.address}/{self.index}"
