"""One request at a time: an idempotency key is held until the end of the transaction."""

import re

from django.db import connection
from django.utils.translation import gettext as _

from viche.channels.terminals import tokens
from viche.channels.terminals.models import Partner
from viche.foundation.refused import Refused

REQUEST = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def checked_request(request: str) -> str:
    """The idempotency key as it came. Refused: bad_request_key."""
    if not REQUEST.fullmatch(request):
        message = _("The idempotency key is 8 to 64 letters, digits and signs . _ : -")
        raise Refused("bad_request_key", message, fields={"idempotency_key": message}, status=400)
    return request


def hold_request(partner: Partner, request: str) -> bytes:
    """The request's MAC; of two at once the second does not wait. The hold ends with the transaction or with the
    connection, so that nothing is left of a server that was killed. Refused: in_flight, bad_request_key.
    """
    mac = tokens.request_mac(partner, checked_request(request))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(mac[:8], "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise Refused(
                "in_flight", _("This request is being served at this moment: send it again."), status=409
            )
    return mac
