"""When and how a person identified."""

from viche.identity.models import Identification, Person


def latest_identifications(person: Person, number: int = 5) -> list[Identification]:
    return list(person.identifications.order_by("-at")[:number])


def is_address_unknown(person: Person) -> bool:
    """Whether the latest identification gave an address that could not be placed."""
    latest = person.identifications.order_by("-at").first()
    return latest is not None and latest.is_address_unknown


def has_tax_number(person: Person) -> bool:
    """Whether a provider or an operator proved a tax number of the person."""
    return person.identifiers.filter(kind="tax").exists()
