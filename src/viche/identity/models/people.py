"""People, their numbers as keyed tokens, and the times a provider vouched for them."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7


class Citizenships(models.TextChoices):
    """What a regulation may ask about citizenship (rulebook.rules.CITIZENSHIPS)."""

    CITIZEN = "citizen", _("citizen of Ukraine")
    FOREIGNER = "foreigner", _("foreigner")
    STATELESS = "stateless", _("stateless person")


class NameForms(models.TextChoices):
    """How much of their name a person shows where nothing prescribes it."""

    SHORT = "short", _("given name and the first letter of the family name")
    FULL = "full", _("given and family name")
    INITIALS = "initials", _("initials only")


class Sexes(models.TextChoices):
    """What a tax number tells (providers.tax_number); nobody is asked, and nothing is decided by it."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Person(models.Model):
    """One person over all methods of identification.

    sex: one of Sexes as the tax number tells it, "" where none did; only for counting who votes (ballots.voters).
    merged_into: of a record that turned out to be another's and that something unchangeable still names. name_form: how
    other people see the name where the law leaves it to the person. sessions_since: sessions opened
    earlier are closed. erasure_asked_at: since when the person waits to be
    erased; erased_at: of a record that is empty and stays for what was done in office.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    patronymic = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sexes.choices, blank=True)
    created_at = models.DateTimeField()
    name_form = models.CharField(max_length=8, choices=NameForms.choices, default=NameForms.SHORT)
    sessions_since = models.DateTimeField(null=True)
    erasure_asked_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def short_name(self) -> str:
        """«Олена К.»: for the lists of officials."""
        return f"{self.given_name} {self.family_name[:1]}." if self.family_name else self.given_name

    @property
    def public_name(self) -> str:
        """For pages other people see, as the person wishes: «Олена К.», «Олена Коваль» or «О. К.»."""
        if self.name_form == NameForms.FULL or not self.family_name:
            return self.display_name
        given = f"{self.given_name[:1]}." if self.name_form == NameForms.INITIALS else self.given_name
        return f"{given} {self.family_name[:1]}."

    def age_on(self, day: date) -> int | None:
        """Full years on the day; None where the birth date is not proven."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Identifier(models.Model):
    """A keyed token of one of the person's numbers (foundation.keys.person_token).

    kind: "tax", "passport", "unzr", or "oidc" for the account at an issuer of OpenID Connect.

    removed_at: since when an account leads here no more; the row stays, for what was done by it is done. is_marked: a
    passport in which an operator saw the mark that its holder has no tax number.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=16)
    token = models.BinaryField(max_length=32)
    added_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    is_marked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "token"], name="one_person_a_number"),
            # passports are renewed, and log-in services may be several
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(kind__in=("tax", "unzr")), name="one_number_a_kind"
            ),
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


class Citizenship(models.Model):
    """A person's citizenship as somebody proved it; none is live where nobody did.

    granted_in: the body whose operator recorded it by a document, None where an identity provider vouched for it.
    An operator's record counts for that body and those above it only, like a membership.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="citizenships")
    status = models.CharField(max_length=12, choices=Citizenships.choices)
    evidence = models.CharField(max_length=32)
    document_reference = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_in = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "granted_in"],
                nulls_distinct=False,
                condition=Q(until__isnull=True),
                name="one_live_citizenship",
            )
        ]

    def __str__(self) -> str:
        return self.status
