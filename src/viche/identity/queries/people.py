"""When and how a person identified."""

from viche.identity.models import Identification, Identifier, Person

# whichever of a person's numbers stands first is the one by which they are counted once
NUMBERS = ("tax", "passport", "unzr", "oidc")


def latest_identifications(person: Person, number: int = 5) -> list[Identification]:
    return list(person.identifications.order_by("-at")[:number])


def is_address_unknown(person: Person) -> bool:
    """Whether the latest identification gave an address that could not be placed."""
    latest = person.identifications.order_by("-at").first()
    return latest is not None and latest.is_address_unknown


def has_number(person: Person) -> bool:
    """Whether a tax number of the person is on record, or the passport that stands in its place.

    Who refused a number for religious reasons has a mark of it in the passport, whose series and number are used
    instead (Tax Code of Ukraine, article 63.5).
    """
    return person.identifiers.filter(kind__in=("tax", "passport")).exists()


def person_of_token(kind: str, token: bytes) -> Person | None:
    """Whoever is known by the keyed token of a number."""
    found = Identifier.objects.select_related("person").filter(kind=kind, token=token).first()
    return found.person if found else None


def number_tokens(person: Person) -> list[bytes]:
    """The keyed tokens of all the person's numbers, in the order of NUMBERS, within a kind the older first."""
    found = Identifier.objects.filter(person=person).order_by("pk")
    return [bytes(each.token) for each in sorted(found, key=lambda each: NUMBERS.index(each.kind))]
