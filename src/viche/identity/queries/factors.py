"""Second factors: whether a person has one, which, and who of a body's staff has none."""

from dataclasses import dataclass
from datetime import datetime

from viche.communities.models import Community
from viche.identity.models import Office, Passkey, Person, RecoveryCode, SecondFactor


@dataclass(frozen=True)
class Factors:
    """codes_at: since when there are one-time codes, None without. left: recovery codes not used yet."""

    codes_at: datetime | None
    passkeys: list[Passkey]
    left: int


def factors_of(person: Person) -> Factors:
    row = SecondFactor.objects.filter(person=person, secret__isnull=False).first()
    return Factors(
        row.secret_at if row is not None else None, list(Passkey.objects.filter(person=person)),
        RecoveryCode.objects.filter(person=person, used_at=None).count(),
    )  # fmt: skip


def has_factor(person: Person) -> bool:
    """Whether the person has one-time codes or a passkey."""
    has_codes = SecondFactor.objects.filter(person=person, secret__isnull=False).exists()
    return has_codes or Passkey.objects.filter(person=person).exists()


def without_factor(community: Community) -> set[object]:
    """References of those who hold an office of the body and have no second factor."""
    staff = set(Office.objects.filter(community=community, until=None).values_list("person_id", flat=True))
    coded = SecondFactor.objects.filter(person__in=staff, secret__isnull=False).values_list(
        "person_id", flat=True
    )
    keyed = Passkey.objects.filter(person__in=staff).values_list("person_id", flat=True)
    return staff - set(coded) - set(keyed)
