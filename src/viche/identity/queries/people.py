"""When and how a person identified."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy

from viche.identity.models import Identification, Identifier, Person

# whichever of a person's numbers stands first is the one by which they are counted once
NUMBERS = ("tax", "passport", "unzr", "oidc")
NUMBER_NAMES = {
    "tax": gettext_lazy("Tax number"),
    "passport": gettext_lazy("Passport"),
    "unzr": gettext_lazy("Number in the demographic register"),
    "oidc": gettext_lazy("Account at a log-in service"),
}


def latest_identifications(person: Person, number: int = 5) -> list[Identification]:
    return list(person.identifications.order_by("-at")[:number])


def is_address_unknown(person: Person) -> bool:
    """Whether the latest identification gave an address that could not be placed."""
    latest = person.identifications.order_by("-at").first()
    return latest is not None and latest.is_address_unknown


def has_number(person: Person) -> bool:
    """Whether a tax number of the person is on record, or a passport in which an operator saw that there is none.

    Who refused a number for religious reasons has a mark of it in the passport, whose series and number are used
    instead (Tax Code of Ukraine, article 63.5).
    """
    return person.identifiers.filter(Q(kind="tax") | Q(kind="passport", is_marked=True)).exists()


def person_of_token(kind: str, token: bytes) -> Person | None:
    """Whoever is known by the keyed token of a number."""
    found = Identifier.objects.select_related("person").filter(kind=kind, token=token).first()
    return found.person if found else None


def person_named(reference: UUID) -> Person | None:
    return Person.objects.filter(pk=reference).first()


@dataclass(frozen=True)
class OnRecord:
    """A number that leads to a person, without it. reference: of an account that may be taken off, else ""."""

    name: str
    added_at: datetime | None
    reference: str

    @property
    def is_removable(self) -> bool:
        return bool(self.reference)


def numbers_on_record(person: Person) -> list[OnRecord]:
    """What leads to the person. An account may be taken off where something else still does."""
    rows = sorted(
        person.identifiers.filter(removed_at=None).order_by("pk"), key=lambda each: NUMBERS.index(each.kind)
    )
    return [
        OnRecord(
            str(NUMBER_NAMES[each.kind]), each.added_at or person.created_at,
            str(each.pk) if each.kind == "oidc" and len(rows) > 1 else "",
        )
        for each in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class WayUsed:
    provider: str
    method: str
    last: datetime


def ways_used(person: Person) -> list[WayUsed]:
    """The ways by which the person identified, the latest first."""
    rows = person.identifications.values("provider", "method").annotate(last=Max("at")).order_by("-last")
    return [WayUsed(row["provider"], row["method"], row["last"]) for row in rows]


def number_tokens(person: Person) -> list[bytes]:
    """The keyed tokens of all the person's numbers, in the order of NUMBERS, within a kind the older first."""
    found = Identifier.objects.filter(person=person).order_by("pk")
    return [bytes(each.token) for each in sorted(found, key=lambda each: NUMBERS.index(each.kind))]


def tokens_of(people: Collection[UUID] | None = None) -> Iterator[tuple[UUID, bytes]]:
    """(person, keyed token) of all numbers of many people; None: of everybody."""
    wanted = {} if people is None else {"person__in": people}
    rows = Identifier.objects.filter(**wanted).values_list("person_id", "token")
    for person, token in rows.iterator(chunk_size=5_000):
        yield person, bytes(token)
