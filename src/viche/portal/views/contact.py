"""Whom to turn to, and the form to write to them."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.connectors.contact.actions import submit_message
from viche.connectors.contact.models import ContactMessage
from viche.connectors.contact.queries import confirmed_email
from viche.connectors.contact.screening import opened_token
from viche.foundation.refused import Refused
from viche.portal.forms_contact import ContactForm
from viche.portal.guards import public

# a random name of this browser's session, by which messages are counted; it outlives the session's key
MARK = "contact_mark"
# refusals after which the form is opened anew; after one that came too soon the first moment goes on counting
RENEWING = frozenset({"form_unknown", "form_too_old", "form_used"})


@public
def contact(request: HttpRequest) -> HttpResponse:
    """The contacts of the body, and a form that works without scripts and keeps what was typed."""
    person = request.visitor.person  # type: ignore[attr-defined]
    own_email, status = confirmed_email(person), 200
    if request.method == "POST":
        # a copy: the trap and the token are renewed when the form is shown once more
        form = ContactForm(request.POST.copy(), has_copy=bool(own_email))
        if form.is_valid():
            try:
                _submit(request, form)
            except Refused as refused:
                form.refuse(refused)
                form.renew(homepage="", **({"opened": opened_token()} if refused.code in RENEWING else {}))
                status = refused.status
            else:
                messages.success(
                    request, _("Your message is sent. The answer comes to the e-mail address you gave.")
                )
                return HttpResponseRedirect(reverse("contact"))
        else:
            status = 422
            form.renew(homepage="")
    else:
        subject = request.GET.get("subject", "")
        form = ContactForm(
            has_copy=bool(own_email),
            initial={
                "opened": opened_token(), "email": own_email, "name": person.display_name if person else "",
                "subject": subject if subject in ContactMessage.Subject.values else "",
            },
        )  # fmt: skip
    response = render(request, "portal/contact.html", {"form": form}, status=status)
    # the token of a form belongs to one visitor
    response["Cache-Control"] = "no-store"
    return response


def _submit(request: HttpRequest, form: ContactForm) -> None:
    data = form.cleaned_data
    if MARK not in request.session:
        request.session[MARK] = secrets.token_hex(16)
    submit_message(
        community=request.place.community,  # type: ignore[attr-defined]
        subject=data["subject"], text=data["text"], name=data["name"], email=data["email"],
        language=(get_language() or "uk")[:2], base=request.build_absolute_uri("/"), opened=data["opened"],
        trap=data["homepage"], session=request.session[MARK], address=client_address(request),
        writer=request.visitor.person, wants_copy=data.get("wants_copy", False),  # type: ignore[attr-defined]
    )  # fmt: skip


def client_address(request: HttpRequest) -> str:
    """The IP address of whoever asks. Behind the proxy it is the last of X-Forwarded-For: the proxy wrote that one
    itself, while those before it are what the visitor said.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
