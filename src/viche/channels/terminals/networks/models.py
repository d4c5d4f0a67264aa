"""Tables of the ways by which terminal networks come in: a way, the baskets of its voters, its payments.

None of them names a person. What is chosen is sealed under the contest's key of marks, which lies outside the
database, and is wiped when the ballot is cast or the basket runs out.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.identity.models import Person


class NetworkWay(models.Model):
    """A way by which a partner's network comes in, in one dialect. contest: empty for whichever votes at terminals now.

    path: the secret part of its address. addresses: networks (CIDR) it may come from; empty for any. amount: what a
    payment must come to, in kopiykas. basket: when the choices become a ballot. service_apart: the project stands in
    the network's field of the service, not after the tax number.
    """

    class Basket(models.TextChoices):
        CONFIRM = "confirm", _("when the voter pays for service 0, “Cast my ballot”")
        FULL = "full", _("as soon as the limit of choices is reached, or by service 0")
        SINGLE = "single", _("at once: a ballot is one project")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        STOPPED = "stopped", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("terminals.Partner", on_delete=models.PROTECT, related_name="ways")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.PROTECT, related_name="+")
    dialect = models.CharField(max_length=10)
    path = models.CharField(max_length=43, unique=True)
    addresses = ArrayField(models.CharField(max_length=43), default=list)
    amount = models.PositiveIntegerField(default=0)
    basket = models.CharField(max_length=10, choices=Basket.choices, default=Basket.CONFIRM)
    service_apart = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dialect__in=["debt", "osmp", "ibox", "easypay", "city24"]),
                name="dialect_is_known",
            ),
            models.CheckConstraint(
                condition=Q(basket__in=["confirm", "full", "single"]), name="basket_is_known"
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "stopped"]), name="way_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.dialect} {self.pk}"


class Basket(models.Model):
    """What one voter has chosen on a way and not cast yet.

    bearer: an HMAC of the tax number under the contest's key of marks, another than the mark's. sealed: the choices and
    the secret of the request that will cast them; after the cast only that secret, and only where the rules let a
    ballot be taken back. reference: of the ballot that was cast, as the partner knows it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CAST = "cast", _("cast")
        EXPIRED = "expired", _("ran out")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    way = models.ForeignKey(NetworkWay, on_delete=models.PROTECT, related_name="baskets")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    bearer = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    sealed = models.BinaryField(default=b"")
    reference = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "way", "contest", "bearer"],
                condition=Q(state="open"),
                name="one_open_basket_a_voter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "cast", "expired", "withdrawn"]),
                name="basket_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["expired", "withdrawn"]) | Q(sealed=b""),
                name="ended_basket_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Payment(models.Model):
    """One payment of a network: an id of theirs, done once.

    external: their id; empty for a check that has only our reference. digest: an HMAC of what it asked. sealed: the
    choice while it can still be taken back or waits for its second phase. said: the sentence it was answered with,
    sealed, for a day.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        HELD = "held", _("waits for its confirmation")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    id = models.BigAutoField(primary_key=True)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    way = models.ForeignKey(NetworkWay, on_delete=models.PROTECT, related_name="payments")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.PROTECT, related_name="+")
    basket = models.ForeignKey(Basket, null=True, on_delete=models.SET_NULL, related_name="payments")
    external = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices)
    amount = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=b"")
    sealed = models.BinaryField(default=b"")
    said = models.BinaryField(default=b"")
    at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "way", "external"], condition=~Q(external=""), name="payment_once"
            ),
            models.UniqueConstraint(fields=["community", "way", "reference"], name="reference_once"),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "held", "done", "cancelled"]), name="payment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_at__isnull=True),
                name="cancelled_has_its_moment",
            ),
        ]
        indexes = [models.Index(F("way"), F("at"), name="payments_by_moment")]

    def __str__(self) -> str:
        return self.reference
