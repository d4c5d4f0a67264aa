"""Messages by the contact form: sent, answered, closed, deleted a year later."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.contact.events import MessageAnswered, MessageClosed, MessageReceived
from viche.connectors.contact.models import ContactLetter, ContactMessage, SendingMark
from viche.connectors.contact.queries import confirmed_email, mailbox_of, waiting_number
from viche.connectors.contact.screening import (
    MAX_LINKS,
    WINDOW,
    count_sending,
    form_of,
    links_in,
    refuse_filled,
)
from viche.foundation import clock, mail
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import PLATFORM, Person, Role
from viche.journal import actions as journal
from viche.talk.screening import plain

MAX_TEXT, MAX_NAME, MAX_EMAIL = 5000, 120, 254
KEPT = timedelta(days=365)
# who answers the people of a body
ANSWERING = (Role.ADMINISTRATOR, Role.OPERATOR)

State, Kind = ContactMessage.State, ContactLetter.Kind


def submit_message(
    *, community: Community | None, subject: str, text: str, name: str, email: str, language: str, base: str,
    opened: str, trap: str, session: str, address: str, writer: Person | None = None, wants_copy: bool = False,
) -> ContactMessage:  # fmt: skip
    """Keep a message and queue the letter to the mailbox; journal: MessageReceived, which names nobody.

    community: None writes to the platform. base: the address of the site in front of the path. opened: the token of the
    form (screening.opened_token). trap: what stands in the field people do not see. session and address: what floods
    are counted by, neither is kept. writer: the identified visitor, who is not kept either; a copy goes to an address
    that they have confirmed and to no other, or anybody could have our letters sent to a stranger. The same form sent
    twice is one message.

    Refused: archived, trap_filled, form_unknown, form_too_soon, form_too_old, form_used (the form sent another message
    before), bad_value (its fields), too_many_messages.
    """
    _here(community)
    refuse_filled(trap)
    form = form_of(opened)
    said = _checked(subject=subject, text=text, name=name, email=email)
    has_copy = wants_copy and confirmed_email(writer).casefold() == said["email"].casefold()
    with transaction.atomic():
        # before it is counted: who presses twice has sent one message
        earlier = ContactMessage.objects.filter(form=form).first()
        if earlier is not None:
            return _same(earlier, community, said)
        count_sending(session=session, address=address)
        message, is_new = ContactMessage.objects.get_or_create(
            form=form,
            defaults={
                **said, "community": community, "language": language, "base": base, "has_copy": has_copy,
                "received_at": clock.now(),
            },
        )  # fmt: skip
        if not is_new:
            return _same(message, community, said)
        if mailbox_of(community):
            _queue(message, Kind.MAILBOX)
        if has_copy:
            _queue(message, Kind.COPY)
        _record(MessageReceived, message, None)
    return message


def answer_message(*, message: ContactMessage, text: str, by: Actor) -> ContactMessage:
    """Answer by e-mail; locks the message; journal: MessageAnswered.

    Refused: not_answering, archived, already_done, no_mail (this installation sends no letters), bad_value.
    """
    _answering_only(message.community, by)
    _here(message.community)
    answer, faults = plain(text), dict[str, str]()
    _measure("text", answer, MAX_TEXT, faults)
    _refuse(faults)
    if not mail.is_set_up():
        raise Refused(
            "no_mail", _("This installation sends no letters: answer in another way and close the message.")
        )
    with transaction.atomic():
        held = _held(message, State.NEW)
        held.state, held.answer, held.answered_at = State.ANSWERED, answer, clock.now()
        held.save(update_fields=["state", "answer", "answered_at"])
        _queue(held, Kind.ANSWER)
        _record(MessageAnswered, held, by)
    return held


def close_message(*, message: ContactMessage, by: Actor) -> ContactMessage:
    """Close a message, answered or not (answered by telephone, or rubbish); locks it; journal: MessageClosed.

    Refused: not_answering, archived, already_done.
    """
    _answering_only(message.community, by)
    _here(message.community)
    with transaction.atomic():
        held = _held(message, State.NEW, State.ANSWERED)
        held.state, held.closed_at, held.closed_by_id = State.CLOSED, clock.now(), by.person_id
        held.save(update_fields=["state", "closed_at", "closed_by"])
        _record(MessageClosed, held, by)
    return held


def delete_old_messages() -> int:
    """Delete messages a year after the last thing done with them; how many. Nobody can answer for a body that has
    left: its messages go a year after it.
    """
    ago = clock.now() - KEPT
    # in PostgreSQL the greatest of a moment and nothing is the moment
    old = ContactMessage.objects.annotate(done_at=Greatest("answered_at", "closed_at")).filter(
        Q(state__in=[State.ANSWERED, State.CLOSED], done_at__lt=ago) | Q(community__archived_at__lt=ago)
    )
    references = list(old.values_list("pk", flat=True))
    ContactMessage.objects.filter(pk__in=references).delete()
    return len(references)


def delete_old_marks() -> int:
    """Delete marks of sending after their hour; how many."""
    number, _models = SendingMark.objects.filter(sent_at__lte=clock.now() - WINDOW).delete()
    return number


def _here(community: Community | None) -> None:
    if community is not None and community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform: nobody reads messages here any more."))


def _answering_only(community: Community | None, by: Actor) -> None:
    if community is None:
        is_allowed = by.holds(Role.PLATFORM, community=PLATFORM)
    else:
        is_allowed = by.holds(*ANSWERING, community=community.code)
    if not is_allowed:
        raise Refused("not_answering", _("Only those who answer for the body may do this."), status=403)


def _measure(name: str, value: str, limit: int, faults: dict[str, str]) -> None:
    if not value:
        faults[name] = _("This field is needed.")
    elif len(value) > limit:
        faults[name] = _("No more than %(limit)d letters, please.") % {"limit": limit}


def _refuse(faults: dict[str, str]) -> None:
    if faults:
        raise Refused("bad_value", next(iter(faults.values())), fields=faults, status=422)


def _checked(*, subject: str, text: str, name: str, email: str) -> dict[str, str]:
    """The fields as they are kept. Refused: bad_value, with every field that has a fault."""
    said = {
        "subject": subject, "text": plain(text), "name": " ".join(plain(name).split()), "email": email.strip(),
    }  # fmt: skip
    faults: dict[str, str] = {}
    if subject not in ContactMessage.Subject.values:
        faults["subject"] = _("Choose what your message is about.")
    _measure("text", said["text"], MAX_TEXT, faults)
    if "text" not in faults and links_in(said["text"]) > MAX_LINKS:
        faults["text"] = _("No more than %(limit)d links, please: leave the others out.") % {
            "limit": MAX_LINKS
        }
    _measure("name", said["name"], MAX_NAME, faults)
    _measure("email", said["email"], MAX_EMAIL, faults)
    if "email" not in faults:
        try:
            validate_email(said["email"])
        except ValidationError:
            faults["email"] = _("Write an e-mail address, for example olena@example.com.")
    _refuse(faults)
    return said


def _same(found: ContactMessage, community: Community | None, said: dict[str, str]) -> ContactMessage:
    """The message of a form that is sent once more. Refused: form_used."""
    is_same = found.community_id == (community.pk if community is not None else None)
    if is_same and all(getattr(found, name) == value for name, value in said.items()):
        return found
    raise Refused(
        "form_used",
        _("This form has sent a message already. Look through this one and send it once more."),
        status=422,
    )


def _held(message: ContactMessage, *states: str) -> ContactMessage:
    """The message, its row locked, in one of the states. Refused: already_done."""
    held = (
        ContactMessage.objects.select_for_update(of=("self",))
        .select_related("community__territory")
        .filter(pk=message.pk)
        .first()
    )
    if held is None or held.state not in states:
        raise Refused("already_done", _("Somebody has answered or closed this message already."))
    return held


def _queue(message: ContactMessage, kind: str) -> None:
    """Put a letter on its way; nothing where this installation sends none."""
    if mail.is_set_up():
        ContactLetter.objects.create(message=message, kind=kind, queued_at=clock.now(), next_at=clock.now())


def _record(event: type[MessageReceived], message: ContactMessage, by: Actor | None) -> None:
    code = message.community.code if message.community is not None else PLATFORM
    entry = event(community=code, waiting=waiting_number(message.community))
    journal.append(entry, community=code, year=clock.year(), by=by)
