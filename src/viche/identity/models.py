"""Tables of the identity room. No personal number is stored: only keyed tokens of them."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.foundation.ids import uuid7


class Person(models.Model):
    """One person over all methods of identification."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    patronymic = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def short_name(self) -> str:
        """«Олена К.»: for pages other people see."""
        return f"{self.given_name} {self.family_name[:1]}." if self.family_name else self.given_name

    def age_on(self, day: date) -> int | None:
        """Full years on the day; None where the birth date is not proven."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Identifier(models.Model):
    """A keyed token of one of the person's numbers (foundation.keys.person_token)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=16)
    token = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "token"], name="one_person_a_number"),
            models.UniqueConstraint(fields=["person", "kind"], name="one_number_a_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class Identification(models.Model):
    """One time a provider vouched for the person.

    is_address_unknown: it gave an address that fits no settlement of the codifier, or several.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifications")
    provider = models.CharField(max_length=24)
    method = models.CharField(max_length=24)
    at = models.DateTimeField()
    is_address_unknown = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="identification_latest")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.method}"


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
