"""Memberships and citizenship: granted by an operator with a document, and ended."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import CitizenshipRecorded, MembershipEnded, MembershipGranted
from viche.identity.models import Basis, Citizenship, Citizenships, Membership, Person, Role
from viche.identity.models.memberships import OPERATOR
from viche.identity.queries import day_of
from viche.identity.wording import SHOWN_EVIDENCE
from viche.journal import actions as journal

MAX_DOCUMENT, MAX_REASON = 200, 500


def operator_only(by: Actor, community: Community) -> None:
    """Refused: not_operator."""
    if not by.holds(Role.OPERATOR, Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_operator", _("Only an operator may confirm a membership."), status=403)


def grant_membership(
    *,
    person: Person,
    territory: Territory,
    basis: str,
    document_reference: str,
    community: Community,
    by: Actor,
    evidence: str = "",
    ends_on: date | None = None,
) -> Membership:
    """An operator confirms by a document that the person belongs here; journal: MembershipGranted.

    It counts in the contests of this community and of those above it, to the end of the day ends_on (Kyiv). A grant
    that lasts longer, or rests on another kind of evidence, replaces the one there is; its row is locked.

    Refused: not_operator, outside (territory not of the operator's community), unknown_basis, no_document,
    bad_document (too long), unknown_evidence, bad_end, already_member.
    """
    operator_only(by, community)
    if not territory.is_inside(community.territory):
        raise Refused("outside", _("%s is outside your community.") % territory.full_name)
    _check_document(document_reference, evidence)
    if basis not in Basis.values:
        raise _fault("unknown_basis", "basis", _("Choose a basis of membership from the list."))
    today = day_of(clock.now())
    if ends_on is not None and ends_on < today:
        raise _fault("bad_end", "ends_on", _("This day has passed: the membership would count on no day."))
    try:
        with transaction.atomic():
            _make_room(person, territory, basis, community, evidence, ends_on, by)
            membership = Membership.objects.create(
                person=person, territory=territory, basis=Basis(basis).value, source=OPERATOR, evidence=evidence,
                document_reference=document_reference.strip(), granted_by_id=by.person_id,
                granted_in=community, since=clock.now(), ends_on=ends_on,
            )  # fmt: skip
            journal.append(
                MembershipGranted(
                    membership=str(membership.id), territory=territory.code, basis=basis, evidence=evidence
                ),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise _already_member() from None
    return membership


def _make_room(
    person: Person,
    territory: Territory,
    basis: str,
    community: Community,
    evidence: str,
    ends_on: date | None,
    by: Actor,
) -> None:
    """End the live grant of the same membership where the new one says more. Refused: already_member."""
    held = (
        Membership.objects.select_for_update()
        .filter(
            person=person, territory=territory, basis=basis, granted_in=community, source=OPERATOR,
            until__isnull=True,
        )
        .first()
    )  # fmt: skip
    if held is None:
        return
    is_longer = held.ends_on is not None and (ends_on is None or ends_on > held.ends_on)
    is_over = not held.counts_on(day_of(clock.now()))
    if not (is_over or is_longer or (evidence and evidence != held.evidence)):
        raise _already_member()
    Membership.objects.filter(pk=held.pk).update(until=clock.now(), ended_by=by.person_id)


def _already_member() -> Refused:
    return Refused("already_member", _("This membership is already confirmed."))


def _fault(code: str, field: str, message: str) -> Refused:
    return Refused(code, message, fields={field: message}, status=422)


def _check_document(document_reference: str, evidence: str) -> None:
    if not document_reference.strip():
        raise _fault("no_document", "document_reference", _("Name the document: its kind, number and date."))
    if len(document_reference.strip()) > MAX_DOCUMENT:
        message = _("No more than %(limit)d letters, please.") % {"limit": MAX_DOCUMENT}
        raise _fault("bad_document", "document_reference", message)
    if evidence and evidence not in SHOWN_EVIDENCE:
        raise _fault("unknown_evidence", "evidence", _("Choose the kind of document from the list."))


def end_membership(*, membership: Membership, reason: str, by: Actor) -> None:
    """Take back what an operator granted; locks the row; journal: MembershipEnded (without the reason).

    Refused: not_granted (an address or a register proved it), not_operator (of the body that granted it), no_reason,
    bad_reason (too long), already_ended.
    """
    if not membership.is_granted or membership.granted_in is None:
        raise Refused("not_granted", _("Only a membership that an operator confirmed can be taken back."))
    community = membership.granted_in
    operator_only(by, community)
    _check_reason(reason)
    with transaction.atomic():
        held = Membership.objects.select_for_update().get(pk=membership.pk)
        if held.until is not None:
            raise Refused("already_ended", _("This membership has already been taken back."))
        held.until, held.ended_by_id, held.end_reason = clock.now(), by.person_id, reason.strip()
        held.save(update_fields=["until", "ended_by", "end_reason"])
        journal.append(
            MembershipEnded(membership=str(held.id), territory=held.territory_id, basis=held.basis),
            community=community.code, year=clock.year(), by=by,
        )  # fmt: skip


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise _fault("no_reason", "reason", _("Say why, in a few words: the person will read it."))
    if len(reason.strip()) > MAX_REASON:
        message = _("No more than %(limit)d letters, please.") % {"limit": MAX_REASON}
        raise _fault("bad_reason", "reason", message)


def record_citizenship(
    *,
    person: Person,
    status: str,
    document_reference: str,
    community: Community,
    by: Actor,
    evidence: str = "passport",
) -> Citizenship:
    """An operator records the citizenship a document shows; journal: CitizenshipRecorded (without the status).

    It counts for this body and those above it, and replaces what they recorded before; locks the person.
    Refused: not_operator, unknown_citizenship, no_document, bad_document, unknown_evidence, already_recorded.
    """
    operator_only(by, community)
    if status not in Citizenships.values:
        raise _fault("unknown_citizenship", "citizenship", _("Choose the citizenship from the list."))
    _check_document(document_reference, evidence)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        live = Citizenship.objects.filter(person=person, granted_in=community, until__isnull=True)
        if live.filter(status=status).exists():
            raise Refused("already_recorded", _("This citizenship is already recorded."))
        live.update(until=clock.now())
        record = Citizenship.objects.create(
            person=person, status=status, evidence=evidence, document_reference=document_reference.strip(),
            granted_by_id=by.person_id, granted_in=community, since=clock.now(),
        )  # fmt: skip
        journal.append(
            CitizenshipRecorded(record=str(record.id), evidence=evidence),
            community=community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return record
