"""Pages for what went wrong: not found, a form whose protection expired, a fault of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused
from viche.portal.refusals import refusal_page


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
    return refusal_page(
        request, Refused("form_expired", message, status=403), title=_("The form has expired")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Says so plainly; uses no database and no session, which may be what failed."""
    return render(None, "500.html", status=500)
