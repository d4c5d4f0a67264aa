"""Why a person belongs to a territory."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class Basis(models.TextChoices):
    """Bases of membership that regulations name (rulebook.rules.BASES)."""

    REGISTERED = "registered", _("registered residence")
    DECLARED = "declared", _("declared residence")
    DISPLACED = "displaced", _("internally displaced person")
    WORK = "work", _("works here")
    STUDY = "study", _("studies here")
    SERVICE = "service", _("serves here")
    PROPERTY = "property", _("owns property here")
    BIRTH = "birth", _("born here")


class Membership(models.Model):
    """Why a person belongs to a territory, and so to every body above it.

    source: "isei:bank_id" where an address proved it, "operator" where an official granted it with a document;
    then granted_in is the body that did, and the membership counts for it and for the bodies above it only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT)
    basis = models.CharField(max_length=16, choices=Basis.choices)
    source = models.CharField(max_length=32)
    document_reference = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_in = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "territory", "basis", "granted_in"],
                nulls_distinct=False,
                condition=Q(until__isnull=True),
                name="one_live_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.territory_id}"
