"""Requests to connect a body, and how far the first steps of a connected one have come."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class ConnectionState(models.TextChoices):
    """States of a request; the first two are open."""

    WAITING = "waiting", _("waits for the platform")
    QUESTION = "question", _("the platform asks")
    APPROVED = "approved", _("connected")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


OPEN_STATES = (ConnectionState.WAITING, ConnectionState.QUESTION)


class ConnectionRequest(models.Model):
    """A body asks to be connected, through an identified person who will be its first administrator.

    proof: the official letter by its number and date. method: how the applicant was identified when asking.
    consented_at: when the applicant agreed that the platform checks and keeps these particulars.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="connection_requests")
    body = models.CharField(max_length=200)
    position = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=32)
    proof = models.CharField(max_length=400)
    method = models.CharField(max_length=48, blank=True)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=16, choices=ConnectionState.choices, default=ConnectionState.WAITING)
    question = models.TextField(blank=True, max_length=2000)
    answer = models.TextField(blank=True, max_length=2000)
    reason = models.TextField(blank=True, max_length=2000)
    asked_at = models.DateTimeField()
    consented_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    community = models.OneToOneField(Community, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory"], condition=Q(state__in=OPEN_STATES), name="one_open_request_a_territory"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class SetupStep(models.Model):
    """A first step of a connected body that an official has looked at and finished."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=16)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="one_setup_step_a_name")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.name}"
