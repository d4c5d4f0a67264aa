"""Two records of one person become one: the numbers of both lead to it, and what was done by either is its own.

Every table that names people is found by its foreign keys. What a room keeps beside them (the token of a signature, a
mark of the ballot box) it sets right itself, in a function that settings.PEOPLE_MERGED names.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, InternalError, models, transaction
from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.events import PeopleMerged
from viche.identity.models import PLATFORM, Access, Identifier, Person
from viche.identity.providers import VerifiedClaims
from viche.journal import actions as journal

# of these a person has one; passports are renewed, and log-in services may be several
SINGLE = frozenset({"tax", "unzr"})


class Number(NamedTuple):
    """A number of a person as its kind and keyed token (foundation.keys.person_token)."""

    kind: str
    token: bytes


def owners_of(numbers: list[Number]) -> list[Person]:
    """The people who have these numbers, held, in the order of the numbers: the tax number's owner is the first."""
    wanted = Q()
    for number in numbers:
        wanted |= Q(kind=number.kind, token=number.token)
    found_rows = Identifier.objects.filter(wanted)
    if any(row.removed_at is not None for row in found_rows):
        raise Refused(
            "account_removed",
            _("This account was taken off by its owner and leads to nobody. Identify by another way."),
            status=403,
        )
    rows = {(row.kind, bytes(row.token)): row.person_id for row in found_rows}
    found = list(dict.fromkeys(rows[number] for number in numbers if number in rows))
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk")
    held = {person.pk: person for person in people}
    return [held[key] for key in found if key in held]


def keep_numbers(person: Person, numbers: list[Number]) -> None:
    """Record the numbers that are nobody's yet. Refused: different_people (the person has another tax number)."""
    known = {(row.kind, bytes(row.token)) for row in person.identifiers.all()}
    kinds = {kind for kind, _token in known}
    for number in numbers:
        if number in known:
            continue
        if number.kind in SINGLE and number.kind in kinds:
            if number.kind == "tax":
                raise different_people()
            continue
        Identifier.objects.create(person=person, kind=number.kind, token=number.token, added_at=clock.now())


def check_names(person: Person, claims: VerifiedClaims) -> None:
    """A method that is added to somebody's own must not name another person (are_alike).

    Refused: different_names.
    """
    # a family name may change with a marriage, a given name is seldom written otherwise: both differ for somebody else
    if not are_alike(person, claims):
        raise Refused(
            "different_names",
            _(
                "This method names another person than you are identified as. If your name has changed, come to the "
                "service centre with your documents."
            ),
            status=409,
        )


def are_alike(one: Person | VerifiedClaims, other: Person | VerifiedClaims) -> bool:
    """Whether two records may be of one person: no other date of birth, and not both names other ones, in Cyrillic."""
    if one.birth_date is not None and other.birth_date is not None and one.birth_date != other.birth_date:
        return False
    names = [(each.family_name.casefold(), each.given_name.casefold()) for each in (one, other)]
    if any(not family or family.isascii() for family, _given in names):
        return True
    return names[0][0] == names[1][0] or names[0][1] == names[1][1]


def different_people() -> Refused:
    return Refused(
        "different_people",
        _(
            "These are two people: each has a tax number of their own. Leave the session if somebody else identified "
            "on this device, and begin again."
        ),
        status=409,
    )


def merge_people(
    *, one: Person, other: Person, by: Actor = SYSTEM, community: str = PLATFORM, document: str = ""
) -> Person:
    """Make one person of two records; returns the one that stays: whoever has the tax number, else the older.

    Locks both. Live rows that both have (a membership, an office, a follow) stay once. A record that something
    unchangeable names stays as an empty shell that leads to the other. document: what an operator saw. Journal:
    PeopleMerged, and what the rooms of settings.PEOPLE_MERGED write. Refused: different_people.
    """
    with transaction.atomic():
        people = Person.objects.select_for_update(no_key=True).filter(pk__in=(one.pk, other.pk))
        held = {person.pk: person for person in people.order_by("pk")}
        if len(held) < 2:
            return held.get(one.pk) or held[other.pk]
        numbered = [person for person in held.values() if person.identifiers.filter(kind="tax").exists()]
        if len(numbered) > 1:
            raise different_people()
        kept = numbered[0] if numbered else min(held.values(), key=lambda each: (each.created_at, each.pk))
        gone = next(person for person in held.values() if person.pk != kept.pk)
        for path in settings.PEOPLE_MERGED:
            import_string(path)(kept=kept, gone=gone)
        staying = [relation for relation in person_relations() if not _moved(relation, kept, gone)]
        kept.birth_date, kept.sex = kept.birth_date or gone.birth_date, kept.sex or gone.sex
        kept.save(update_fields=["birth_date", "sex"])
        # the person's page says who looked at the data of either record
        if staying or Access.objects.filter(people__contains=[gone.pk]).exists():
            Person.objects.filter(pk=gone.pk).update(
                merged_into=kept, family_name="", given_name="", patronymic="", birth_date=None, sex=""
            )
        else:
            gone.delete()
        journal.append(
            PeopleMerged(kept=str(kept.pk), document=bool(document)),
            community=community, year=clock.year(), by=by,
        )  # fmt: skip
    return kept


def person_relations() -> list[ForeignObjectRel]:
    """Every foreign key to a person, of all rooms, but the one that leads from a merged record to who stays."""
    found = Person._meta.get_fields(include_hidden=True)
    return [each for each in found if isinstance(each, ForeignObjectRel) and each.field.name != "merged_into"]


def _moved(relation: ForeignObjectRel, kept: Person, gone: Person) -> bool:
    """Give the rows of one foreign key to whoever stays; False where some cannot be given."""
    model: Any = relation.related_model
    name = relation.field.name
    rows = model._base_manager.filter(**{name: gone})
    try:
        with transaction.atomic():
            rows.update(**{name: kept})
        return True
    except (IntegrityError, InternalError):  # some stand once a person, or are never changed: one by one
        pass
    is_empty = True
    for row in rows:
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**{name: kept})
        except IntegrityError:
            is_empty &= _let_go(relation, row)
        except InternalError:  # a trigger: this row is never changed
            is_empty = False
    return is_empty


def _let_go(relation: ForeignObjectRel, row: models.Model) -> bool:
    """Whoever stays has the same row already: this one goes as it would with its person. False where it must stay."""
    if relation.on_delete is not models.CASCADE:
        return False
    try:
        with transaction.atomic():
            row.delete()
    except (IntegrityError, InternalError):
        return False
    return True


def remove_account(*, person: Person, reference: str, by: Actor) -> None:
    """Take an account at a log-in service off: it leads to nobody; what was done by it stays done. Locks the person.

    Refused: not_yours, not_removable (a number, or the only thing that leads to the person).
    """
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One changes only one’s own ways to identify."), status=403)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        rows = {str(row.pk): row for row in person.identifiers.filter(removed_at=None)}
        row = rows.get(reference)
        if row is None or row.kind != "oidc" or len(rows) == 1:
            raise Refused(
                "not_removable", _("Only an account beside another way to identify can be taken off.")
            )
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
