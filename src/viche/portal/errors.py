"""Pages for what went wrong: not found, a form whose protection expired, records out of reach, a fault of ours."""

import contextlib
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused
from viche.portal.refusals import refusal_page

# seconds after which it makes sense to knock again: a restart of the database takes about so long
RETRY_AFTER = 10
# what a form of the booth carries; nothing else of a form is repeated on a page
BALLOT_FIELDS = ("csrfmiddlewaretoken", "request_key", "choice", "value")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    refused = Refused(
        "not_found",
        _("There is no such page here. Perhaps the address was typed with a mistake."),
        status=404,
    )
    return refusal_page(request, refused, title=_("Page not found"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "The form’s protection has expired or cookies are switched off. Open the page again and repeat."
    )
    match = request.resolver_match
    if match is not None and (match.url_name or "").startswith("kiosk"):
        # a public screen begins anew: no page of it leads away
        return HttpResponseRedirect(reverse("kiosk"))
    return refusal_page(
        request, Refused("form_expired", message, status=403), title=_("The form has expired")
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be served as it was sent; uses no session, which may have gone with a sign-out elsewhere.

    Django calls a session bad, too, that it could not write because the database was lost.
    """
    if _is_out_of_reach(exception):
        return _out_of_reach(request)
    with translation.override(_language(request)):
        said = {
            "title": _("This could not be read"),
            "text": _(
                "The address or the form is damaged, or you have signed out in another window. Open the page again."
            ),
            "actions": [(_("To the start page"), "/")],
        }
        return render(None, "ui/message_page.html", said, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says so plainly; uses no database and no session, which may be what failed."""
    # Django calls this while the exception is being served, also for one that a middleware raised
    if _is_out_of_reach(sys.exc_info()[1]):
        return _out_of_reach(request)
    return render(None, "500.html", status=500)


def _is_out_of_reach(fault: BaseException | None) -> bool:
    """Whether the fault is, or came of, a database that is down, full or lost."""
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def _out_of_reach(request: HttpRequest) -> HttpResponse:
    """The database is down, full, or was lost half-way; after a lost COMMIT nobody can tell whether it was kept.

    503 with Retry-After. A ballot comes back as a form with the same request key: the box answers a repetition with the
    receipt of the first time, so that sending it again is right in either case.
    """
    fields = _ballot_fields(request)
    with translation.override(_language(request)):
        response = render(
            None,
            "portal/out_of_reach.html",
            {
                "fields": fields, "is_ballot": bool(fields), "address": request.get_full_path(),
                "is_form": request.method not in {"GET", "HEAD"},
            },
            status=503,
        )  # fmt: skip
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _ballot_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form of a ballot carried, its own protection with it: a new one here would make a forged form good."""
    posted: Any = {}
    with contextlib.suppress(SuspiciousOperation, UnreadablePostError):
        posted = request.POST
    if "request_key" not in posted:
        return []
    return [(name, value) for name in BALLOT_FIELDS for value in posted.getlist(name)]


def _language(request: HttpRequest) -> str:
    """The language of the page asked for, also where the database was lost before it was found out."""
    known = getattr(request, "LANGUAGE_CODE", "")
    parts = request.path.split("/")
    named = next((code for code, _name in settings.LANGUAGES if code in parts[1:3]), settings.LANGUAGE_CODE)
    return known or named
