"""What keeps floods out of the contact form: no third party, no script, no riddle for people to solve.

A field that people do not see; a signed moment at which the form was opened; a limit of links; and two counts in the
database. Every refusal says what a person who was taken for a machine can do.
"""

import ipaddress
import re
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from viche.connectors.contact.models import SendingMark
from viche.foundation import clock, keys
from viche.foundation.refused import Refused

MIN_SECONDS = 3
MAX_HOURS = 12
MAX_LINKS = 2
SESSION_LIMIT, SUBNET_LIMIT = 5, 20
WINDOW = timedelta(hours=1)
IPV4_PREFIX, IPV6_PREFIX = 24, 48
_SALT = "viche.contact.form"
_LINK = re.compile(r"https?\s*:\s*/\s*/|\bwww\s*\.", re.IGNORECASE)


def opened_token() -> str:
    """A signed token of a form that is opened now: its id and the second, for a hidden field."""
    facts = {"id": secrets.token_hex(16), "at": int(clock.now().timestamp())}
    return signing.dumps(facts, salt=_SALT)


def form_of(token: str) -> UUID:
    """The id of the form, if it was opened here at least MIN_SECONDS and at most MAX_HOURS ago.

    Refused: form_unknown (no token of ours), form_too_soon, form_too_old.
    """
    try:
        facts = signing.loads(token, salt=_SALT)
        form, opened = UUID(facts["id"]), datetime.fromtimestamp(facts["at"], UTC)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise Refused(
            "form_unknown",
            _("This form was not opened here. Look through your message and send it once more."),
            status=422,
        ) from None
    age = clock.now() - opened
    if age < timedelta(seconds=MIN_SECONDS):
        message = _("That was very quick: wait %(seconds)d seconds and send it once more.")
        raise Refused("form_too_soon", message % {"seconds": MIN_SECONDS}, status=422)
    if age > timedelta(hours=MAX_HOURS):
        message = _(
            "The form was open for more than %(hours)d hours. Look through your message and send it once more."
        )
        raise Refused("form_too_old", message % {"hours": MAX_HOURS}, status=422)
    return form


def refuse_filled(trap: str) -> None:
    """Refused: trap_filled, where something stands in the field that people do not see."""
    if trap:
        raise Refused(
            "trap_filled",
            _(
                "A field that must stay empty was filled in, perhaps by your browser. "
                "It is empty now: send your message once more."
            ),
            status=422,
        )


def links_in(text: str) -> int:
    """How many links the text holds."""
    return len(_LINK.findall(text))


def subnet_of(address: str) -> str:
    """The network of an IP address: /24 for IPv4, /48 for IPv6, which is what one site is given (RFC 6177).

    An IPv4 address written as IPv6 (RFC 4291, 2.5.5.2) is the IPv4 one. What is no address is "unknown": all of those
    are counted together.
    """
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    width = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((found, width), strict=False))


def count_sending(*, session: str, address: str) -> None:
    """Count one message against both limits, inside the caller's transaction; one session or subnet at a time.

    session: a random name of the browser's session. address: the IP address the request came from; neither is kept.
    Refused: too_many_messages.
    """
    by_session = keys.person_token("contact-session", session).hex()
    by_subnet = keys.person_token("contact-subnet", subnet_of(address)).hex()
    # in one order always: two that wait for each other's lock would wait for ever
    for mark in sorted((by_session, by_subnet)):
        with connection.cursor() as cursor:
            number = int.from_bytes(bytes.fromhex(mark)[:8], "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    since = clock.now() - WINDOW
    recent = SendingMark.objects.filter(sent_at__gt=since)
    if recent.filter(mark=by_session).count() >= SESSION_LIMIT:
        message = _("You have sent %(limit)d messages within an hour. Send this one an hour later, or call.")
        raise Refused("too_many_messages", message % {"limit": SESSION_LIMIT}, status=429)
    if recent.filter(mark=by_subnet).count() >= SUBNET_LIMIT:
        message = _(
            "Many messages have come from your network within an hour. Send this one an hour later, or call."
        )
        raise Refused("too_many_messages", message, status=429)
    SendingMark.objects.bulk_create(
        [SendingMark(mark=mark, sent_at=clock.now()) for mark in (by_session, by_subnet)]
    )
