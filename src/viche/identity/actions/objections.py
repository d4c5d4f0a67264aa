"""“This was not me”: filed by the person, looked into and decided by the body."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import ObjectionDismissed, ObjectionFiled, ObjectionUpheld
from viche.identity.models import PLATFORM, Objection, Person, Role
from viche.journal import actions as journal

MAX_TEXT = 2000
DECIDING = (Role.ADMINISTRATOR, Role.COMMISSION)
State = Objection.State


def object_to_act(
    *, person: Person, community: Community | None, kind: str, reference: str, act: str, text: str
) -> Objection:
    """Deny an act recorded as the person's own; the same act once while the first objection is open.

    community: whose officials look into it, None for the platform's. act: the act in words. One transaction; journal:
    ObjectionFiled, in words that name nobody. Refused: bad_value (text), already_objected.
    """
    said = text.replace("\r\n", "\n").strip()
    fault = ""
    if not said:
        fault = _("Say in a few words why it was not you.")
    elif len(said) > MAX_TEXT:
        fault = _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
    if fault:
        raise Refused("bad_value", fault, fields={"text": fault}, status=422)
    try:
        with transaction.atomic():
            found = Objection.objects.create(
                person=person, community=community, kind=kind, reference=reference, act=act[:300], text=said,
                filed_at=clock.now(),
            )  # fmt: skip
            _record(ObjectionFiled, found, None)
    except IntegrityError:
        raise Refused(
            "already_objected", _("You have said this already: it is being looked into."), status=409
        ) from None
    return found


def decide_objection(*, objection: Objection, is_upheld: bool, answer: str, by: Actor) -> Objection:
    """Say what was found; the person reads the answer. Locks the objection; journal: ObjectionUpheld or
    ObjectionDismissed.

    What follows for the act itself (an annulled ballot, a withdrawn signature) is an act of its own.
    Refused: not_deciding, own_objection, bad_value (answer), already_done.
    """
    community = objection.community
    is_allowed = (
        by.holds(Role.PLATFORM, community=PLATFORM)
        if community is None
        else by.holds(*DECIDING, community=community.code)
    )
    if not is_allowed:
        raise Refused(
            "not_deciding", _("Only the commission or an administrator decides about this."), status=403
        )
    if by.person_id == objection.person_id:
        raise Refused("own_objection", _("Nobody decides about their own case."), status=403)
    said = answer.replace("\r\n", "\n").strip()
    fault = ""
    if not said:
        fault = _("Write what was found: the person reads it.")
    elif len(said) > MAX_TEXT:
        fault = _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
    if fault:
        raise Refused("bad_value", fault, fields={"answer": fault}, status=422)
    with transaction.atomic():
        held = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
        if held.state != State.OPEN:
            raise Refused("already_done", _("Somebody has decided about this already."), status=409)
        held.state = State.UPHELD if is_upheld else State.DISMISSED
        held.answer, held.decided_at, held.decided_by_id = said, clock.now(), by.person_id
        held.save(update_fields=["state", "answer", "decided_at", "decided_by"])
        _record(ObjectionUpheld if is_upheld else ObjectionDismissed, held, by)
    return held


def _record(event: type[ObjectionFiled], found: Objection, by: Actor | None) -> None:
    # who objects is nobody's business: the entry names the case only
    code = found.community.code if found.community else PLATFORM
    journal.append(event(objection=str(found.pk), act=found.kind), community=code, year=clock.year(), by=by)
