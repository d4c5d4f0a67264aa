"""Identifications that end elsewhere: a signature over a text, a phone that is asked, an application that answers."""

import logging
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.actions import record_delivery, record_question, record_started, record_try
from viche.identity.models import Attempt
from viche.identity.phones import ukrainian_phone
from viche.identity.providers import MESSAGES, ProviderError
from viche.identity.providers.mobileid import comparing_code
from viche.identity.providers.ports import Started
from viche.identity.queries import attempt_of
from viche.identity.registry import providers
from viche.portal.guards import public
from viche.portal.identifying import entered, failed, own_attempt, refusal_of, way_name
from viche.portal.qr import qr_svg

log = logging.getLogger("viche.identity")
MAX_SIGNATURE_BYTES = 256 * 1024
MAX_DELIVERY_BYTES = 1024 * 1024


class SignatureForm(forms.Form):
    """The signature over the text, as a file."""

    signature = forms.FileField(
        label=gettext_lazy("File of the signature"),
        help_text=gettext_lazy("A detached signature, .p7s: the text itself stays outside. Up to 256 KB."),
        widget=forms.FileInput(attrs={"accept": ".p7s,.sig,.p7m,.pem,application/pkcs7-signature"}),
    )

    def clean_signature(self) -> bytes:
        file = self.cleaned_data["signature"]
        if file.size > MAX_SIGNATURE_BYTES:
            raise forms.ValidationError(_("This file is too large for a signature."))
        return bytes(file.read())


class PhoneForm(forms.Form):
    """The number of the phone that is asked."""

    phone = forms.CharField(
        label=gettext_lazy("Number of your phone"), max_length=24,
        help_text=gettext_lazy("It is used for this question only and is not kept."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        try:
            return ukrainian_phone(self.cleaned_data["phone"])
        except ValueError:
            raise forms.ValidationError(
                _("This is not a Ukrainian phone number: write it as +380 67 123 45 67.")
            ) from None


@public
def attempt(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The page of an attempt that this browser began: what to do, and the end of it."""
    try:
        found, what = own_attempt(request, reference)
    except Refused as refused:
        return failed(request, refused, request.GET.get("next") or "/")
    try:
        if found.provider in providers().by_signature:
            response = _by_signature(request, found, what)
        elif found.provider in providers().on_phones:
            response = _on_phone(request, found, what)
        else:
            response = _delivered(request, found, what)
    except Refused as refused:
        return failed(request, refused, what.next_url)
    response["Cache-Control"] = "no-store"
    return response


@public
def attempt_text(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The text to be signed, to the letter, as a file."""
    found, _what = own_attempt(request, reference)
    response = HttpResponse(found.text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="viche-{found.id.hex[:8]}.txt"'
    response["Cache-Control"] = "no-store"
    return response


def _by_signature(request: HttpRequest, found: Attempt, what: sessions.Begun) -> HttpResponse:
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        record_try(attempt=found)
        try:
            claims = (
                providers()
                .by_signature[found.provider]
                .claims(form.cleaned_data["signature"], text=found.text.encode())
            )
        except ProviderError as error:
            log.warning("identification by %s failed: %s", found.provider, error)
            form.add_error("signature", error.message)
        else:
            return _end(request, found, what, claims)
    return _page(request, "portal/login_sign.html", found, what, form=form)


def _on_phone(request: HttpRequest, found: Attempt, what: sessions.Begun) -> HttpResponse:
    client = providers().on_phones[found.provider]
    if not found.reference:
        return _ask_phone(request, found, what)
    if request.method != "POST" and not request.headers.get("HX-Request"):
        return _page(request, "portal/login_wait.html", found, what)
    started = Started(found.reference, found.address, found.shown)
    try:
        claims = client.result(started, text=found.text.encode())
    except ProviderError as error:
        log.warning("identification by %s failed: %s", found.provider, error)
        if error.is_temporary:
            return _page(request, "portal/login_wait.html", found, what, fault=error.message)
        sessions.redeem(request, provider=found.provider, state=found.id.hex)
        raise refusal_of(error) from None
    return _waiting(request, found, what) if claims is None else _end(request, found, what, claims)


def _ask_phone(request: HttpRequest, found: Attempt, what: sessions.Begun) -> HttpResponse:
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_try(attempt=found)
        try:
            record_question(attempt=found, phone=form.cleaned_data["phone"])
            started = (
                providers()
                .on_phones[found.provider]
                .start(text=found.text.encode(), request=found.id.hex, phone=form.cleaned_data["phone"])
            )
        except ProviderError as error:
            log.warning("identification by %s failed: %s", found.provider, error)
            form.add_error("phone", error.message)
        except Refused as refused:
            form.add_error("phone", str(refused.message))
        else:
            if not isinstance(started, Started):
                return _end(request, found, what, started)
            record_started(attempt=found, started=started)
            return redirect(request.path)
    return _page(
        request, "portal/login_phone.html", found, what, form=form, code=comparing_code(found.id.hex)
    )


def _delivered(request: HttpRequest, found: Attempt, what: sessions.Begun) -> HttpResponse:
    if found.fault:
        sessions.redeem(request, provider=found.provider, state=found.id.hex)
        raise Refused(found.fault, MESSAGES[found.fault], status=400)
    if found.person is None:
        return _waiting(request, found, what)
    sessions.joining(request, what)
    what = sessions.redeem(request, provider=found.provider, state=found.id.hex)
    sessions.open_session(request, found.person, f"{found.provider}:{found.method}")
    return _gone(request, entered(request, what))


def _waiting(request: HttpRequest, found: Attempt, what: sessions.Begun) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    is_asked = request.method == "POST"
    return _page(request, "portal/login_wait.html", found, what, is_asked=is_asked)


def _end(request: HttpRequest, found: Attempt, what: sessions.Begun, claims: Any) -> HttpResponse:
    what = sessions.redeem(request, provider=found.provider, state=found.id.hex)
    sessions.enter(request, claims, what)
    return _gone(request, entered(request, what))


def _gone(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The way on, for a page that asked by itself too."""
    if request.headers.get("HX-Request"):
        target = response["Location"]
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
    return response


def _page(
    request: HttpRequest, template: str, found: Attempt, what: sessions.Begun, **facts: Any
) -> HttpResponse:
    form = facts.get("form")
    qr = qr_svg(found.address) if found.address else ""
    title = way_name(found.provider, found.method)
    return render(
        request, template, {"attempt": found, "title": title, "next": what.next_url, "qr_svg": qr, **facts},
        status=422 if form is not None and form.errors else 200,
    )  # fmt: skip


@csrf_exempt
@public
def delivery(request: HttpRequest, provider: str) -> HttpResponse:
    """An application's server brings a signature: checked, the person found, the signature forgotten."""
    client = providers().delivered.get(provider)
    if client is None or request.method != "POST":
        raise Http404(provider)
    body = request.body
    if len(body) > MAX_DELIVERY_BYTES:
        return JsonResponse({"success": False, "error": "too long"}, status=413)
    try:
        reference, signature = client.delivered(request.headers, body)
    except ProviderError as error:
        log.warning("a delivery of %s cannot be read: %s", provider, error)
        return JsonResponse({"success": False, "error": error.code}, status=400)
    found = attempt_of(provider, reference)
    if found is None:
        return JsonResponse({"success": False, "error": "unknown request"}, status=404)
    outcome: Any
    try:
        outcome = client.claims(signature, text=found.text.encode())
    except ProviderError as error:
        log.warning("identification by %s failed: %s", provider, error)
        if error.is_temporary:  # to be brought again
            return JsonResponse({"success": False, "error": error.code}, status=503)
        outcome = error
    try:
        record_delivery(attempt=found, claims=outcome)
    except Refused as refused:
        if refused.code != "expired_state":
            record_delivery(
                attempt=found, claims=ProviderError("delivery_refused", refused.code, provider=provider)
            )
        return JsonResponse({"success": False, "error": refused.code}, status=409)
    return JsonResponse({"success": True})
