"""Who may speak with the API of terminals: whoever signs by a key that two administrators confirmed."""

import functools
import hmac
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.api.problems import CONTENT_TYPE, problem, refusal
from viche.api.signatures import ClockSkew, Signed, sign_answer, signed_request
from viche.channels.terminals.actions import record_outcome, record_request, use_nonce
from viche.channels.terminals.models import Partner
from viche.channels.terminals.partners import is_address_allowed
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.portal.views.contact import client_address

View = Callable[..., HttpResponse]
log = logging.getLogger("viche.api")

MOST_BYTES = 3_000_000


def signed(operation: str) -> Callable[[View], View]:
    """Only a partner's signed request; the answer is signed too. operation: what the statistics call it.

    request.signed tells the view whose it is. Whatever goes wrong is answered as a problem (RFC 9457).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with translation.override(translation.get_language_from_request(request)):
                response = _answered(operation, view, request, *args, **kwargs)
                response["Cache-Control"] = "no-store"
                response["Content-Language"] = translation.get_language() or "uk"
            sign_answer(request, response, request.place.community)  # type: ignore[attr-defined]
            return response

        wrapped.guard = "signed"  # type: ignore[attr-defined]
        wrapped.shows = ()  # type: ignore[attr-defined]
        return csrf_exempt(wrapped)

    return decorate


def _answered(operation: str, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    partner: Partner | None = None
    try:
        found = _admitted(request)
        request.signed, partner = found, found.key.partner  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        if response.status_code == 405 and not response.headers.get("Content-Type", "").startswith(
            CONTENT_TYPE
        ):
            response = problem("no_such_operation", _("There is no such operation."), 405)
    except ClockSkew as refused:
        response = refusal(refused, now=clock.now().isoformat(timespec="seconds"))
    except Refused as refused:
        response = refusal(refused)
    except RequestDataTooBig:
        response = problem("too_large", _("The request is too large."), 413)
    except OperationalError:
        log.exception("terminals: the database does not answer")
        response = problem(
            "try_later", _("Nothing was decided: send the same request again."), 503, retry_after=5
        )
    except Exception:
        # whoever holds the terminal needs an answer that a program reads
        log.exception("terminals: %s failed", operation)
        response = problem(
            "failed",
            _("Something broke on our side. Send the same request again later."),
            500,
            retry_after=30,
        )
    if partner is not None:
        _count(partner, operation, response.status_code)
    return response


def _admitted(request: HttpRequest) -> Signed:
    """The signed request of a partner, its nonce used, within its quota.

    Refused: archived, bad_text, as signed_request, certificate_mismatch, address_refused, replayed, too_many_requests.
    """
    community = request.place.community  # type: ignore[attr-defined]
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."), status=409)
    found = signed_request(request, community)
    partner = found.key.partner
    if partner.certificate and not _is_certificate(request, partner.certificate):
        raise Refused(
            "certificate_mismatch",
            _("The connection is not made with the certificate agreed on."),
            status=403,
        )
    if not is_address_allowed(partner, client_address(request)):
        raise Refused("address_refused", _("This address is not one of the partner’s."), status=403)
    use_nonce(partner=partner, nonce=found.nonce)
    record_request(partner=partner)
    return found


def _is_certificate(request: HttpRequest, wanted: str) -> bool:
    """Whether the proxy, which checked the client's certificate, hands over the fingerprint agreed on."""
    name = settings.CLIENT_CERTIFICATE_HEADER
    given = request.headers.get(name, "").replace(":", "").strip().lower() if name else ""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _count(partner: Partner, operation: str, status: int) -> None:
    try:
        record_outcome(partner=partner, what=f"{operation}:{status}")
    except OperationalError:
        log.exception("terminals: an outcome was not counted")
