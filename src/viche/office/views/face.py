"""The face of a body: name, emblem, colour, address, contacts; and its first steps, which are the same forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.actions import brand_community, is_readdressable, readdress_community
from viche.communities.emblems import safe_emblem
from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.foundation.colours import LIGHT_GROUNDS, TEXT, contrast, palette, parsed
from viche.foundation.refused import Refused
from viche.identity.actions import mark_step
from viche.identity.models import NOTHING, DataKind, Role
from viche.identity.queries import done_steps, staff_of
from viche.office.forms.face import AddressForm, LookForm, NameForm
from viche.office.forms.staff import InviteForm
from viche.office.views.staff import LINK, send_invitation
from viche.portal.guards import official
from viche.portal.refusable import RefusableForm

STEPS = {
    "name": gettext_lazy("Name"),
    "look": gettext_lazy("Emblem and colour"),
    "address": gettext_lazy("Address and contacts"),
    "staff": gettext_lazy("Staff"),
    "contest": gettext_lazy("First contest"),
}
FACE = ("name", "look", "address")


def _form(request: HttpRequest, step: str, community: Community) -> RefusableForm:
    """The form of a step, holding what was sent if it was this one."""
    sent = request.POST if request.POST.get("act") == step else None
    files = request.FILES if sent is not None else None
    if step == "name":
        return NameForm(sent, initial=NameForm.of(community))
    if step == "look":
        return LookForm(sent, files, initial=LookForm.of(community))
    return AddressForm(sent, initial=AddressForm.of(community), is_fixed=not is_readdressable(community))


def _save(form: Any, step: str, community: Community, by: Actor) -> Community | None:
    """Do what the form says; None where it has faults."""
    if not form.is_valid():
        return None
    try:
        if step == "name":
            return brand_community(community=community, by=by, **form.face())
        if step == "look":
            emblem = form.cleaned_data["emblem"]
            face = {"emblem": safe_emblem(emblem.read())} if emblem else {}
            return brand_community(
                community=community, by=by, brand_colour=form.cleaned_data["colour"], **face
            )
        readdress_community(
            community=community, slug=form.cleaned_data["slug"], host=form.cleaned_data["host"], by=by
        )
        return brand_community(community=community, by=by, **form.contacts())
    except Refused as refused:
        if refused.status == 403:
            raise
        form.refuse(refused)
        return None


def _there(request: HttpRequest, community: Community, name: str) -> str:
    """The page's address after the body's own may have changed."""
    address = reverse(name)
    place = request.place  # type: ignore[attr-defined]
    if place.prefix.endswith(f"/{place.community.slug}/") and community.slug != place.community.slug:
        start = place.prefix[: -len(place.community.slug) - 1]
        return f"{start}{community.slug}/{address.removeprefix(place.prefix)}"
    return address


@official(Role.ADMINISTRATOR, shows=NOTHING)
def face(request: HttpRequest) -> HttpResponse:
    """Name, emblem, colour, address and contacts, each with its own button."""
    community = request.place.community  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    forms = {step: _form(request, step, community) for step in FACE}
    if request.method == "POST" and act in FACE:
        saved = _save(forms[act], act, community, request.visitor.actor())  # type: ignore[attr-defined]
        if saved is not None:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{_there(request, saved, 'office-face')}#{act}")
    return render(
        request,
        "office/face.html",
        {
            "sections": [(step, STEPS[step], form) for step, form in forms.items()],
            **_sample(request, community),
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )


def _sample(request: HttpRequest, community: Community) -> dict[str, Any]:
    """The colour to be shown as a button and a header, and what was done so that it can be read."""
    asked = request.GET.get("colour", "").strip().lower() or community.brand_colour
    try:
        own, colours = parsed(asked), palette(asked)
    except ValueError:
        return {"community": community, "sample_colour": ""}
    ratio = contrast(own, parsed(LIGHT_GROUNDS[0]))
    return {
        "community": community,
        "sample_colour": asked,
        "sample_ratio": formats.number_format(ratio, 1),
        "is_readable": ratio >= TEXT,
        "is_moved": colours["brand"] != asked,
        "sample_used": colours["brand"],
    }


@official(Role.ADMINISTRATOR, shows=NOTHING)
def sample(request: HttpRequest) -> HttpResponse:
    """The palette of a colour that is being tried, for the example on the page only."""
    try:
        colours = palette(request.GET.get("colour", "").strip().lower())
    except ValueError:
        colours = {}
    lines = "".join(f"  --sample-{name}: {value};\n" for name, value in colours.items())
    return HttpResponse(f".brand-sample {{\n{lines}}}\n", content_type="text/css; charset=utf-8")


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def begin(request: HttpRequest) -> HttpResponse:
    """The first steps of a connected body, one at a time; what is finished stays finished."""
    community = request.place.community  # type: ignore[attr-defined]
    by = request.visitor.actor()  # type: ignore[attr-defined]
    done = done_steps(community)
    first = next((step for step in STEPS if step not in done), "contest")
    step = request.POST.get("act") or request.GET.get("step", "")
    step = step if step in STEPS else first
    form = _form(request, step, community) if step in FACE else None
    if step == "staff":
        form = InviteForm(request.POST if request.method == "POST" and "skip" not in request.POST else None)
    if request.method == "POST" and (moved := _finish(request, step, form, community, by)) is not None:
        following = list(STEPS)[list(STEPS).index(step) + 1 :]
        query = f"?step={following[0]}" if following else ""
        return HttpResponseRedirect(f"{_there(request, moved, 'office-begin')}{query}")
    holders = [each for each in staff_of(community) if each.origin is None]
    named = [each.office.person_id for each in holders] if step == "staff" else []
    request.shown.about(named)  # type: ignore[attr-defined]
    return render(
        request,
        "office/begin.html",
        {
            "steps": [
                (title, "current" if name == step else "done" if name in done else "todo")
                for name, title in STEPS.items()
            ],
            "links": [(name, title, name in done) for name, title in STEPS.items()],
            "step": step, "step_title": STEPS[step], "form": form, "done": done, "holders": holders,
            "is_alone": len({each.office.person_id for each in holders}) < 2,
            "new_contest": _new_contest(), "link": request.session.pop(LINK, None),
            **_sample(request, community),
        },
        status=422 if form is not None and form.errors else 200,
    )  # fmt: skip


def _finish(request: HttpRequest, step: str, form: Any, community: Community, by: Actor) -> Community | None:
    """Save the step and keep that it is finished; None where its form has faults."""
    saved: Community | None = community
    if step in FACE:
        saved = _save(form, step, community, by)
    elif step == "staff" and "skip" not in request.POST:
        saved = community if form.is_valid() and send_invitation(request, form, community) else None
    if saved is not None:
        mark_step(community=community, step=step, by=by)
    return saved


def _new_contest() -> str:
    """Where contests are created; empty where that page is not there."""
    try:
        return reverse("office-contest-new")
    except NoReverseMatch:
        return ""
