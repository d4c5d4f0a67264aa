"""My second factor: one-time codes, passkeys, recovery codes, and the question for it."""

import base64
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.actions import (
    check_code,
    make_recovery_codes,
    record_passkey,
    remove_factor,
    set_codes,
    use_passkey,
)
from viche.identity.factors import passkeys, totp
from viche.identity.queries import factors_of, latest_identifications
from viche.portal.guards import identified, to_login
from viche.portal.identifying import way_name
from viche.portal.qr import qr_svg

SITE = "Viche"
SECRET, MAKING, CODES = "factor_secret", "passkey_making", "recovery_codes"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("security")


def _host(request: HttpRequest) -> str:
    return request.get_host().rpartition(":")[0] or request.get_host()


def _refuse(form: forms.Form, refused: Refused) -> None:
    form.add_error("code", str(refused.message))


def _may_change(request: HttpRequest) -> HttpResponse | None:
    """A factor is changed only by who used one just now, or where there is none, by who has just identified."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.has_factor and not visitor.is_factor_used:
        return redirect(f"{reverse('security-check')}?next={request.path}")
    return None if visitor.has_factor or visitor.is_fresh() else to_login(request)


@identified
def security(request: HttpRequest) -> HttpResponse:
    """What I have, what was used lately; a factor taken off, recovery codes made anew."""
    person = request.visitor.person  # type: ignore[attr-defined]
    if request.method == "POST":
        if (first := _may_change(request)) is not None:
            return first
        if request.POST.get("act") == "others":
            sessions.end_others(request)
            messages.success(request, _("You are signed out everywhere else."))
            return redirect("security")
        if request.POST.get("act") == "recovery":
            request.session[CODES] = make_recovery_codes(person=person)
            return redirect("security-recovery")
        remove_factor(person=person, which=request.POST.get("which", ""))
        messages.success(request, _("It is taken off."))
        return redirect("security")
    return render(
        request,
        "portal/security.html",
        {
            "factors": factors_of(person), "next": _next(request),
            "is_forced": bool(request.GET.get("next")), "idle": settings.STAFF_IDLE_SECONDS // 60,
            "longest": settings.STAFF_SESSION_SECONDS // 3600,
            "identifications": [
                (each.at, way_name(each.provider, each.method)) for each in latest_identifications(person, 20)
            ],
        },
    )  # fmt: skip


@identified
def codes(request: HttpRequest) -> HttpResponse:
    """Set up one-time codes: the secret as a QR code and as text, confirmed by a first code."""
    if (first := _may_change(request)) is not None:
        return first
    person = request.visitor.person  # type: ignore[attr-defined]
    kept = request.session.get(SECRET)
    secret = base64.b64decode(kept) if kept else totp.new_secret()
    request.session[SECRET] = base64.b64encode(secret).decode()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_codes(person=person, secret=secret, code=form.cleaned_data["code"])
        except Refused as refused:
            _refuse(form, refused)
        else:
            del request.session[SECRET]
            return _done(request, made)
    address = totp.address_of(secret, account=person.display_name, site=SITE)
    return render(
        request, "portal/security_codes.html",
        {"form": form, "secret": totp.shown_secret(secret), "qr_svg": qr_svg(address), "next": _next(request)},
        status=422 if form.errors else 200,
    )  # fmt: skip


@identified
def passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this device; needs a script of the browser."""
    if (first := _may_change(request)) is not None:
        return first
    person = request.visitor.person  # type: ignore[attr-defined]
    facts: dict[str, Any] = {"host": _host(request), "site": SITE}
    problem = ""
    if request.method == "POST":
        try:
            made = passkeys.registered(
                **facts, state=request.session.pop(MAKING, {}), response=request.POST.get("response", "")
            )
        except passkeys.PasskeyRefused:
            problem = _("The passkey could not be made. Try once more, or set up one-time codes.")
        else:
            return _done(request, record_passkey(person=person, made=made, name=request.POST.get("name", "")))
    known = [bytes(each.data) for each in factors_of(person).passkeys]
    options, state = passkeys.registration(
        **facts, person=person.pk.bytes, name=person.display_name, known=known
    )
    request.session[MAKING] = state
    return render(
        request, "portal/security_passkey.html", {"options": options, "problem": problem, "next": _next(request)},
        status=422 if problem else 200,
    )  # fmt: skip


def _done(request: HttpRequest, made: list[str]) -> HttpResponse:
    sessions.record_factor(request)
    messages.success(request, _("Your second factor is set up."))
    if not made:
        return redirect(_next(request))
    request.session[CODES] = made
    return redirect(f"{reverse('security-recovery')}?next={_next(request)}")


@identified
def recovery(request: HttpRequest) -> HttpResponse:
    """Recovery codes, shown once."""
    made = request.session.pop(CODES, None)
    if not made:
        return redirect("security")
    return render(request, "portal/security_recovery.html", {"codes": made, "next": _next(request)})


@identified
def check(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor: a one-time code, a recovery code, or a passkey."""
    person = request.visitor.person  # type: ignore[attr-defined]
    form = CodeForm(request.POST if "code" in request.POST else None)
    facts: dict[str, Any] = {"host": _host(request), "site": SITE}
    factors = factors_of(person)
    known = [bytes(each.data) for each in factors.passkeys]
    problem = ""
    if request.method == "POST" and "response" in request.POST:
        try:
            identifier, count = passkeys.authenticated(
                **facts, state=request.session.pop(sessions.FACTOR_STATE, {}), response=request.POST["response"],
                known=known,
            )  # fmt: skip
            use_passkey(person=person, identifier=identifier, count=count)
        except passkeys.PasskeyRefused:
            problem = _("The passkey did not answer as it should. Try once more, or use a code.")
        except Refused as refused:
            problem = str(refused.message)
        else:
            return _through(request)
    elif request.method == "POST" and form.is_valid():
        try:
            kind = check_code(person=person, code=form.cleaned_data["code"])
        except Refused as refused:
            _refuse(form, refused)
        else:
            if kind == "recovery":
                messages.warning(request, _("A recovery code is used up. Set up your second factor anew."))
            return _through(request)
    options, state = passkeys.authentication(**facts, known=known) if known else ("", {})
    request.session[sessions.FACTOR_STATE] = state
    return render(
        request, "portal/security_check.html",
        {"form": form, "options": options, "problem": problem, "next": _next(request), "factors": factors},
        status=422 if form.errors or problem else 200,
    )  # fmt: skip


def _through(request: HttpRequest) -> HttpResponse:
    sessions.record_factor(request)
    return redirect(_next(request))
