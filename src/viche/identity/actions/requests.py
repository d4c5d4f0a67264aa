"""Requests to confirm a basis by a document: sent, withdrawn, granted, refused; their files deleted in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from viche.communities.models import Community, Territory
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused
from viche.identity.actions.memberships import grant_membership, operator_only, record_citizenship
from viche.identity.events import RequestGranted, RequestRefused
from viche.identity.models import (
    CITIZENSHIP,
    PROOFS,
    Basis,
    Citizenships,
    Person,
    ProofRequest,
    RequestFile,
    RequestState,
)
from viche.identity.queries import day_of
from viche.identity.wording import EVIDENCE_NAMES, SHOWN_EVIDENCE
from viche.journal import actions as journal

MAX_FILES, MAX_FILE_BYTES, MAX_A_DAY = 3, 10_000_000, 10
# a page of a document stays readable
LONGEST_SIDE = 2400
PDF, WEBP = "application/pdf", "image/webp"


@dataclass(frozen=True)
class Proof:
    """What a person shows. files: (name, bytes) of each. key: of the form, so that it counts once."""

    basis: str
    evidence: str
    document_number: str
    key: UUID
    territory: Territory | None = None
    citizenship: str = ""
    document_date: date | None = None
    note: str = ""
    files: Sequence[tuple[str, bytes]] = field(default=(), repr=False)


def submit_request(*, person: Person, community: Community, proof: Proof, by: Actor) -> ProofRequest:
    """Ask the community's operators to confirm a basis; locks the person. The same form again is the same request.

    Refused: not_yours, unknown_basis, outside, unknown_citizenship, unknown_evidence, no_document, bad_document,
    bad_date, bad_text, too_many_files, file_too_large, not_a_document, picture_too_large, no_file, already_waiting,
    too_many_requests.
    """
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One asks only for oneself."), status=403)
    _check(community, proof)
    files = [(_shown_name(name), *_safe_document(content)) for name, content in proof.files]
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        sent = ProofRequest.objects.filter(key=proof.key).first()
        if sent is not None and sent.person_id == person.pk:
            return sent
        _check_number(person, community, proof)
        request = ProofRequest.objects.create(
            key=proof.key if sent is None else uuid7(), person=person, community=community, basis=proof.basis,
            territory=None if proof.basis == CITIZENSHIP else proof.territory,
            citizenship=proof.citizenship if proof.basis == CITIZENSHIP else "", evidence=proof.evidence,
            document_number=proof.document_number.strip(), document_date=proof.document_date,
            note=proof.note.strip(), sent_at=clock.now(),
        )  # fmt: skip
        _keep(request, files)
    return request


def _check_number(person: Person, community: Community, proof: Proof) -> None:
    """Under the person's lock; the constraint one_waiting_request guards it too."""
    waiting = ProofRequest.objects.filter(
        person=person, community=community, basis=proof.basis, state=RequestState.WAITING
    )
    if waiting.exists():
        raise Refused(
            "already_waiting",
            _(
                "You have already sent a request about this, and it waits for a decision. Withdraw it to send another."
            ),
        )
    day = clock.now() - timedelta(days=1)
    if ProofRequest.objects.filter(person=person, sent_at__gt=day).count() >= MAX_A_DAY:
        text = ngettext(
            "No more than %d request a day, please: try again tomorrow.",
            "No more than %d requests a day, please: try again tomorrow.",
            MAX_A_DAY,
        )
        raise Refused("too_many_requests", text % MAX_A_DAY, status=429)


def _keep(request: ProofRequest, files: Sequence[tuple[str, str, bytes]]) -> None:
    """Write rows and files; what was written goes again where the transaction does not succeed."""
    kept: list[UUID] = []
    try:
        for name, content_type, content in files:
            row = RequestFile(request=request, name=name, content_type=content_type, size=len(content))
            private_files.keep(row.id, content, shelf=PROOFS)
            kept.append(row.id)
            row.save(force_insert=True)
    except BaseException:
        for reference in kept:
            private_files.forget(reference, shelf=PROOFS)
        raise


def _fault(code: str, name: str, message: str) -> Refused:
    return Refused(code, message, fields={name: message}, status=422)


def _check(community: Community, proof: Proof) -> None:
    if proof.basis not in {*Basis.values, CITIZENSHIP}:
        raise _fault("unknown_basis", "basis", _("Choose a basis of membership from the list."))
    if proof.basis == CITIZENSHIP:
        if proof.citizenship not in Citizenships.values:
            raise _fault("unknown_citizenship", "citizenship", _("Choose the citizenship from the list."))
    elif proof.territory is None or not proof.territory.is_inside(community.territory):
        raise _fault("outside", "territory", _("Choose a place inside the community."))
    if proof.evidence not in SHOWN_EVIDENCE:
        raise _fault("unknown_evidence", "evidence", _("Choose the kind of document from the list."))
    if not proof.document_number.strip():
        raise _fault("no_document", "document_number", _("Write the number of the document."))
    if len(proof.document_number.strip()) > 80:
        raise _fault(
            "bad_document", "document_number", _("No more than %(limit)d letters, please.") % {"limit": 80}
        )
    if len(proof.note.strip()) > 1000:
        raise _fault("bad_text", "note", _("No more than %(limit)d letters, please.") % {"limit": 1000})
    if proof.document_date is not None and proof.document_date > day_of(clock.now()):
        raise _fault("bad_date", "document_date", _("This day has not come yet."))
    if len(proof.files) > MAX_FILES:
        text = ngettext("No more than %d file, please.", "No more than %d files, please.", MAX_FILES)
        raise _fault("too_many_files", "files", text % MAX_FILES)
    if not proof.files:
        raise _fault("no_file", "files", _("Add a photo or a scan of the document."))


def _safe_document(content: bytes) -> tuple[str, bytes]:
    """Type and bytes as they are kept: a PDF as it came, a picture re-encoded. By content, never by name.

    Refused: file_too_large, not_a_document, picture_too_large.
    """
    if len(content) > MAX_FILE_BYTES:
        raise _fault("file_too_large", "files", _("A file is larger than 10 MB."))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF, content
    try:
        return WEBP, safe_picture(content, longest=LONGEST_SIDE)
    except Refused as refused:
        if refused.code == "picture_too_large":
            raise _fault(refused.code, "files", str(refused.message)) from None
        message = _(
            "Only PDF, JPEG, PNG and WebP files are taken, and one of yours is none of them or is damaged."
        )
        raise _fault("not_a_document", "files", message) from None


def _shown_name(name: str) -> str:
    """The last part of what the browser called the file, without signs that change how it reads."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    clean = "".join(sign for sign in last if sign.isprintable() and sign not in '"\\/').strip()
    return clean[-120:] or _("file")


def withdraw_request(*, request: ProofRequest, by: Actor) -> None:
    """The person takes the request back; locks the row. Withdrawn twice is withdrawn.

    Refused: not_yours, already_decided.
    """
    if by.person_id != request.person_id:
        raise Refused("not_yours", _("This is not your request."), status=403)
    with transaction.atomic():
        held = ProofRequest.objects.select_for_update().get(pk=request.pk)
        if held.state == RequestState.WITHDRAWN:
            return
        _waiting_or_refuse(held)
        _decide(held, RequestState.WITHDRAWN, by)


def grant_request(*, request: ProofRequest, by: Actor, ends_on: date | None = None) -> ProofRequest:
    """An operator confirms what was asked; locks the row; journal: RequestGranted and that of what is granted.

    ends_on: the last day the membership counts (Kyiv). Refused: not_operator, own_request, already_decided (by whom
    and when), bad_end, already_member, already_recorded.
    """
    operator_only(by, request.community)
    with transaction.atomic():
        held = _held(request, by)
        document = _document(held)
        if held.basis == CITIZENSHIP:
            held.citizenship_record = record_citizenship(
                person=held.person, status=held.citizenship, evidence=held.evidence,
                document_reference=document, community=held.community, by=by,
            )  # fmt: skip
        else:
            held.membership = grant_membership(
                person=held.person, territory=held.territory, basis=held.basis, evidence=held.evidence,
                document_reference=document, community=held.community, by=by, ends_on=ends_on,
            )  # fmt: skip
            held.ends_on = ends_on
        _decide(held, RequestState.GRANTED, by)
        journal.append(
            RequestGranted(request=str(held.id), basis=held.basis),
            community=held.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return held


def refuse_request(*, request: ProofRequest, reason: str, by: Actor) -> ProofRequest:
    """An operator refuses, with a reason for the person; locks the row; journal: RequestRefused (without it).

    Refused: not_operator, own_request, no_reason, bad_reason (too long), already_decided (by whom and when).
    """
    operator_only(by, request.community)
    if not reason.strip():
        raise _fault("no_reason", "reason", _("Say why, in a few words: the person will read it."))
    if len(reason.strip()) > 1000:
        raise _fault("bad_reason", "reason", _("No more than %(limit)d letters, please.") % {"limit": 1000})
    with transaction.atomic():
        held = _held(request, by)
        held.reason = reason.strip()
        _decide(held, RequestState.REFUSED, by)
        journal.append(
            RequestRefused(request=str(held.id), basis=held.basis),
            community=held.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return held


def _held(request: ProofRequest, by: Actor) -> ProofRequest:
    """The locked row, waiting. Refused: own_request, already_decided."""
    held = (
        ProofRequest.objects.select_for_update(of=("self",))
        .select_related("person", "community__territory", "territory")
        .get(pk=request.pk)
    )
    if held.person_id == by.person_id:
        raise Refused(
            "own_request", _("Nobody decides about their own request: ask a colleague."), status=403
        )
    _waiting_or_refuse(held)
    return held


def _waiting_or_refuse(held: ProofRequest) -> None:
    if held.is_waiting:
        return
    when = date_format(held.decided_at.astimezone(clock.KYIV), "j E Y, H:i")
    if held.state == RequestState.WITHDRAWN:
        raise Refused("already_decided", _("The person withdrew this request on %s.") % when)
    who = held.decided_by.display_name if held.decided_by else _("a colleague")
    raise Refused(
        "already_decided",
        _("This request was already decided by %(who)s at %(when)s: %(state)s.")
        % {"who": who, "when": when, "state": held.get_state_display()},
    )


def _decide(held: ProofRequest, state: RequestState, by: Actor) -> None:
    held.state, held.decided_at, held.decided_by_id = state, clock.now(), by.person_id
    held.save(
        update_fields=[
            "state", "decided_at", "decided_by", "reason", "ends_on", "membership", "citizenship_record",
        ]
    )  # fmt: skip


def _document(held: ProofRequest) -> str:
    """«паспорт № 123456, 12.03.2025», as the membership keeps it."""
    # it stands in the books of a Ukrainian body, whatever language its operator reads
    with override("uk"):
        text = f"{EVIDENCE_NAMES[held.evidence]} № {held.document_number}"
    return f"{text}, {held.document_date:%d.%m.%Y}" if held.document_date else text


def delete_old_files() -> int:
    """Delete files of requests decided settings.PROOF_FILES_DAYS ago, and files without a request; how many."""
    moment = clock.now()
    limit = moment - timedelta(days=settings.PROOF_FILES_DAYS)
    old = RequestFile.objects.filter(deleted_at__isnull=True, request__decided_at__lte=limit)
    deleted = 0
    for reference in old.values_list("id", flat=True):
        private_files.forget(reference, shelf=PROOFS)
        deleted += RequestFile.objects.filter(pk=reference).update(deleted_at=moment)
    # left by a transaction that came to nothing, a day ago or longer
    for reference, written_at in private_files.kept_files(shelf=PROOFS):
        is_old = written_at < moment - timedelta(days=1)
        if is_old and not RequestFile.objects.filter(pk=reference, deleted_at__isnull=True).exists():
            private_files.forget(reference, shelf=PROOFS)
            deleted += 1
    return deleted
