"""Tables of neighbours: the connected systems of a body, and the log of the calls to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.connectors.systems.kinds.kind import Kind
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class BreakerState(models.TextChoices):
    CLOSED = "closed", _("answers")
    OPEN = "open", _("not asked for now")
    HALF_OPEN = "half_open", _("being tried")


class System(models.Model):
    """One connected system of a body.

    kind: a name of systems.kinds. settings: as the kind's fields say, without secrets. secret: the kind's secrets,
    sealed (sealing). version: grows with each change, so that nobody overwrites what they have not seen.

    The breaker: state; failures in a row; pause: seconds of the last pause; opened_at: since when it does not answer;
    next_at: before this nobody calls; while one call tries it, when that call counts as gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="systems")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    settings = models.JSONField(default=dict)
    secret = models.BinaryField(max_length=65_536, null=True)
    is_on = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BreakerState.choices, default=BreakerState.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    pause = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "title"], name="one_system_a_title"),
            models.CheckConstraint(
                condition=models.Q(state="closed", opened_at__isnull=True, next_at__isnull=True)
                | models.Q(state__in=["open", "half_open"], opened_at__isnull=False, next_at__isnull=False),
                name="open_breaker_has_its_moments",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def known_kind(self) -> Kind:
        """Its kind. Raises KeyError for one that this version does not know."""
        from viche.connectors.systems.kinds import KINDS

        return KINDS[self.kind]


class SystemCall(models.Model):
    """One call to a neighbour: what was asked for, how it ended, how long it took; nothing of what was said.

    operation: a word of the kind. outcome: "ok", or a code of calls.OUTCOMES or of the neighbour. reference: the
    number under which the neighbour's own log knows the call, where it gave one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="calls")
    operation = models.CharField(max_length=40)
    outcome = models.CharField(max_length=60)
    milliseconds = models.PositiveIntegerField()
    reference = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["system", "-at"], name="calls_of_system"),
            models.Index(fields=["at"], name="calls_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.operation}: {self.outcome}"

    @property
    def is_good(self) -> bool:
        return self.outcome == "ok"
