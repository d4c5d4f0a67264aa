"""Tables of leaving: the act of two people, and the archives that were made."""

from django.db import models
from django.db.models import Q

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class Leaving(models.Model):
    """A body wants to leave: asked for by one official with the council's decision, confirmed by another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(confirmed_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_leaving",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("asked_by")),
                name="leaving_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.community_id)


class Export(models.Model):
    """One archive of a body's data. digest: SHA-256 (hex) of the file; empty while it is being made.

    It holds names and addresses of people: one official asks for it, and it is downloaded once another has agreed.
    name: the file in settings.EXPORTS_DIR; the file goes after expires_at, this row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(made_at__isnull=True), name="one_export_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("asked_by")),
                name="export_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)
