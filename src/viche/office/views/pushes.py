"""Sites of the body to which results are pushed: all of them, a new one, one with what stands there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.website.models import Push, PushState, PushTarget
from viche.connectors.website.pushing import actions, queries
from viche.connectors.website.pushing.wording import outcome_text
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.website import TargetForm
from viche.portal.guards import official

SHOWN_ONCE = "push_shown_once"


@official(Role.ADMINISTRATOR, shows=NOTHING)
def pushes(request: HttpRequest) -> HttpResponse:
    """Every connected site with how it stands."""
    targets = queries.targets_of(request.place.community)  # type: ignore[attr-defined]
    rows = [{"target": target, "light": _light(target)} for target in targets]
    return render(request, "office/pushes.html", {"rows": rows})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_push(request: HttpRequest) -> HttpResponse:
    """Connect a site."""
    form = TargetForm(request.POST if request.method == "POST" else None, initial={"kind": "wordpress"})
    if form.is_bound and form.is_valid():
        place = request.place  # type: ignore[attr-defined]
        try:
            target, secret = actions.connect_target(
                community=place.community, site=request.build_absolute_uri(place.prefix),
                by=request.visitor.actor(), **form.cleaned_data,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            if refused.status == 403:
                raise
            form.refuse(refused)
        else:
            request.session[SHOWN_ONCE] = secret
            messages.success(request, _("Connected. Now test the connection."))
            return HttpResponseRedirect(reverse("office-push", args=[target.pk]))
    return render(request, "office/push_new.html", {"form": form}, status=422 if form.errors else 200)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def push(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One site: the test of its connection, every published result and whether it stands there."""
    target = queries.target_of(request.place.community, reference)  # type: ignore[attr-defined]
    if target is None:
        raise Http404(str(reference))
    if request.method == "POST":
        return _done(request, target)
    there = queries.pushes_to(target)
    rows = [
        {
            "contest": each.contest,
            "push": there.get(each.contest_id),
            "state": _state(there.get(each.contest_id)),
        }
        for each in queries.published_results(request.place.community)  # type: ignore[attr-defined]
    ]
    return render(
        request,
        "office/push.html",
        {
            "target": target, "rows": rows, "light": _light(target), "secret": request.session.pop(SHOWN_ONCE, ""),
            "tested": outcome_text(target.tested) if target.tested else "",
        },
    )  # fmt: skip


def _done(request: HttpRequest, target: PushTarget) -> HttpResponse:
    """One of the acts of the page, then the page again. Refused: what the action refuses."""
    by, act = request.visitor.actor(), request.POST.get("act", "")  # type: ignore[attr-defined]
    if act == "check":
        actions.check_target(target=target, by=by)
    elif act == "push":
        contest = contest_at(target.community, request.POST.get("contest", ""))
        if contest is None:
            raise Http404("contest")
        actions.push_now(target=target, contest=contest, by=by)
        messages.success(
            request, _("It is sent within half a minute; reload the page to see what came of it.")
        )
    elif act == "remove":
        actions.remove_target(target=target, by=by)
        messages.success(request, _("Removed, with its password. The pages on the site stay there."))
        return HttpResponseRedirect(reverse("office-pushes"))
    return HttpResponseRedirect(reverse("office-push", args=[target.pk]))


def _light(target: PushTarget) -> dict[str, Any]:
    """The state of a site in a word and a tone."""
    found = list(target.pushes.all())
    if any(push.state == PushState.FAILED for push in found):
        return {"text": _("given up"), "kind": "danger", "icon": "circle-x"}
    if any(push.state != PushState.SENT and push.attempts for push in found) or target.tested not in {
        "",
        "ok",
    }:
        return {"text": _("does not take it"), "kind": "warning", "icon": "triangle-alert"}
    if any(push.state == PushState.SENT for push in found) or target.tested == "ok":
        return {"text": _("in order"), "kind": "success", "icon": "circle-check"}
    return {"text": _("not tested yet"), "kind": "info", "icon": "clock"}


def _state(push: Push | None) -> dict[str, Any]:
    """What became of one result on the site."""
    if push is None:
        return {"text": _("not pushed"), "kind": "neutral", "said": ""}
    kinds = {PushState.SENT: "success", PushState.FAILED: "danger"}
    said = outcome_text(push.outcome) if push.outcome not in {"", "ok"} else ""
    return {
        "text": push.get_state_display(), "kind": kinds.get(push.state, "warning" if said else "info"), "said": said,
        "next_at": push.next_at if push.state == PushState.QUEUED else None,
    }  # fmt: skip
