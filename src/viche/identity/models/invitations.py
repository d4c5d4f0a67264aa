"""Invitations to an office, and the letters that are on their way."""

from django.db import models
from django.db.models import Q

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.offices import COMMUNITY_ROLES, Office
from viche.identity.models.people import Person


class Invitation(models.Model):
    """An office offered by e-mail, to be accepted once by an identified person.

    The link's token is made from nonce by a key outside the database (foundation.keys); only its SHA-256 is kept
    here. sent_number: how many times it was sent; a new sending has a new token. declined_at: whoever opened
    the link said that it was not meant for them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[(role.value, role.label) for role in COMMUNITY_ROLES])
    unit = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    nonce = models.BinaryField(max_length=16)
    token_hash = models.BinaryField(max_length=32, unique=True)
    sent_number = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    office = models.ForeignKey(Office, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "email", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, declined_at__isnull=True),
                name="one_open_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.community_id}"

    @property
    def is_open(self) -> bool:
        """Neither accepted, withdrawn nor declined; it may still have expired."""
        return self.accepted_at is None and self.withdrawn_at is None and self.declined_at is None


class Letter(models.Model):
    """A letter to be sent once. key names what it says, so that one thing is never written twice.

    kind and subject lead to the words (identity/letters.py); the words are put together when it is sent, so that
    neither this table nor the queue holds a secret link. base: the address of the site in front of the path.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=24)
    subject = models.UUIDField()
    to = models.EmailField()
    language = models.CharField(max_length=2)
    base = models.CharField(max_length=200)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
