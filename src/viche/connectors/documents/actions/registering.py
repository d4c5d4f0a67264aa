"""Numbers that come back, by whatever way: from the system, from its message, by hand. The first one stands."""

import hmac
import secrets
from collections.abc import Collection
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.documents.actions.setting import held_registry
from viche.connectors.documents.events import DocumentEvent, DocumentHandedOver, DocumentRegistered
from viche.connectors.documents.formats import package_of
from viche.connectors.documents.guards import administrator_only, registrar_only
from viche.connectors.documents.models import MOST_IN_PACKAGE, SHELF, Dispatch, Registry
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.journal import actions as journal

State = Dispatch.State


def record_number(*, document: Dispatch, number: str, day: date, by: Actor) -> Dispatch:
    """Record by hand the number under which a document is registered; locks it; journal: DocumentRegistered.

    The same number once more changes nothing. Refused: not_registrar, archived, bad_value (fields), other_number.
    """
    registrar_only(document.community, by)
    return _recorded(document, number, day, by)


def record_told_number(*, community: Community, token: str, key: UUID, number: str, day: date) -> Dispatch:
    """The document system tells the number of the document with our key; locks it; journal: DocumentRegistered.

    Refused: bad_token (401), not_found, bad_value, other_number.
    """
    kept = Registry.objects.filter(community=community).values_list("token_digest", flat=True).first() or ""
    if not kept or not hmac.compare_digest(kept, sha256(token.encode()).hexdigest()):
        raise Refused("bad_token", _("The token is not known."), status=401)
    found = Dispatch.objects.filter(community=community, pk=key).select_related("community").first()
    if found is None:
        raise Refused("not_found", _("There is no such document."), status=404)
    return _recorded(found, number, day, SYSTEM)


def resend_document(*, document: Dispatch, by: Actor) -> Dispatch:
    """Send a document that could not be handed over once more; locks it. Its key stays: it is registered once.

    Refused: not_registrar, archived, not_failed.
    """
    registrar_only(document.community, by)
    with transaction.atomic():
        held = _held(document)
        if held.state not in {State.FAILED, State.WAITING}:
            raise Refused(
                "not_failed", _("This document has been handed over: there is nothing to send again.")
            )
        held.state, held.next_at, held.fault, held.attempts = State.WAITING, clock.now(), "", 0
        held.save(update_fields=["state", "next_at", "fault", "attempts"])
    return held


def hand_package(*, community: Community, documents: Collection[Dispatch], by: Actor) -> bytes:
    """The package of the documents; those that wait count as handed over with it; journal: DocumentHandedOver.

    Locks the documents. Refused: not_registrar, archived, none_chosen, file_gone.
    """
    registrar_only(community, by)
    keys = [each.pk for each in documents][:MOST_IN_PACKAGE]
    with transaction.atomic():
        registry = held_registry(community)
        held = list(
            Dispatch.objects.select_for_update(of=("self",))
            .select_related("community", "contest", "project")
            .filter(community=community, pk__in=keys)
            .order_by("year", "number")
        )
        if not held:
            raise Refused("none_chosen", _("Choose at least one document."), status=422)
        packed = package_of([(each, _content(each)) for each in held], registry)
        for each in held:
            if each.state in {State.WAITING, State.FAILED}:
                each.state, each.way, each.handed_at, each.next_at = (
                    State.HANDED, Dispatch.Way.PACKAGE, clock.now(), None,
                )  # fmt: skip
                each.fault = ""
                each.save(update_fields=["state", "way", "handed_at", "next_at", "fault"])
                write_entry(each, DocumentHandedOver, by, way=each.way)
    return packed


def make_token(*, community: Community, by: Actor) -> str:
    """A new token with which the document system tells us numbers, shown once; the former one opens nothing any more.

    Locks the registry. Refused: not_registrar, archived.
    """
    administrator_only(community, by)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        held = held_registry(community)
        held.token_digest = sha256(token.encode()).hexdigest()
        held.save(update_fields=["token_digest"])
    return token


def note_registered(held: Dispatch, number: str, day: date, by: Actor) -> None:
    """Write the number into the row that the caller holds; journal: DocumentRegistered."""
    held.state, held.register_number, held.register_date = State.REGISTERED, number, day
    held.registered_at, held.registered_by_id = clock.now(), by.person_id
    held.next_at, held.fault = None, ""
    if held.handed_at is None:
        held.handed_at, held.way = clock.now(), Dispatch.Way.HAND
    held.save()
    write_entry(held, DocumentRegistered, by, register_number=number, register_date=day.isoformat())


def write_entry(document: Dispatch, event: type[DocumentEvent], by: Actor, **said: Any) -> None:
    """Append the event about the document to the log of its body."""
    journal.append(
        event(document=str(document.pk), kind=document.kind, ours=document.our_number, **said),
        community=document.community.code, year=clock.year(), by=by,
    )  # fmt: skip


def _recorded(document: Dispatch, number: str, day: date, by: Actor) -> Dispatch:
    number, faults = " ".join(number.split()), dict[str, str]()
    if not 0 < len(number) <= 100 or not number.isprintable():
        faults["number"] = _("Write the number, at most 100 signs.")
    if day > clock.now().astimezone(KYIV).date():
        faults["day"] = _("This day is yet to come.")
    if faults:
        raise Refused("bad_value", _("Some fields need your attention."), fields=faults, status=422)
    with transaction.atomic():
        held = _held(document)
        if held.state == State.REGISTERED:
            if (held.register_number, held.register_date) != (number, day):
                raise Refused(
                    "other_number",
                    _("It is registered already as No. %(number)s.") % {"number": held.register_number},
                )
            return held
        note_registered(held, number, day, by)
    return held


def _held(document: Dispatch) -> Dispatch:
    return Dispatch.objects.select_for_update(of=("self",)).select_related("community").get(pk=document.pk)


def _content(document: Dispatch) -> bytes:
    content = private_files.content_of(document.pk, shelf=SHELF)
    if content is None:
        raise Refused("file_gone", _("The file of document No. %s is gone.") % document.our_number)
    return content
