"""Connecting a body: asked for by an identified official, decided by the platform's administrators."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.actions import connect_community
from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions.invitations import invite_official
from viche.identity.actions.letters import queue_letter
from viche.identity.actions.offices import write_office
from viche.identity.events import (
    ConnectionAnswered,
    ConnectionApproved,
    ConnectionQuestioned,
    ConnectionRefused,
    ConnectionRequested,
    ConnectionWithdrawn,
)
from viche.identity.models import (
    OPEN_STATES,
    PLATFORM,
    ConnectionRequest,
    ConnectionState,
    Invitation,
    Person,
    Role,
    SetupStep,
)
from viche.identity.queries import administrators_of
from viche.journal import actions as journal

MAX_TEXT = 2000
MAX_OPEN = 3
LENGTHS = {"body": 200, "position": 120, "phone": 32, "proof": 400}
STEPS = ("name", "look", "address", "staff", "contest")


def _platform_only(by: Actor) -> None:
    if not by.holds(Role.PLATFORM, community=PLATFORM):
        raise Refused("not_platform", _("Only an administrator of the platform may do this."), status=403)


def _write(event: type[ConnectionRequested], of: ConnectionRequest, by: Actor) -> None:
    journal.append(
        event(request=str(of.id), territory=of.territory_id), community=PLATFORM, year=clock.year(), by=by
    )


def _text(name: str, value: str, *, limit: int) -> str:
    """The text as it is kept. Refused: bad_value, where it is empty or too long."""
    text = value.strip()
    message = ""
    if not text:
        message = _("This field is needed.")
    elif len(text) > limit:
        message = _("No more than %(limit)d letters, please.") % {"limit": limit}
    if message:
        raise Refused("bad_value", message, fields={name: message}, status=422)
    return text


def _free_territory(code: str) -> Territory:
    """The territory, its row locked, so that two who connect it at once come one after another.

    Refused: unknown_code, already_connected (with whom to turn to).
    """
    territory = Territory.objects.select_for_update().filter(pk=code.strip().upper()).first()
    if territory is None:
        raise Refused("unknown_code", _("The codifier has no such territory."), status=404)
    body = Community.objects.filter(territory=territory).first()
    if body is not None:
        who = ", ".join(office.person.display_name for office in administrators_of(body)) or _("nobody")
        contact = body.contact_email or body.contact_phone
        message = _("%(place)s is already connected. Its administrators: %(who)s.") % {
            "place": territory.full_name, "who": who,
        }  # fmt: skip
        raise Refused("already_connected", f"{message} {_('Write to: %s') % contact}" if contact else message)
    return territory


def request_connection(
    *,
    code: str,
    body: str,
    position: str,
    email: str,
    phone: str,
    proof: str,
    has_consented: bool,
    method: str,
    language: str,
    person: Person,
) -> ConnectionRequest:
    """An identified official asks to connect a body; locks the territory's row; journal: ConnectionRequested.

    code: КАТОТТГ code. proof: the official letter, its number and date. method: how the person was identified.

    Refused: unknown_code, already_connected, bad_value, bad_email, no_consent, already_requested (one open request a
    territory), too_many_requests (three open ones a person).
    """
    texts = {"body": body, "position": position, "phone": phone, "proof": proof}
    kept = {name: _text(name, value, limit=LENGTHS[name]) for name, value in texts.items()}
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refused(
            "bad_email", error.messages[0], fields={"email": error.messages[0]}, status=422
        ) from None
    if not has_consented:
        message = _("Without your consent the request cannot be checked.")
        raise Refused("no_consent", message, fields={"consent": message}, status=422)
    by = Actor(kind="person", reference=str(person.id))
    try:
        with transaction.atomic():
            territory = _free_territory(code)
            if ConnectionRequest.objects.filter(applicant=person, state__in=OPEN_STATES).count() >= MAX_OPEN:
                raise Refused(
                    "too_many_requests",
                    _("You have %(limit)d open requests: wait until one is decided.") % {"limit": MAX_OPEN},
                    status=429,
                )
            request = ConnectionRequest.objects.create(
                territory=territory, applicant=person, email=email.strip(), method=method, language=language,
                asked_at=clock.now(), consented_at=clock.now(), **kept,
            )  # fmt: skip
            _write(ConnectionRequested, request, by)
    except IntegrityError:
        raise Refused(
            "already_requested",
            _("Somebody has already asked to connect this body: the request is being checked."),
        ) from None
    return request


def _held(request: ConnectionRequest) -> ConnectionRequest:
    """The request, its row locked. Refused: already_decided (by whom, when)."""
    held = (
        ConnectionRequest.objects.select_for_update(of=("self",))
        .select_related("territory", "applicant", "decided_by")
        .get(pk=request.pk)
    )
    if not held.is_open:
        who = held.decided_by.display_name if held.decided_by else held.applicant.display_name
        raise Refused(
            "already_decided",
            _("This request is already decided: %(state)s, %(who)s.")
            % {"state": held.get_state_display(), "who": who},
        )
    return held


def _tell(held: ConnectionRequest, base: str) -> None:
    number = held.decided_at.timestamp() if held.decided_at else 0
    queue_letter(
        key=f"connection:{held.id}:{held.state}:{int(number)}", kind="connection", subject=held.id, to=held.email,
        language=held.language, base=base,
    )  # fmt: skip


def ask_applicant(*, request: ConnectionRequest, question: str, base: str, by: Actor) -> None:
    """Ask the applicant something before deciding; locks the request; journal: ConnectionQuestioned.

    base: the absolute address of the platform, with a slash. Refused: not_platform, already_decided, bad_value.
    """
    _platform_only(by)
    text = _text("question", question, limit=MAX_TEXT)
    with transaction.atomic():
        held = _held(request)
        held.state, held.question, held.answer = ConnectionState.QUESTION, text, ""
        held.decided_by_id, held.decided_at = by.person_id, clock.now()
        held.save()
        _write(ConnectionQuestioned, held, by)
        _tell(held, base)


def answer_question(*, request: ConnectionRequest, answer: str, person: Person) -> None:
    """The applicant answers; locks the request; journal: ConnectionAnswered.

    Refused: not_yours, already_decided, not_asked, bad_value.
    """
    _own(request, person)
    text = _text("answer", answer, limit=MAX_TEXT)
    with transaction.atomic():
        held = _held(request)
        if held.state != ConnectionState.QUESTION:
            raise Refused("not_asked", _("There is no open question: your answer was already received."))
        held.state, held.answer = ConnectionState.WAITING, text
        held.save(update_fields=["state", "answer"])
        _write(ConnectionAnswered, held, Actor(kind="person", reference=str(person.id)))


def _own(request: ConnectionRequest, person: Person) -> None:
    if request.applicant_id != person.pk:
        raise Refused("not_yours", _("This is the request of another person."), status=403)


def withdraw_connection(*, request: ConnectionRequest, person: Person) -> None:
    """The applicant takes the request back; locks it; journal: ConnectionWithdrawn. Refused: not_yours,
    already_decided.
    """
    _own(request, person)
    with transaction.atomic():
        held = _held(request)
        held.state, held.decided_at, held.decided_by = ConnectionState.WITHDRAWN, clock.now(), None
        held.save(update_fields=["state", "decided_at", "decided_by"])
        _write(ConnectionWithdrawn, held, Actor(kind="person", reference=str(person.id)))


def refuse_connection(*, request: ConnectionRequest, reason: str, base: str, by: Actor) -> None:
    """Refuse with a reason the applicant reads; locks the request; journal: ConnectionRefused.

    Refused: not_platform, already_decided, bad_value.
    """
    _platform_only(by)
    text = _text("reason", reason, limit=MAX_TEXT)
    with transaction.atomic():
        held = _held(request)
        held.state, held.reason = ConnectionState.REFUSED, text
        held.decided_by_id, held.decided_at = by.person_id, clock.now()
        held.save()
        _write(ConnectionRefused, held, by)
        _tell(held, base)


def approve_connection(*, request: ConnectionRequest, slug: str, base: str, by: Actor) -> Community:
    """Connect the body and make the applicant its first administrator, in one transaction; locks the request and
    the territory; journal: ConnectionApproved in the platform's log, CommunityConnected and OfficeGranted in the
    body's.

    slug: the address. Refused: not_platform, already_decided, already_connected, bad_slug, slug_taken.
    """
    _platform_only(by)
    with transaction.atomic():
        held = _held(request)
        territory = _free_territory(held.territory_id)
        community = connect_community(
            code=territory.code, slug=slug.strip(), by=by, contact_email=held.email, contact_phone=held.phone
        )
        write_office(
            person=held.applicant, community=community, role=Role.ADMINISTRATOR, unit="",
            granted_by=by.person_id, by=by,
        )  # fmt: skip
        held.state, held.community = ConnectionState.APPROVED, community
        held.decided_by_id, held.decided_at = by.person_id, clock.now()
        held.save()
        _write(ConnectionApproved, held, by)
        _tell(held, base)
    return community


def connect_directly(
    *, code: str, slug: str, email: str, language: str, base: str, by: Actor, **face: Any
) -> tuple[Community, Invitation, str]:
    """The platform connects a body itself and invites its first administrator, in one transaction.

    Returns the community, the invitation and its token. An open request of the territory must be decided first.
    Refused: not_platform, unknown_code, already_connected, open_request, and all of connect_community and
    invite_official.
    """
    _platform_only(by)
    with transaction.atomic():
        territory = _free_territory(code)
        if ConnectionRequest.objects.filter(territory=territory, state__in=OPEN_STATES).exists():
            raise Refused(
                "open_request", _("An official of this body has asked already: decide the request.")
            )
        community = connect_community(code=territory.code, slug=slug.strip(), by=by, **face)
        invitation, token = invite_official(
            community=community, email=email, role=Role.ADMINISTRATOR, language=language,
            base=f"{base}{community.slug}/", by=by,
        )  # fmt: skip
    return community, invitation, token


def mark_step(*, community: Community, step: str, by: Actor) -> None:
    """Keep that a first step of a connected body is finished (STEPS); once is enough.

    Refused: not_administrator, unknown_step.
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    if step not in STEPS:
        raise Refused("unknown_step", _("There is no such step."), status=404)
    SetupStep.objects.get_or_create(
        community=community, name=step, defaults={"person_id": by.person_id, "done_at": clock.now()}
    )
