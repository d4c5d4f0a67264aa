"""Tables of the terminals: who may send ballots, by which keys, what was sent, and what both sides say of a day.

No table here holds a tax number, a name or a choice. What arrived is known by its MAC under a key outside the database:
a plain hash of a body with ten digits and a few projects in it would be tried out in minutes.
"""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rulebook.rules.vocabulary import NUMBER, PROVES
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.identity.models import Person

WAYS = ("terminal", "card", "phone")


class PartnerState(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second administrator")
    ACTIVE = "active", pgettext_lazy("terminal partner", "connected")
    STOPPED = "stopped", pgettext_lazy("terminal partner", "stopped")
    DECLINED = "declined", pgettext_lazy("terminal partner", "not connected")


class Way(models.TextChoices):
    """How a partner knows its clients: a word of the rulebook's methods of identification."""

    TERMINAL = "terminal", _("the bank checked the tax number from documents")
    CARD = "card", _("the client showed a card and typed a tax number")
    PHONE = "phone", _("the client confirmed a phone and typed a tax number")


class Partner(models.Model):
    """A bank or a terminal network that brings ballots to one community.

    slug: names it in the method of identification ("terminal:privat") and to the machines. way: how it knows its
    clients, set once. quota_minute, quota_day: requests. from_at, to_at: its own window within the channel's, where it
    has one. addresses: networks its machines come from, [] for any. certificate: SHA-256 (hex) of its TLS client
    certificate, "" where none is compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="terminal_partners")
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=20)
    way = models.CharField(max_length=10, choices=Way.choices)
    contract_number = models.CharField(max_length=60)
    contract_date = models.DateField()
    contract_person = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PartnerState.choices, default=PartnerState.PROPOSED)
    quota_minute = models.PositiveIntegerField(default=600)
    quota_day = models.PositiveIntegerField(default=100_000)
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    addresses = models.JSONField(default=list, blank=True)
    certificate = models.CharField(max_length=64, blank=True)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "slug"], condition=~models.Q(state="declined"), name="one_partner_a_slug"
            ),
            models.CheckConstraint(condition=models.Q(way__in=WAYS), name="partner_way_is_known"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="partner_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "stopped"]) | models.Q(decided_at__isnull=False),
                name="decided_partner_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="stopped") | models.Q(stopped_at__isnull=False),
                name="stopped_partner_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(from_at__isnull=True)
                | models.Q(to_at__isnull=True)
                | models.Q(from_at__lt=models.F("to_at")),
                name="partner_window_is_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def method(self) -> str:
        """What its clients are identified by, as the one door of the ballot box knows it: "terminal:privat"."""
        return f"{self.way}:{self.slug}"

    @property
    def proves(self) -> frozenset[str]:
        """What its identification proves, in words of the rulebook."""
        return PROVES[self.way]

    @property
    def is_number_proved(self) -> bool:
        return NUMBER in self.proves

    @property
    def is_active(self) -> bool:
        return self.state == PartnerState.ACTIVE


class PartnerKey(models.Model):
    """A public key by which a partner signs: Ed25519, 32 bytes. key_id: what its signatures call it; unique in
    the community, for it is looked up before anything else is known.

    It counts from the moment a second administrator confirmed it until it is revoked.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=64)
    public_key = models.BinaryField(max_length=32)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(fields=["community", "key_id"], name="one_terminal_key_an_id"),
            models.UniqueConstraint(
                fields=["community", "public_key"], name="revoked_terminal_key_stays_revoked"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("added_by")),
                name="terminal_key_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def is_live(self) -> bool:
        return self.confirmed_at is not None and self.revoked_at is None


class BallotState(models.TextChoices):
    CAST = "cast", pgettext_lazy("ballot", "cast")
    CANCELLED = "cancelled", pgettext_lazy("ballot", "taken back")


class TerminalBallot(models.Model):
    """A ballot that a partner brought, without its voter and its choices.

    It is written in the transaction of the mark: there are as many as marks of this channel. reference: what partner
    and voter call it. payment: the network's own number of the payment, "" in our API. request_mac: MAC of the
    idempotency key (tokens.request_mac). terminal: the machine, as the partner calls it.
    """

    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="ballots")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    request_mac = models.BinaryField(max_length=32)
    payment = models.CharField(max_length=64, blank=True)
    terminal = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=BallotState.choices, default=BallotState.CAST)
    at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "partner", "request_mac"], name="one_terminal_ballot_a_request"
            ),
            models.UniqueConstraint(
                fields=["community", "partner", "payment"],
                condition=~models.Q(payment=""),
                name="one_terminal_ballot_a_payment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="cast", cancelled_at__isnull=True)
                | models.Q(state="cancelled", cancelled_at__isnull=False),
                name="cancelled_terminal_ballot_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["partner", "at"], name="terminal_ballots_of_a_day")]

    def __str__(self) -> str:
        return str(self.reference)


class TerminalRequest(models.Model):
    """A write that was answered: the same idempotency key with the same body gets the same answer.

    Only what was done is kept: a refusal changed nothing, and the next try is judged anew. answer: the body without
    receipt; what only the voter's slip shows is made anew from the repeated request itself.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="requests")
    request_mac = models.BinaryField(max_length=32)
    body_mac = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    ballot = models.ForeignKey(TerminalBallot, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "partner", "request_mac"], name="one_answer_a_terminal_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.status}"


class Nonce(models.Model):
    """A nonce of a signature that was used; kept longer than any signature is young enough."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "partner", "nonce"], name="nonce_is_used_once")
        ]

    def __str__(self) -> str:
        return self.nonce


class Tally(models.Model):
    """How many requests of a partner fell into a minute or a day (of Kyiv). what: "" for all of them, which the quotas
    look at; of a day also what was asked and how it ended ("cast:201").
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tallies")
    span = models.CharField(max_length=6, choices=[("minute", "minute"), ("day", "day")])
    starts_at = models.DateTimeField()
    what = models.CharField(max_length=48, blank=True)
    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "partner", "span", "starts_at", "what"], name="one_tally_a_span"
            )
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.what}: {self.number}"


class Reconciliation(models.Model):
    """What a partner and we say of one day, compared. theirs, ours: totals by contest; difference: references missing
    here, missing there, and those in another state. statement: SHA-256 (hex) of what the partner signed; key_id: by
    which key.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="reconciliations")
    day = models.DateField()
    theirs = models.JSONField()
    ours = models.JSONField()
    difference = models.JSONField()
    is_equal = models.BooleanField()
    statement = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-at"]
        indexes = [models.Index(fields=["partner", "-day"], name="reconciliations_of_a_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.day}"


# the tables of the networks stand in their own file; Django looks for tables here only
import viche.channels.terminals.networks.models  # noqa: E402, F401
