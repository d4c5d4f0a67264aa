"""Offices that people hold in communities."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class Role(models.TextChoices):
    """Offices a person may hold in a community."""

    ADMINISTRATOR = "administrator", _("administrator")
    COMMISSION = "commission", _("commission member")
    OPERATOR = "operator", _("operator of a service centre")
    REVIEWER = "reviewer", _("reviewer")
    AUDITOR = "auditor", _("auditor")


class Office(models.Model):
    """A role held in a community, from a grant to its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="offices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offices")
    role = models.CharField(max_length=16, choices=Role.choices)
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person", "role"],
                condition=Q(until__isnull=True),
                name="one_live_office",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.community_id}"
