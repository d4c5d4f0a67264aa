"""“Can I take part?”, and asking an operator to confirm what no provider confirms."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.identity.actions import submit_request, withdraw_request
from viche.identity.queries import request_in, requests_of
from viche.portal.contest_page import contest_url, standing
from viche.portal.forms_taking_part import RequestForm
from viche.portal.guards import identified, in_contest, public
from viche.portal.taking_part import accepted_here, answers, fix_of, provable


@public
@in_contest
def can_i(request: HttpRequest, contest: Contest) -> HttpResponse:
    """For voter, author and supporter: yes or no, every requirement with its state, and a way to fix it."""
    person = request.visitor.person  # type: ignore[attr-defined]
    response = render(
        request,
        "portal/taking_part.html",
        {
            "contest": contest, "facts": standing(contest), "answers": answers(contest, person),
            "login": fix_of(contest, "voter", "identify"), "other": fix_of(contest, "voter", "prove:"),
            "requests": requests_of(person, contest.community, 5) if person is not None else [],
            "source": contest.rules.source,
        },
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


@identified
def new_request(request: HttpRequest) -> HttpResponse:
    """Ask for a basis to be confirmed by a document; every fault said at its field."""
    community = request.place.community  # type: ignore[attr-defined]
    person = request.visitor.person  # type: ignore[attr-defined]
    slug = request.GET.get("contest", "")
    contest = contest_at(community, slug) if slug else None
    if contest is not None and not (contest.is_frozen or request.visitor.roles):  # type: ignore[attr-defined]
        contest = None  # a draft is there for officials only
    wanted = request.POST.get("basis") or request.GET.get("basis", "")
    bases = provable(contest)
    form = RequestForm(
        request.POST or None, request.FILES or None, bases=bases, areas=areas_of(community.territory),
        basis=wanted if wanted in bases else "",
    )  # fmt: skip
    back = contest_url(contest, "can-i") if contest is not None else reverse("my")
    if request.method == "POST" and form.is_valid():
        try:
            submit_request(
                person=person, community=community, proof=form.proof(),
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(
                request, _("The request is sent. You will see the decision here and on “My page”.")
            )
            return HttpResponseRedirect(back)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "portal/taking_part_request.html",
        {
            "form": form, "contest": contest, "back": back, "community": community,
            "accepted": accepted_here(contest, wanted) if contest is not None and wanted in bases else [],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@identified
def withdraw(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Take a request back, after a page that asks once more."""
    found = request_in(request.place.community, reference)  # type: ignore[attr-defined]
    visitor = request.visitor  # type: ignore[attr-defined]
    if found is None or found.person_id != visitor.person.id:
        raise Http404(reference)
    if request.method == "POST":
        withdraw_request(request=found, by=visitor.actor())
        messages.success(request, _("The request is withdrawn."))
        return HttpResponseRedirect(reverse("my"))
    return render(request, "portal/taking_part_withdraw.html", {"proof": found})
