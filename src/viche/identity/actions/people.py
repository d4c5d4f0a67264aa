"""A person is identified, or found by a number."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.communities.queries import codes_above, territory_of_address
from viche.foundation import clock, keys
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions.merging import (
    Number,
    are_alike,
    check_names,
    different_people,
    keep_numbers,
    merge_people,
    owners_of,
)
from viche.identity.models import (
    Basis,
    Citizenship,
    Identification,
    Identifier,
    Membership,
    NameForms,
    Person,
)
from viche.identity.providers import VerifiedClaims, parse_tax_number
from viche.identity.queries import has_number, memberships_in, person_of_token
from viche.identity.registers import Answer, answer_of_imported, answers_of_services


def identify_person(
    *, claims: VerifiedClaims, asked_in: Community | None = None, joined_to: Person | None = None
) -> Person:
    """The person a provider vouched for, made at the first time; records the identification.

    All methods lead to one person: by any of the numbers that were proved, each kept as a keyed token and forgotten.
    Numbers of two people who turn out to be one merge them (merge_people). joined_to: whoever is identified already
    and adds this method to their own. A proven address becomes a membership of its settlement; a new address ends
    the earlier one. What the imported registers say of the tax number becomes memberships too, and so does what the
    register services say of the body asked_in, where the person identifies, and of those above it; no other service
    learns that somebody came. A service that fails changes nothing. Refused: no_number (the provider gave no number at
    all), different_people, different_names.
    """
    numbers = _numbers_of(claims)
    if not numbers:
        raise Refused(
            "no_number",
            _(
                "The provider did not confirm a tax number. If you have none, an operator of the service centre "
                "can confirm you by your passport."
            ),
            status=422,
        )
    answers = []
    if claims.tax_number is not None:
        # asked before the transaction: a slow service must not hold its locks
        bodies = codes_above(asked_in.territory) if asked_in is not None else []
        answers = [
            answer_of_imported(claims.tax_number, claims.birth_date),
            *answers_of_services(bodies, claims.tax_number, claims.birth_date),
        ]
    try:
        return _identified(claims, numbers, answers, joined_to)
    except IntegrityError:  # the same person came in another window at the same moment
        return _identified(claims, numbers, answers, joined_to)


def _identified(
    claims: VerifiedClaims, numbers: list[Number], answers: list[Answer], joined_to: Person | None
) -> Person:
    with transaction.atomic():
        person = _person_of(claims, numbers, joined_to)
        is_known = claims.address is None or _renew_residence(person, claims)
        if claims.citizenship is not None:
            _renew_citizenship(person, claims.citizenship)
        for answer in answers:
            _take_over(person, answer)
        Identification.objects.create(
            person=person, provider=claims.provider, method=claims.method, at=clock.now(),
            is_address_unknown=not is_known,
        )  # fmt: skip
    return person


def _numbers_of(claims: VerifiedClaims) -> list[Number]:
    """Kinds and keyed tokens of what was proved, the tax number first."""
    given = [("tax", claims.tax_number)] if claims.tax_number is not None else []
    return [
        Number(kind, keys.person_token(kind, value)) for kind, value in (*given, *claims.identifiers) if value
    ]


def believed(claims: VerifiedClaims, numbers: list[Number]) -> list[Number]:
    """The numbers without those that lead to somebody else: a mistyped passport must not hand a record over.

    What was proved of the tax number decides; a passport that is known of a person with another name or date of birth
    is left out, for the service centre to settle.
    """
    kept = []
    for number in numbers:
        owner = person_of_token(number.kind, number.token)
        if number.kind != "tax" and owner is not None and not are_alike(owner, claims):
            continue
        kept.append(number)
    if not kept:
        raise different_people()
    return kept


def _person_of(claims: VerifiedClaims, numbers: list[Number], joined_to: Person | None) -> Person:
    """The one person of all these numbers, with all of them on record; runs in the caller's transaction."""
    numbers = believed(claims, numbers)
    owners = owners_of(numbers)
    if joined_to is not None:
        joined_to = Person.objects.select_for_update(no_key=True).get(pk=joined_to.pk)
    if joined_to is not None and joined_to not in owners:
        check_names(joined_to, claims)
        owners.append(joined_to)
    if not owners:
        person = Person(created_at=clock.now(), birth_date=claims.birth_date, sex=claims.sex or "")
        _take_names(person, claims)
        person.save(force_insert=True)
        keep_numbers(person, numbers)
        return person
    person = owners[0]
    for other in owners[1:]:
        person = merge_people(one=person, other=other)
    keep_numbers(person, numbers)
    # a log-in service of another kind does not write over what a bank or a certificate said
    if claims.tax_number is not None or not has_number(person):
        _take_names(person, claims)
    person.birth_date, person.sex = person.birth_date or claims.birth_date, claims.sex or person.sex
    person.save(update_fields=["family_name", "given_name", "patronymic", "birth_date", "sex"])
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
        person=person, basis=Basis.REGISTERED, until__isnull=True, granted_in__isnull=True
    )
    if not live.filter(territory=territory).exists():
        live.update(until=clock.now())
        Membership.objects.get_or_create(
            person=person, territory=territory, basis=Basis.REGISTERED, granted_in=None, until=None,
            defaults={"source": source, "evidence": "identity-provider", "since": clock.now()},
        )  # fmt: skip
    return True


def _renew_citizenship(person: Person, status: str) -> None:
    """Keep what the provider vouches for; another status ends the earlier one."""
    live = Citizenship.objects.filter(person=person, granted_in__isnull=True, until__isnull=True)
    if not live.filter(status=status).exists():
        live.update(until=clock.now())
        Citizenship.objects.get_or_create(
            person=person, granted_in=None, until=None,
            defaults={"status": status, "evidence": "identity-provider", "since": clock.now()},
        )  # fmt: skip


def _take_over(person: Person, answer: Answer) -> None:
    """Make the memberships a register says, and end those it said before and says no more."""
    bodies = Community.objects.filter(territory_id__in={each.community for each in answer.residences})
    body_of = {body.code: body for body in bodies.select_related("territory")}
    known = Territory.objects.in_bulk({each.territory for each in answer.residences})
    live = Membership.objects.filter(person=person, source=answer.source, until__isnull=True)
    if answer.community is not None:
        live = live.filter(granted_in__territory_id=answer.community)
    kept = set()
    for each in answer.residences:
        body, territory = body_of.get(each.community), known.get(each.territory)
        # a service speaks of its own community only
        if body is None or territory is None or not territory.is_inside(body.territory):
            continue
        membership, _is_new = Membership.objects.get_or_create(
            person=person, territory=territory, basis=each.basis, granted_in=body, source=answer.source,
            until=None,
            defaults={
                "evidence": "residence-register", "since": clock.now(), "register_mark": each.mark,
            },
        )  # fmt: skip
        kept.add(membership.pk)
    live.exclude(pk__in=kept).update(until=clock.now())


def person_by_number(*, tax_number: str) -> Person | None:
    """The known person with this tax number (already checked by parse_tax_number)."""
    return person_of_token("tax", keys.person_token("tax", tax_number))


def identify_client(*, tax_number: str, asked_in: Community) -> Person | None:
    """The person whose tax number (checked by parse_tax_number) a channel vouches for: a bank for its client.

    Whoever is not on record is made only where a register of members knows the number; else None. The registers are
    asked as in identify_person; the services only where no membership in the body is known. No identification is
    recorded: the channel says in the mark how the voter was identified.
    """
    number, token = parse_tax_number(tax_number), keys.person_token("tax", tax_number)
    person = person_of_token("tax", token)
    answers = [answer_of_imported(number.number, number.birth_date)]
    if person is None or not memberships_in(person, asked_in.territory):
        answers += answers_of_services(codes_above(asked_in.territory), number.number, number.birth_date)
    if person is None:
        if not any(answer.residences for answer in answers):
            return None
        person = record_person(
            kind="tax", token=token, family_name="", given_name="", birth_date=number.birth_date
        )
    with transaction.atomic():
        for answer in answers:
            _take_over(person, answer)
    return person


def close_sessions(*, person: Person, before: datetime, by: Actor) -> None:
    """Sessions that were opened before the moment (UTC) are closed. Refused: not_yours."""
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One closes only one’s own sessions."), status=403)
    Person.objects.filter(pk=person.pk).update(sessions_since=before)


def set_name_form(*, person: Person, form: str, by: Actor) -> None:
    """How other people see the name where nothing prescribes it (NameForms). Refused: not_yours, bad_value."""
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One changes only one’s own name."), status=403)
    if form not in NameForms.values:
        message = _("Choose one of the ways.")
        raise Refused("bad_value", message, fields={"name_form": message}, status=422)
    Person.objects.filter(pk=person.pk).update(name_form=form)


def record_person(
    *, kind: str, token: bytes, family_name: str, given_name: str, birth_date: date | None
) -> Person:
    """The person of a number that a document on paper gives, made where nobody knew them; nothing is changed of a known
    one. kind: "tax" or "passport"; token: foundation.keys.person_token of the number, which is not kept.

    No identification is recorded and nothing is proved by it: whoever comes later with this number is the same person.
    """
    known = person_of_token(kind, token)
    if known is not None:
        return known
    person = Person(
        created_at=clock.now(),
        birth_date=birth_date,
        family_name=family_name[:80],
        given_name=given_name[:80],
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            Identifier.objects.create(person=person, kind=kind, token=token)
    except IntegrityError:  # the same person came by another way at the same moment
        return Identifier.objects.select_related("person").get(kind=kind, token=token).person
    return person
