"""What was built: of one contest, and of a body over the years; and residents' rating of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.portal.contest_page import contest_url
from viche.portal.forms_works import RatingForm
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.maps import located
from viche.portal.works_page import card_of, work_row
from viche.projects.actions import rate_project
from viche.projects.delivery import WON, built_by, built_years, rating_by, sums_of, works_of
from viche.projects.models import Project, State

PAGE = 24


@public
@in_contest
def works(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The winners of one contest and what became of them."""
    found = list(works_of(contest))
    for project in found:
        project.contest = contest
    return render(
        request,
        "portal/works.html",
        {
            "contest": contest, "heading": _("Implementation: %s") % contest.name, "currency": contest.currency,
            "rows": [card_of(work_row(project)) for project in found], "sums": sums_of(works_of(contest)),
            "map": located(found),
        },
    )  # fmt: skip


@public
def built(request: HttpRequest) -> HttpResponse:
    """Everything that won in this body's contests over the years, by year and by what became of it."""
    community = request.place.community  # type: ignore[attr-defined]
    year, state = whole_number(request.GET.get("year")), request.GET.get("state", "")
    state = state if state in WON else ""
    found = built_by(community, year=year, state=state)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/works.html",
        {
            "heading": _("What was built"), "currency": "UAH", "sums": sums_of(built_by(community, year=year)),
            "rows": [card_of(work_row(project), with_contest=True) for project in page], "page": page,
            "query": _query(year, state), "map": located(list(found[:600])),
            "filters": [
                (_("Year"), _years(community, year, state)), (_("Status"), _states(year, state)),
            ],
        },
    )  # fmt: skip


def _query(year: int | None, state: str) -> str:
    return urlencode({name: value for name, value in (("year", year), ("state", state)) if value})


def _years(community: Any, year: int | None, state: str) -> list[tuple[str, str, bool]]:
    listed = [(_("All years"), None), *((str(each), each) for each in built_years(community))]
    return [(text, f"?{_query(each, state)}", each == year) for text, each in listed]


def _states(year: int | None, state: str) -> list[tuple[str, str, bool]]:
    listed = [(_("all"), ""), *((str(State(each).label), str(each)) for each in WON)]
    return [(text, f"?{_query(year, each)}", each == state) for text, each in listed]


@identified
@in_contest
@in_project
def rate(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """A resident rates a project that was built."""
    if project.state != State.IMPLEMENTED:
        raise Refused("not_built", _("A project is rated once it is built."))
    person = request.visitor.person  # type: ignore[attr-defined]
    own = rating_by(project, person)
    initial = {"stars": own.stars, "promise": own.promise} if own is not None else {}
    form = RatingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rate_project(project=project, person=person, by=request.visitor.actor(), **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("Thank you: your rating is kept."))
        return HttpResponseRedirect(contest_url(contest, "project", project.number) + "#rating")
    found = obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now()
    )
    return render(
        request,
        "portal/rate.html",
        {"contest": contest, "project": project, "form": form, "obstacles": found},
        status=422 if form.errors else 200,
    )
