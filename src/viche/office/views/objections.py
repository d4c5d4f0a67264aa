"""“This was not me”: what people deny, looked into and decided; in a body's office, and at the platform's desk."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.ballots.queries import marks_of
from viche.communities.models import Community
from viche.foundation.refused import Refused
from viche.identity.actions import decide_objection
from viche.identity.actions.objections import DECIDING, MAX_TEXT
from viche.identity.models import DataKind, Objection
from viche.identity.queries import objection_in, objections_to
from viche.portal.guards import official, platform

PAGE = 40
VERDICTS = {"uphold": True, "dismiss": False}


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("What was found"), widget=forms.Textarea(attrs={"rows": 6}), max_length=MAX_TEXT,
        help_text=gettext_lazy("The person reads it. What follows for the act itself is done on its own page."),
        error_messages={"required": gettext_lazy("Write what was found: the person reads it.")},
    )  # fmt: skip


@official(*DECIDING, shows=DataKind.OBJECTIONS)
def listed(request: HttpRequest) -> HttpResponse:
    """Everything that people deny in this body, open cases first."""
    return _listed(request, request.place.community)  # type: ignore[attr-defined]


@official(*DECIDING, shows=DataKind.OBJECTIONS)
def objection(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One case of the body: look into it, decide."""
    return _opened(request, request.place.community, reference)  # type: ignore[attr-defined]


@platform(shows=DataKind.OBJECTIONS)
def platform_listed(request: HttpRequest) -> HttpResponse:
    """Cases that no body answers for: identifications."""
    return _listed(request, None)


@platform(shows=DataKind.OBJECTIONS)
def platform_objection(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One case of the platform."""
    return _opened(request, None, reference)


def _names(community: Community | None) -> tuple[str, str, str]:
    """Names of the addresses of the desk, the list and one case."""
    if community is None:
        return "platform", "platform-objections", "platform-objection"
    return "office", "office-objections", "office-objection"


def _listed(request: HttpRequest, community: Community | None) -> HttpResponse:
    desk, _listing, one = _names(community)
    page = Paginator(objections_to(community), PAGE).get_page(request.GET.get("page"))
    request.shown.about([each.person_id for each in page])  # type: ignore[attr-defined]
    return render(
        request, "office/objections.html",
        {
            "page": page, "rows": [(each, reverse(one, args=[each.pk])) for each in page],
            "desk_href": reverse(desk), "is_platform": community is None,
        },
    )  # fmt: skip


def _opened(request: HttpRequest, community: Community | None, reference: UUID) -> HttpResponse:
    desk, listing, _one = _names(community)
    found = objection_in(community, reference)
    if found is None:
        raise Http404(str(reference))
    request.shown.about([found.person_id])  # type: ignore[attr-defined]
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        verdict = VERDICTS.get(request.POST.get("act", ""))
        if verdict is None:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
        if form.is_valid():
            decide_objection(
                objection=found, is_upheld=verdict, answer=form.cleaned_data["answer"],
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("The decision is recorded, and the person is told."))
            return redirect(request.path)
    return render(
        request, "office/objection.html",
        {
            "case": found, "form": form, "desk_href": reverse(desk), "list_href": reverse(listing),
            "is_open": found.state == Objection.State.OPEN,
            "annulment_href": _annulment_href(found),
            "is_own": found.person_id == request.visitor.person.pk,  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _annulment_href(case: Objection) -> str:
    """Where an official goes on from a vote that its voter denies; empty where there is nothing to annul."""
    if case.kind != Objection.Kind.VOTE or case.state != Objection.State.UPHELD:
        return ""
    mark = next((each for each in marks_of(case.person) if str(each.contest.pk) == case.reference), None)
    return f"{reverse('office-annulments', args=[mark.contest.slug])}?objection={case.pk}" if mark else ""
