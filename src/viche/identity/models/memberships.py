"""Why a person belongs to a territory."""

from datetime import date

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


OPERATOR, REGISTER, REGISTER_SERVICE = "operator", "register", "register-service"
FROM_REGISTERS = (REGISTER, REGISTER_SERVICE)


class Membership(models.Model):
    """Why a person belongs to a territory, and so to every body above it.

    source: "isei:bank_id" where an address proved it; "operator" where an official granted it with a document;
    "register" where the body's imported register says so, "register-service" where its service does. For the last
    three granted_in is the body, and the membership counts for it and for the bodies above it only. evidence: what
    proved it, a word of rulebook.rules.EVIDENCE; empty for grants of the time before it was asked. ends_on: the last
    day (Kyiv) on which it counts, None without end; until: when it was ended. register_mark: the row of the register
    (foundation.keys.register_mark).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT)
    basis = models.CharField(max_length=16, choices=Basis.choices)
    source = models.CharField(max_length=32)
    evidence = models.CharField(max_length=32, blank=True)
    document_reference = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_in = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    register_mark = models.BinaryField(max_length=32, null=True)
    since = models.DateTimeField()
    ends_on = models.DateField(null=True)
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "territory", "basis", "granted_in"],
                nulls_distinct=False,
                condition=Q(until__isnull=True) & ~Q(source__in=FROM_REGISTERS),
                name="one_live_membership",
            ),
            # beside an operator's grant, so that neither ends with the other
            models.UniqueConstraint(
                fields=["person", "territory", "basis", "granted_in", "source"],
                condition=Q(until__isnull=True) & Q(source__in=FROM_REGISTERS),
                name="one_live_membership_a_register",
            ),
        ]
        indexes = [models.Index(fields=["granted_in", "-since"], name="membership_granted")]

    def __str__(self) -> str:
        return f"{self.basis} {self.territory_id}"

    @property
    def is_granted(self) -> bool:
        """Whether an operator granted it."""
        return self.source == OPERATOR

    def counts_on(self, day: date) -> bool:
        """Whether it was not ended and the day (in Kyiv) is none after its last."""
        return self.until is None and (self.ends_on is None or day <= self.ends_on)
