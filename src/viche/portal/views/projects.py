"""Project list, project page, and submission of a project."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.ballots.channels import why_closed
from viche.channels.booth import selection
from viche.communities.queries import areas_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.portal.contest_page import category_names, class_names, contest_facts, contest_url, standing
from viche.portal.forms import FilterForm, ProjectForm
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.project_page import ASIDE, MAIN, following, sections
from viche.portal.support_page import meter_of
from viche.projects.actions import submit_project, withdraw_project
from viche.projects.models import Project, State
from viche.projects.queries import SORTS, Filters, found_projects
from viche.projects.submission import submission_lines
from viche.projects.wording import refusal_text

PAGE = 24
STATE_KINDS = {
    State.CHECKING: "info", State.SENT_BACK: "warning", State.SIGNING: "accent", State.NOT_SUPPORTED: "neutral",
    State.IN_REVIEW: "info", State.RETURNED: "warning", State.CONDITIONAL: "warning", State.ADMITTED: "accent",
    State.REFUSED: "danger", State.APPEALED: "warning", State.MERGED: "neutral", State.WITHDRAWN: "neutral",
    State.FUNDED: "success", State.NOT_FUNDED: "neutral", State.IN_PROGRESS: "info", State.IMPLEMENTED: "success",
    State.CANCELLED: "danger",
}  # fmt: skip


def card(contest: Contest, project: Project, **extra: Any) -> dict[str, Any]:
    """What a project card shows."""
    cover = project.cover
    classes = class_names(contest)
    tags = [(project.get_state_display(), STATE_KINDS.get(State(project.state), "neutral"))]
    if project.size_class in classes:
        tags.append((classes[project.size_class], "neutral"))
    return {
        "title": project.title, "href": contest_url(contest, "project", project.number),
        "picture": cover.image.url if cover else "", "picture_alt": cover.alt if cover else "",
        "place": project.place_name or project.territory.full_name, "cost": project.cost,
        "currency": contest.currency, "number": project.number, "tags": tags, "code": project.code,
        "meter": meter_of(contest, project), **extra,
    }  # fmt: skip


@public
@in_contest
def projects(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The list: search, filters, a fair random order that stays the same while one turns pages."""
    form = FilterForm(request.GET, contest=contest, areas=areas_of(contest.community.territory))
    wanted = form.cleaned_data if form.is_valid() else {}
    seed = request.GET.get("seed", "")[:16] or secrets.token_hex(4)
    sort = wanted.get("sort") or "fair"
    filters = Filters(
        text=wanted.get("q") or "", size_class=wanted.get("size") or "", category=wanted.get("type") or "",
        territory=wanted.get("area") or "", state=wanted.get("state") or "", min_cost=wanted.get("min"),
        max_cost=wanted.get("max"), sort=sort if sort in SORTS else "fair", seed=seed,
    )  # fmt: skip
    page = Paginator(found_projects(contest, filters), PAGE).get_page(request.GET.get("page"))
    kept = {key: value for key, value in request.GET.items() if value and key not in {"page", "seed"}}
    query = urlencode({**kept, "seed": seed})
    return render(
        request,
        "portal/projects.html",
        {
            "contest": contest, "form": form, "page": page, "query": query, "filters": filters, "seed": seed,
            "cards": [card(contest, project) for project in page], "facts": contest_facts(contest),
            "follow": following.of_search(request, contest),
        },
    )  # fmt: skip


@public
@in_contest
@in_project
def project(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """One project: what, where, how much, what happened to it, and the way to the ballot."""
    return render(
        request,
        "portal/project.html",
        {
            "contest": contest,
            "facts": standing(contest),
            "project": project,
            "pictures": list(project.pictures.all()),
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "state_kind": STATE_KINDS.get(State(project.state), "neutral"),
            "is_voting": project.state == State.ADMITTED and why_closed(contest) is None,
            "is_chosen": project.code in selection.chosen(request, contest),
            "main": sections(request, contest, project, MAIN),
            "aside": sections(request, contest, project, ASIDE),
        },
    )


@identified
@in_contest
def submit(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Submit a project: one form, every fault said at its field, nothing typed is lost."""
    person = request.visitor.person  # type: ignore[attr-defined]
    rule = contest.rules.author
    found = obstacles(person=person, territory=contest.community.territory, rule=rule, moment=clock.now())
    areas = areas_of(contest.community.territory)
    form = ProjectForm(request.POST or None, request.FILES or None, contest=contest, areas=areas)
    if request.method == "POST" and form.is_valid():
        try:
            made = submit_project(
                contest=contest,
                author=person,
                draft=form.draft(),
                by=request.visitor.actor("author"),  # type: ignore[attr-defined]
            )
            return HttpResponseRedirect(contest_url(contest, "project", made.number))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "portal/submit.html",
        {
            "contest": contest,
            "form": form,
            "obstacles": found,
            "is_open": "submission" in contest.phases,
            "is_frozen": contest.is_frozen,
            "asked": submission_lines(contest.rules),
            "facts": standing(contest),
        },
        status=422 if form.errors else 200,
    )


@identified
@in_contest
@in_project
def withdraw(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The author takes a project back, after a page that asks once more."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if project.author_id != visitor.person.id:
        raise Refused("wrong_role", _("Only its author may withdraw a project."), status=403)
    decision = lifecycle.decide(project.state, "withdraw", roles={lifecycle.AUTHOR}, phases=contest.phases)
    if isinstance(decision, lifecycle.Refusal):
        raise Refused(decision.code, refusal_text(decision))
    if request.method == "POST":
        withdraw_project(project=project, by=visitor.actor())
        return HttpResponseRedirect(contest_url(contest, "project", project.number))
    return render(
        request,
        "portal/withdraw.html",
        {"contest": contest, "project": project, "heading": _("Withdraw the project?")},
    )
