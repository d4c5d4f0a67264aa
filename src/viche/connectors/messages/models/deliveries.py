"""Where notices go, how a person wants them, and the queue of what is sent.

Addresses are personal data and stand here only: not in the journal, not in any archive of a body. Deleting an address
deletes everything that was queued for it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.connectors.messages.models.notices import Notice
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class Address(models.Model):
    """One address of a person on one channel: an e-mail address, a chat, a telephone number.

    Nothing but the question itself goes to it before confirmed_at. nonce: makes the secret parts of its links together
    with a key outside the database. base: address of the site in front of the path, where the person was when they
    gave it. is_silent: the person has unsubscribed. fault: why the last thing could not be delivered for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16)
    target = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, default="uk")
    base = models.CharField(max_length=200)
    nonce = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    is_silent = models.BooleanField(default=False)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel"],
                condition=Q(confirmed_at__isnull=False),
                name="one_address_a_channel",
            ),
            models.UniqueConstraint(
                fields=["person", "channel"], condition=Q(confirmed_at__isnull=True), name="one_address_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.id}"


class Wish(models.Model):
    """How a person wants one group of notices on one channel; without a row it is the group's default."""

    class Mode(models.TextChoices):
        IMPORTANT = "important", _("what is urgent at once, the rest once a day")
        AT_ONCE = "at_once", _("everything at once")
        DIGEST = "digest", _("once a day, at 8:00")
        NONE = "none", _("nothing")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=16)
    group = models.CharField(max_length=16)
    mode = models.CharField(max_length=9, choices=Mode.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel", "group"], name="one_wish_a_group")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.group} {self.mode}"


class Delivery(models.Model):
    """One message to one address, in the queue. key: what it says; a second one of the same key is never written, and
    the Message-ID is made from it.

    next_at: when it is tried next; while it is being sent, when another worker may take it for given up.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="delivery_waiting"
            ),
            models.Index(fields=["address", "queued_at"], name="delivery_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Item(models.Model):
    """A notice on its way to one address: waiting for a message of its own, or for the digest."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.SET_NULL, related_name="items")
    is_digest = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "address"], name="one_item_an_address")]
        indexes = [
            models.Index(
                fields=["address", "is_digest"], condition=Q(delivery__isnull=True), name="item_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}"


class Inbox(models.Model):
    """How far a channel's incoming messages have been read (Telegram's update number)."""

    channel = models.CharField(max_length=16, unique=True)
    next_update = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.channel
