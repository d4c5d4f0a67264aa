"""Identifications that end elsewhere: on a phone, or by a signature that the person brings."""

import uuid

from django.db import models

from viche.communities.models import Community
from viche.identity.models.people import Person


class Attempt(models.Model):
    """One attempt; its id in the session of the browser that began it is what makes it that browser's own.

    text: what is to be signed, to the letter. reference, address, shown: see providers.ports.Started. joins: whoever is
    identified already and adds this method to their own. asked_in: the body where they identify. person: who it turned
    out to be, where the provider told it to the site and not to the browser; fault: or why it failed, a code of
    providers.errors. phone_mark: a keyed token of the number that was asked, so that nobody's phone is asked on and on.
    No number and no signature is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=24)
    method = models.CharField(max_length=24)
    text = models.TextField()
    reference = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=2000, blank=True)
    shown = models.CharField(max_length=16, blank=True)
    joins = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    asked_in = models.ForeignKey(Community, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    fault = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    phone_mark = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "reference"],
                condition=~models.Q(reference=""),
                name="one_attempt_a_reference",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.id}"
