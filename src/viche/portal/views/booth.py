"""The booth: choose, review, confirm, receipt."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import ONLINE
from viche.ballots.actions import candidates_of, cast_ballot, names_in
from viche.ballots.channels import channel_of, hours_of, why_closed, why_method_refused
from viche.ballots.queries import Mark, box_of, mark_of
from viche.channels.booth import selection
from viche.channels.booth.page import (
    TITLES,
    ballot_context,
    steps,
    values_context,
    with_values,
)
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.methods import methods_text
from viche.portal.balloting import ballot_cards, chosen_after, in_order, reviewed
from viche.portal.circumstances import circumstances_of, device_of, keep_device
from viche.portal.contest_page import contest_url, standing
from viche.portal.guards import in_contest, in_project, public, to_login
from viche.projects.models import Project, State
from viche.projects.queries import Filters, found_projects
from viche.review.queries import incompatible_groups


def _method_fault(request: HttpRequest, contest: Contest) -> str:
    """Why the method the visitor identified by does not admit to online voting; "" where it does."""
    visitor = request.visitor  # type: ignore[attr-defined]
    fault = why_method_refused(contest.rules, ONLINE, visitor.method) if visitor.person is not None else None
    return str(fault.message) if fault else ""


def _closes_at(contest: Contest) -> datetime | None:
    """When online voting closes, which may be before the voting ends."""
    window = contest.window("voting")
    hours = hours_of(channel_of(contest.rules, ONLINE), window) if window else None
    return hours.ends_at if hours else None


@public
@in_contest
def choose(request: HttpRequest, contest: Contest) -> HttpResponse:
    """All projects of the ballot as cards; what is chosen stays in this browser. Nobody must log in to choose."""
    _open_or_refuse(contest)
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is not None and (mark := mark_of(contest, person)) is not None:
        return _already_voted(request, mark)
    kind = contest.rules.ballot.kind
    picks = selection.picks(request, contest)
    candidates = candidates_of(contest)
    if request.method == "POST":
        wanted = chosen_after(contest, picks, request.POST, candidates)
        to_review = "search" not in request.POST
        query = request.POST.get("q", "").strip()[:80]
        following = "values" if kind in selection.VALUED and wanted else "review"
        target = contest_url(contest, following if to_review else "vote")
        response = HttpResponseRedirect(target if to_review or not query else f"{target}?{_query(query)}")
        selection.keep(response, contest, wanted)
        return _private(response)
    text = request.GET.get("q", "").strip()[:80]
    seed = selection.order_of(request)
    shown_now = found_projects(contest, Filters(text=text, state=State.ADMITTED, seed=seed))
    online = channel_of(contest.rules, ONLINE)
    response = render(
        request,
        "portal/vote.html",
        {
            "contest": contest, "text": text, "steps": steps(kind, "choose"), "closes_at": _closes_at(contest),
            "ballot": ballot_context(
                contest.rules, ballot_cards(contest, shown_now, person), picks=picks, candidates=candidates,
                names=names_in(contest), currency=contest.currency,
            ),
            "methods": "" if "isei" in contest.rules.methods_in(online)
            else methods_text(contest.rules.methods_in(online)),
            "method_fault": _method_fault(request, contest), "login": f"{reverse('login')}?{_next(request)}",
            "rivals": incompatible_groups(contest),
        },
    )  # fmt: skip
    selection.keep_order(response, seed)
    return _private(response)


def _query(text: str) -> str:
    return urlencode({"q": text})


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _already_voted(request: HttpRequest, mark: Mark) -> HttpResponse:
    about = {"contest": mark.contest, "mark": mark}
    return _private(render(request, "portal/already_voted.html", about, status=409))


def _open_or_refuse(contest: Contest) -> None:
    if fault := why_closed(contest, ONLINE):
        raise fault
    if box_of(contest) is None:
        raise Refused("no_box", _("Voting cannot begin: the commission has not prepared the ballot box yet."))


@public
@in_contest
@in_project
def pick(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Put one project on the ballot, or take it off, from its own page."""
    back = HttpResponseRedirect(contest_url(contest, "project", project.number))
    if request.method != "POST":
        return back
    _open_or_refuse(contest)
    picks = selection.picks(request, contest)
    if project.code in picks:
        del picks[project.code]
    else:
        picks = {**({} if contest.rules.ballot.kind == "choose-1" else picks), project.code: 1}
    selection.keep(back, contest, picks)
    return _private(back)


@public
@in_contest
def values(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Points, an order, or for and against: what a ballot of such a kind says of each chosen project."""
    _open_or_refuse(contest)
    kind = contest.rules.ballot.kind
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is not None and (mark := mark_of(contest, person)) is not None:
        return _already_voted(request, mark)
    candidates = candidates_of(contest, person)
    picks = {code: value for code, value in selection.picks(request, contest).items() if code in candidates}
    if kind not in selection.VALUED:
        return _private(HttpResponseRedirect(contest_url(contest, "review")))
    texts: dict[str, str] = {}
    if request.method == "POST":
        codes = [code for code in dict.fromkeys(request.POST.getlist("choice")) if code in candidates]
        picks, texts = with_values(kind, picks, request.POST, codes)
    if not picks:
        response = HttpResponseRedirect(contest_url(contest, "vote"))
        selection.keep(response, contest, picks)
        return _private(response)
    is_sent = request.method == "POST" and "save" in request.POST
    context = values_context(
        contest.rules, ballot_cards(contest, in_order(contest, picks), person), picks=picks, texts=texts,
        candidates=candidates, names=names_in(contest), currency=contest.currency, is_judged=is_sent,
    )  # fmt: skip
    if request.method == "POST" and not texts and not context["is_wrong"]:
        there = contest_url(contest, "review") if is_sent else f"{contest_url(contest, 'values')}#values"
        response: HttpResponse = HttpResponseRedirect(there)
    else:
        response = render(
            request,
            "portal/values.html",
            {
                "contest": contest, "facts": standing(contest), "steps": steps(kind, "values"), "values": context,
            },
            status=422 if is_sent or texts else 200,
        )  # fmt: skip
    selection.keep(response, contest, picks)
    return _private(response)


@public
@in_contest
def review(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The ballot as it will be cast, every fault in words; confirmed only by an identified person."""
    _open_or_refuse(contest)
    visitor = request.visitor  # type: ignore[attr-defined]
    person = visitor.person
    if person is not None and (mark := mark_of(contest, person)) is not None and request.method == "GET":
        return _already_voted(request, mark)
    if request.method == "POST":
        if person is None or not visitor.is_fresh(contest.rules.fresh_minutes):
            return to_login(request)
        return _cast(request, contest)
    rules, kind = contest.rules, contest.rules.ballot.kind
    picks = selection.picks(request, contest)
    ballot = reviewed(contest, picks, person)
    barred = []
    if person is not None:
        barred = obstacles(
            person=person, territory=contest.community.territory, rule=rules.voter, moment=clock.now(),
            channel="online",
        )  # fmt: skip
    is_valued = kind in selection.VALUED
    return _private(
        render(
            request,
            "portal/review.html",
            {
                "contest": contest, "facts": standing(contest), "steps": steps(kind, "review"),
                "faults": ballot.faults, "obstacles": barred, "method_fault": _method_fault(request, contest),
                "cards": ballot.cards, "allowance": ballot.allowance,
                "request_key": selection.new_request_key(),
                "is_fresh": visitor.is_fresh(rules.fresh_minutes), "can_cast": not ballot.faults and not barred,
                "total": ballot.total,
                "values_href": contest_url(contest, "values") if is_valued and picks else "",
                "values_title": TITLES.get(kind, ""),
                "login": f"{reverse('login')}?{_next(request)}",
            },
        )
    )  # fmt: skip


def _next(request: HttpRequest) -> str:
    return urlencode({"next": request.path})


def _cast(request: HttpRequest, contest: Contest) -> HttpResponse:
    device = device_of(request)
    # the form carries the choices it showed: another tab cannot change what this page confirmed
    paper = selection.paper_of_form(
        contest.rules.ballot.kind, request.POST.getlist("choice"), request.POST.getlist("value")
    )
    receipt = cast_ballot(
        contest=contest,
        voter=request.visitor.person,  # type: ignore[attr-defined]
        paper=paper,
        channel=ONLINE,
        method=request.visitor.method,  # type: ignore[attr-defined]
        circumstances=circumstances_of(request, device),
        request_key=selection.request_key(request.POST.get("request_key", "")),
    )
    response = HttpResponseRedirect(contest_url(contest, "receipt"))
    keep_device(response, device)
    selection.forget(response, contest)
    selection.keep_receipt(
        response, contest, request.visitor.person,  # type: ignore[attr-defined]
        commitment=receipt.commitment, nonce=receipt.nonce, choices=paper.choices,
    )  # fmt: skip
    return _private(response)
