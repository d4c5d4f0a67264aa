"""The demo's guide: who one can be, and what to try."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.communities.models import localised
from viche.communities.queries import connected_communities
from viche.contests.queries import opened_contests_of
from viche.demo.cast import people
from viche.portal.contest_page import contest_facts
from viche.portal.guards import public


@public
def demo(request: HttpRequest) -> HttpResponse:
    """People of the cast with their roles, and the contests in every phase."""
    contests = [
        contest_facts(contest) for each in connected_communities() for contest in opened_contests_of(each)
    ]
    cast = [{**person, "about": localised(person["hint"])} for person in people()]
    return render(request, "demo/guide.html", {"contests": contests, "cast": cast})
