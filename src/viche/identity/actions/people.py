"""A person is identified, or found by a number."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.queries import territory_of_address
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.models import Basis, Identification, Identifier, Membership, Person
from viche.identity.providers import VerifiedClaims


def identify_person(*, claims: VerifiedClaims) -> Person:
    """The person a provider vouched for, made at the first time; records the identification.

    The tax number becomes a keyed token and is forgotten. A proven address becomes a membership of its
    settlement; a new address ends the earlier one. Refused: no_number (the provider gave no personal number).
    """
    if claims.tax_number is None:
        raise Refused(
            "no_number",
            _(
                "The provider did not confirm a tax number. If you have none, an operator of the service centre "
                "can confirm you by your passport."
            ),
            status=422,
        )
    token = keys.person_token("tax", claims.tax_number)
    with transaction.atomic():
        person = _person_of(token, claims)
        is_known = claims.address is None or _renew_residence(person, claims)
        Identification.objects.create(
            person=person, provider=claims.provider, method=claims.method, at=clock.now(),
            is_address_unknown=not is_known,
        )  # fmt: skip
    return person


def _person_of(token: bytes, claims: VerifiedClaims) -> Person:
    identifier = Identifier.objects.select_related("person").filter(kind="tax", token=token).first()
    if identifier is None:
        person = Person(created_at=clock.now(), birth_date=claims.birth_date)
        _take_names(person, claims)
        try:
            with transaction.atomic():
                person.save(force_insert=True)
                Identifier.objects.create(person=person, kind="tax", token=token)
        except IntegrityError:  # the same person came in another window at the same moment
            return Identifier.objects.select_related("person").get(kind="tax", token=token).person
        return person
    person = identifier.person
    _take_names(person, claims)
    person.birth_date = person.birth_date or claims.birth_date
    person.save(update_fields=["family_name", "given_name", "patronymic", "birth_date"])
    return person


def _take_names(person: Person, claims: VerifiedClaims) -> None:
    person.family_name = claims.family_name[:80]
    person.given_name = claims.given_name[:80]
    person.patronymic = (claims.patronymic or "")[:80]


def _renew_residence(person: Person, claims: VerifiedClaims) -> bool:
    """Keep the membership of the proven settlement; False where the address fits none, or several."""
    address = claims.address
    territory = territory_of_address(region=address.region or "", locality=address.locality or "")
    if territory is None:
        return False
    source = f"{claims.provider}:{claims.method}"
    live = Membership.objects.filter(
        person=person, basis=Basis.REGISTERED, until__isnull=True, granted_by__isnull=True
    )
    if not live.filter(territory=territory).exists():
        live.update(until=clock.now())
        Membership.objects.get_or_create(
            person=person, territory=territory, basis=Basis.REGISTERED, until=None,
            defaults={"source": source, "since": clock.now()},
        )  # fmt: skip
    return True


def person_by_number(*, tax_number: str) -> Person | None:
    """The known person with this tax number (already checked by parse_tax_number)."""
    token = keys.person_token("tax", tax_number)
    found = Identifier.objects.select_related("person").filter(kind="tax", token=token).first()
    return found.person if found else None
