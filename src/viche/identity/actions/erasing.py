"""Erasure: what is known of a person goes, what was done and counted stays without them (law 2297-VI, article 8;
GDPR, article 17).

Every table that names people is found by its foreign keys, as where two records are merged. What a room keeps beside
them it erases itself, in a function that settings.PEOPLE_ERASED names; why it can't be done yet, in one that
settings.PEOPLE_KEPT names.
"""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, InternalError, models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions.merging import person_relations
from viche.identity.events import PersonErased
from viche.identity.models import PLATFORM, ConnectionRequest, Person
from viche.identity.models.connections import OPEN_STATES
from viche.identity.queries import live_offices
from viche.journal import actions as journal

# foreign keys of a citizen's own things; others name an official who did something in office, which stays theirs
OWN = frozenset({"person", "author", "accepted_by", "joins"})
OFFICIAL_ACTS = frozenset(
    {
        "projects.sheetchoice",
        "identity.office",
        "review.conflict",
        "review.attendance",
        "review.rollcallvote",
        "identity.setupstep",
    }
)
"""Tables of what officials did in office: kept with the record of the office, whose holder has no name any more."""


def issues_before_erasure(person: Person) -> list[str]:
    """Why the person's data cannot be erased now, in words; empty where it can."""
    found = []
    if live_offices(person).exists():
        found.append(_("You hold an office: it has to be ended first."))
    if ConnectionRequest.objects.filter(applicant=person, state__in=OPEN_STATES).exists():
        found.append(_("Your request to connect a community is being looked into: withdraw it first."))
    for path in settings.PEOPLE_KEPT:
        found += import_string(path)(person=person)
    return found


def ask_erasure(*, person: Person, by: Actor) -> bool:
    """Erase the person now, or as soon as nothing stands against it; whether it is done. Locks the person.

    Refused: not_yours.
    """
    _own_only(person, by)
    if not issues_before_erasure(person):
        erase_person(person=person)
        return True
    Person.objects.filter(pk=person.pk).update(erasure_asked_at=clock.now())
    return False


def cancel_erasure(*, person: Person, by: Actor) -> None:
    """The person wants to stay after all. Refused: not_yours."""
    _own_only(person, by)
    Person.objects.filter(pk=person.pk).update(erasure_asked_at=None)


def _own_only(person: Person, by: Actor) -> None:
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One erases only one’s own data."), status=403)


def erase_person(*, person: Person) -> None:
    """Erase what is known of a person. Locks the person; one transaction; journal: PersonErased, which names nobody.

    Numbers, identifications, memberships, consents, requests, factors, notices and addresses go. Signatures and
    comments stay without the person, and so do published projects without their name. What they did in office stays
    with an empty record. Refused: cannot_erase_yet (issues_before_erasure).
    """
    with transaction.atomic():
        held = (
            Person.objects.select_for_update().filter(pk=person.pk, merged_into=None, erased_at=None).first()
        )
        if held is None:
            return
        if obstacles := issues_before_erasure(held):
            raise Refused("cannot_erase_yet", " ".join(obstacles), status=409)
        for path in settings.PEOPLE_ERASED:
            import_string(path)(person=held)
        ConnectionRequest.objects.filter(applicant=held).update(email="", phone="")
        staying = [relation for relation in person_relations() if not _let_go(relation, held)]
        if not staying and not Person.objects.filter(merged_into=held).exists():
            held.delete()
        else:
            Person.objects.filter(pk=held.pk).update(
                family_name="", given_name="", patronymic="", birth_date=None, sex="", erased_at=clock.now(),
                erasure_asked_at=None,
            )  # fmt: skip
        journal.append(PersonErased(), community=PLATFORM, year=clock.year(), by=SYSTEM)


def _let_go(relation: ForeignObjectRel, person: Person) -> bool:
    """Take the person out of one table; False where something must go on naming the empty record."""
    model: Any = relation.related_model
    name = relation.field.name
    rows = model._base_manager.filter(**{name: person})
    if not rows.exists():
        return True
    if name not in OWN or model._meta.label_lower in OFFICIAL_ACTS or relation.on_delete is models.PROTECT:
        return False
    try:
        with transaction.atomic():
            if relation.on_delete is models.CASCADE:
                rows.delete()
            else:
                rows.update(**{name: None})
    except (IntegrityError, InternalError):  # a row that is never changed
        return False
    return True


def erase_asked() -> int:
    """Erase whoever asked for it and against whom nothing stands any more; how many. Each in its own transaction."""
    done = 0
    for person in Person.objects.filter(erasure_asked_at__isnull=False, erased_at=None).order_by("pk"):
        try:
            erase_person(person=person)
        except Refused:
            continue
        done += 1
    return done
