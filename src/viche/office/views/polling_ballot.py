"""A ballot cast with a voter on the screen of the desk: choose, values, review, receipt.

What is chosen lives in this browser only, apart from every other voter's, and is forgotten when the ballot is cast.
"""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import DESK
from viche.ballots.actions import candidates_of, cast_ballot, names_in
from viche.ballots.queries import box_of
from viche.channels.booth import selection
from viche.channels.booth.page import ballot_context, steps, values_context, with_values
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import DataKind, Person, Role
from viche.office.polling import METHOD, answer_about, around_desk, context_of, desk_point, scope_of
from viche.office.views.polling import found_voter
from viche.points.models import Point
from viche.points.queries import point_named
from viche.portal.balloting import ballot_cards, chosen_after, in_order, reviewed
from viche.portal.contest_page import contest_url
from viche.portal.guards import in_contest, official
from viche.portal.qr import qr_svg
from viche.portal.receipt_page import own_receipt, receipt_lines
from viche.projects.models import State
from viche.projects.queries import Filters, found_projects


def at_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Inside official and in_contest: the point and the voter of the address."""

    def wrapped(request: HttpRequest, contest: Contest, reference: UUID, name: str) -> HttpResponse:
        point = desk_point(request, contest, point_named(contest.community, reference))
        person = found_voter(request, contest, point, name)
        request.shown.about([person.pk])  # type: ignore[attr-defined]
        return view(request, contest, point, person, name)

    return functools.wraps(view)(wrapped)


def _address(contest: Contest, point: Point, name: str, page: str = "voter") -> str:
    return reverse(f"office-desk-{page}", args=[contest.slug, point.pk, name])


def _may_vote(contest: Contest, person: Person) -> bool:
    answer = answer_about(contest, person)
    if box_of(contest) is None:
        raise Refused("no_box", _("Voting cannot begin: the commission has not prepared the ballot box yet."))
    return answer.kind == "may" and answer.desk.is_open and not answer.needs_consent


@official(Role.OPERATOR, shows=(DataKind.VOTES,))
@in_contest
@at_desk
def choose(request: HttpRequest, contest: Contest, point: Point, person: Person, name: str) -> HttpResponse:
    """All projects of the ballot as cards."""
    if not _may_vote(contest, person):
        return HttpResponseRedirect(_address(contest, point, name))
    scope = scope_of(name)
    picks, candidates = selection.picks(request, contest, scope), candidates_of(contest, person)
    kind = contest.rules.ballot.kind
    if request.method == "POST":
        wanted = chosen_after(contest, picks, request.POST, candidates)
        query = request.POST.get("q", "").strip()[:80]
        if "search" in request.POST:
            there = _address(contest, point, name, "vote") + (f"?{urlencode({'q': query})}" if query else "")
        else:
            page = "values" if kind in selection.VALUED and wanted else "review"
            there = _address(contest, point, name, page)
        response = HttpResponseRedirect(there)
        selection.keep(response, contest, wanted, scope)
        return response
    query = request.GET.get("q", "").strip()[:80]
    shown = found_projects(contest, Filters(text=query, state=State.ADMITTED, seed=name[-16:]))
    cards = ballot_cards(contest, shown, person)
    for each in cards:
        each["href"] = ""
    ballot = ballot_context(
        contest.rules,
        cards,
        picks=picks,
        candidates=candidates,
        names=names_in(contest),
        currency=contest.currency,
    )
    about = context_of(request, contest, point, person, name)
    return render(
        request, "office/polling_vote.html",
        {**about, "ballot": ballot, "query": query, "steps": steps(kind, "choose")},
    )  # fmt: skip


@official(Role.OPERATOR, shows=(DataKind.VOTES,))
@in_contest
@at_desk
def values(request: HttpRequest, contest: Contest, point: Point, person: Person, name: str) -> HttpResponse:
    """Points, an order, or for and against."""
    kind, scope = contest.rules.ballot.kind, scope_of(name)
    candidates = candidates_of(contest, person)
    picks = {
        code: value for code, value in selection.picks(request, contest, scope).items() if code in candidates
    }
    if not picks or kind not in selection.VALUED or not _may_vote(contest, person):
        return HttpResponseRedirect(_address(contest, point, name))
    texts: dict[str, str] = {}
    if request.method == "POST":
        codes = [code for code in dict.fromkeys(request.POST.getlist("choice")) if code in candidates]
        picks, texts = with_values(kind, picks, request.POST, codes)
    is_sent = request.method == "POST" and "save" in request.POST
    shown = values_context(
        contest.rules, ballot_cards(contest, in_order(contest, picks), person), picks=picks, texts=texts,
        candidates=candidates, names=names_in(contest), currency=contest.currency, is_judged=is_sent,
    )  # fmt: skip
    if request.method == "POST" and not texts and not shown["is_wrong"]:
        page = "review" if is_sent else "values"
        response: HttpResponse = HttpResponseRedirect(_address(contest, point, name, page))
    else:
        about = context_of(request, contest, point, person, name)
        response = render(
            request, "office/polling_values.html", {**about, "values": shown, "steps": steps(kind, "values")},
            status=422 if is_sent or texts else 200,
        )  # fmt: skip
    selection.keep(response, contest, picks, scope)
    return response


@official(Role.OPERATOR, shows=(DataKind.VOTES,))
@in_contest
@at_desk
def review(request: HttpRequest, contest: Contest, point: Point, person: Person, name: str) -> HttpResponse:
    """The ballot as it will be cast; cast by one press, and by two no second one."""
    if request.method == "POST":
        return _cast(request, contest, point, person, name)
    if not _may_vote(contest, person):
        return HttpResponseRedirect(_address(contest, point, name))
    kind = contest.rules.ballot.kind
    ballot = reviewed(contest, selection.picks(request, contest, scope_of(name)), person)
    about: dict[str, Any] = context_of(request, contest, point, person, name)
    return render(
        request, "office/polling_review.html",
        {
            **about, "ballot": ballot, "steps": steps(kind, "review"), "is_valued": kind in selection.VALUED,
            "request_key": selection.new_request_key(),
        },
    )  # fmt: skip


def _cast(request: HttpRequest, contest: Contest, point: Point, person: Person, name: str) -> HttpResponse:
    if answer_about(contest, person).needs_consent:
        raise Refused("no_consent", _("Record first that the person agrees."), status=422)
    # the form carries the choices it showed: another window cannot change what this page confirmed
    paper = selection.paper_of_form(
        contest.rules.ballot.kind, request.POST.getlist("choice"), request.POST.getlist("value")
    )
    receipt = cast_ballot(
        contest=contest, voter=person, paper=paper, channel=DESK, method=METHOD,
        circumstances=around_desk(request, point),
        request_key=selection.request_key(request.POST.get("request_key", "")),
    )  # fmt: skip
    response = HttpResponseRedirect(_address(contest, point, name, "receipt"))
    selection.forget(response, contest, scope_of(name))
    # the operator's browser keeps the code of the receipt for its printing, and nothing of the choice
    selection.keep_receipt(
        response, contest, person, commitment=receipt.commitment, nonce=receipt.nonce, choices=()
    )
    return response


@official(Role.OPERATOR, shows=(DataKind.VOTES,))
@in_contest
@at_desk
def receipt(request: HttpRequest, contest: Contest, point: Point, person: Person, name: str) -> HttpResponse:
    """The receipt for the voter, with its QR code; gone with the next voter."""
    desk = reverse("office-desk-point", args=[contest.slug, point.pk])
    own = own_receipt(request, contest, person)
    if request.method == "POST" or own is None:
        response = HttpResponseRedirect(desk)
        selection.forget_all(response, request)
        return response
    address = request.build_absolute_uri(f"{contest_url(contest, 'check')}?code={own.code}")
    about = context_of(request, contest, point, person, name)
    return render(
        request, "office/polling_receipt.html",
        {
            **about, "steps": steps(contest.rules.ballot.kind, "done"), "own": own,
            "lines": receipt_lines(contest, own), "qr_svg": qr_svg(address),
        },
    )  # fmt: skip
