"""The author's coach: a checklist for everybody, and beside one's own project what is like it and what things cost."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.contests.models import Contest
from viche.portal.coach_page import DOCUMENTS, checklist, like_rows, price_rows
from viche.portal.guards import identified, in_contest, in_own_project, public
from viche.projects.likeness import idea_of
from viche.projects.models import Project

ASKED = 120


def _asked(request: HttpRequest, name: str, most: int = ASKED) -> str:
    return request.GET.get(name, "")[:most].strip()


def _is_part(request: HttpRequest) -> bool:
    """Whether only the part of a page is asked for, by the page it stands on."""
    return request.headers.get("HX-Request") == "true"


@public
@in_contest
def coach(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What to look at before one writes, and what things cost in earlier projects."""
    asked = _asked(request, "q")
    return render(
        request,
        "portal/coach.html",
        {
            "contest": contest, "checklist": checklist(), "documents": DOCUMENTS, "asked": asked,
            "guide": price_rows(contest, asked) if asked else None,
            "is_open": "submission" in contest.phases,
        },
    )  # fmt: skip


@identified
@in_contest
@in_own_project
def like(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Projects like one's own: by the saved text, or by what is being typed now (title, summary)."""
    idea = idea_of(project)
    if "title" in request.GET:
        idea = replace(idea, title=_asked(request, "title", 500))
    if "summary" in request.GET:
        idea = replace(idea, summary=_asked(request, "summary", 600))
    template = "portal/writing/like.html" if _is_part(request) else "portal/like.html"
    likes = like_rows(contest, idea)
    return render(request, template, {"contest": contest, "project": project, "likes": likes, "idea": idea})


@identified
@in_contest
@in_own_project
def prices(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """What an item cost in earlier projects, beside the calculator or as a page."""
    asked = _asked(request, "q")
    template = "portal/writing/prices.html" if _is_part(request) else "portal/prices.html"
    guide = price_rows(contest, asked) if asked else None
    return render(request, template, {"contest": contest, "project": project, "asked": asked, "guide": guide})
