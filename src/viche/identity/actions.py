"""Writes of the identity room."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.communities.queries import territory_of_address
from viche.foundation import clock, keys
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import MembershipGranted, OfficeEnded, OfficeGranted
from viche.identity.models import Basis, Identification, Identifier, Membership, Office, Person, Role
from viche.identity.providers import VerifiedClaims
from viche.journal import actions as journal


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


def grant_membership(
    *,
    person: Person,
    territory: Territory,
    basis: str,
    document_reference: str,
    community: Community,
    by: Actor,
) -> Membership:
    """An operator confirms by a document that the person belongs here; journal: MembershipGranted.

    It counts in the contests of this community and of those above it.

    Refused: not_operator, outside (territory not of the operator's community), unknown_basis, no_document,
    bad_document (too long), already_member.
    """
    if not {Role.OPERATOR, Role.ADMINISTRATOR} & by.roles_in(community.code):
        raise Refused("not_operator", _("Only an operator may confirm a membership."), status=403)
    if not territory.is_inside(community.territory):
        raise Refused("outside", _("%s is outside your community.") % territory.full_name)
    if not document_reference.strip():
        message = _("Name the document: its kind, number and date.")
        raise Refused("no_document", message, fields={"document_reference": message}, status=422)
    if len(document_reference.strip()) > 200:
        message = _("No more than %(limit)d letters, please.") % {"limit": 200}
        raise Refused("bad_document", message, fields={"document_reference": message}, status=422)
    if basis not in Basis.values:
        message = _("Choose a basis of membership from the list.")
        raise Refused("unknown_basis", message, fields={"basis": message}, status=422)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                person=person, territory=territory, basis=Basis(basis).value, source="operator",
                document_reference=document_reference.strip(), granted_by_id=by.person_id,
                granted_in=community, since=clock.now(),
            )  # fmt: skip
            journal.append(
                MembershipGranted(membership=str(membership.id), territory=territory.code, basis=basis),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("already_member", _("This membership is already confirmed.")) from None
    return membership


def grant_office(*, person: Person, community: Community, role: str, by: Actor) -> Office:
    """Give an office; a second grant of the same is the same office; journal: OfficeGranted.

    Refused: not_administrator.
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator gives offices."), status=403)
    with transaction.atomic():
        office, is_new = Office.objects.get_or_create(
            person=person, community=community, role=Role(role).value, until=None,
            defaults={"granted_by_id": by.person_id, "since": clock.now()},
        )  # fmt: skip
        if is_new:
            journal.append(
                OfficeGranted(office=str(office.id), role=office.role),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    return office


def end_office(*, office: Office, by: Actor) -> None:
    """End an office; locks the community's offices; journal: OfficeEnded.

    Refused: not_administrator, last_administrator (a community is never left without one).
    """
    if not by.holds(Role.ADMINISTRATOR, community=office.community.code):
        raise Refused("not_administrator", _("Only an administrator ends offices."), status=403)
    with transaction.atomic():
        live = Office.objects.select_for_update().filter(community=office.community_id, until__isnull=True)
        held = {each.id: each for each in live}
        if office.id not in held:
            return
        administrators = [each for each in held.values() if each.role == Role.ADMINISTRATOR]
        if office.role == Role.ADMINISTRATOR and len(administrators) == 1:
            raise Refused("last_administrator", _("The last administrator of a community cannot be removed."))
        Office.objects.filter(pk=office.pk).update(until=clock.now())
        journal.append(
            OfficeEnded(office=str(office.id), role=office.role),
            community=office.community.code, year=clock.year(), by=by,
        )  # fmt: skip
