"""The booth: choose, review, confirm, receipt."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.ballot import allowance, defects
from viche.ballots.actions import candidates_of, cast_ballot, names_in
from viche.ballots.queries import box_of, mark_of, opening_of
from viche.ballots.wording import defects_text
from viche.channels.booth import selection
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.journal.queries import history_of_leaf
from viche.portal.contest_page import class_names, contest_facts, contest_url, standing
from viche.portal.guards import in_contest, in_project, public, to_login
from viche.portal.qr import qr_svg
from viche.portal.views.projects import card
from viche.projects.models import Project, State
from viche.projects.queries import Filters, admitted_projects, found_projects
from viche.results.queries import publication_of


def _steps(current: int) -> list[tuple[str, str]]:
    words = [_("Choose"), _("Review"), _("Receipt")]
    return [
        (word, "done" if place < current else "current" if place == current else "todo")
        for place, word in enumerate(words)
    ]


def allowance_rows(contest: Contest, codes: list[str]) -> list[dict[str, Any]]:
    """What is used of each limit, for the allowance part."""
    use = allowance(selection.paper_of(codes), contest.rules, candidates_of(contest))
    names = names_in(contest)
    rows = []
    if use.choices.limit is not None:
        rows.append(
            {"key": "all", "label": _("Projects"), "used": use.choices.used, "limit": use.choices.limit}
        )
    for key, part in {**use.by_class, **use.by_category}.items():
        if part.limit is not None:
            rows.append({"key": key, "label": names.get(key, key), "used": part.used, "limit": part.limit})
    return rows


def _groups(contest: Contest, codes: set[str], text: str, seed: str, person: Any) -> list[dict[str, Any]]:
    """Choice cards by size class, in the visitor's fair order."""
    classes = class_names(contest)
    shown = found_projects(contest, Filters(text=text, state=State.ADMITTED, seed=seed))
    rows: dict[str, list[dict[str, Any]]] = {key: [] for key in classes}
    for project in shown:
        is_own = (
            person is not None and project.author_id == person.id and not contest.rules.ballot.own_project
        )
        facts = card(
            contest, project, is_checked=project.code in codes, is_disabled=is_own,
            reason=_("This is your own project.") if is_own else "", group=project.size_class or "all",
        )  # fmt: skip
        rows.setdefault(project.size_class, []).append(facts)
    limits = contest.rules.ballot.max_per_class
    return [
        {"id": key or "all", "name": classes.get(key, ""), "cards": cards, "limit": limits.get(key)}
        for key, cards in rows.items()
        if cards
    ]


@public
@in_contest
def choose(request: HttpRequest, contest: Contest) -> HttpResponse:
    """All projects of the ballot as cards; what is chosen stays in this browser. Nobody must log in to choose."""
    _open_or_refuse(contest)
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is not None and (mark := mark_of(contest, person)) is not None:
        return render(request, "portal/already_voted.html", {"contest": contest, "mark": mark}, status=409)
    codes = selection.chosen(request, contest)
    if request.method == "POST":
        shown = set(request.POST.getlist("shown"))
        picked = request.POST.getlist("choice")
        # what is no longer on the ballot is let go here: no page would show it to be taken off
        known = candidates_of(contest)
        codes = [code for code in [*(each for each in codes if each not in shown), *picked] if code in known]
        to_review = "search" not in request.POST
        query = request.POST.get("q", "").strip()[:80]
        target = contest_url(contest, "review" if to_review else "vote")
        response = HttpResponseRedirect(target if to_review or not query else f"{target}?{_query(query)}")
        selection.keep(response, contest, codes)
        return _private(response)
    text = request.GET.get("q", "").strip()[:80]
    seed = selection.order_of(request)
    groups = _groups(contest, set(codes), text, seed, person)
    visible = {facts["code"] for group in groups for facts in group["cards"]}
    candidates = candidates_of(contest)
    elsewhere = [candidates[code] for code in codes if code not in visible and code in candidates]
    response = render(
        request,
        "portal/vote.html",
        {
            "contest": contest, "groups": groups, "text": text, "steps": _steps(0),
            "allowance": allowance_rows(contest, codes), "facts": contest_facts(contest),
            "elsewhere": [each.size_class or "all" for each in elsewhere],
        },
    )  # fmt: skip
    selection.keep_order(response, seed)
    return _private(response)


def _query(text: str) -> str:
    return urlencode({"q": text})


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _open_or_refuse(contest: Contest) -> None:
    if "voting" in contest.phases:
        if box_of(contest) is None:
            raise Refused(
                "no_box", _("Voting cannot begin: the commission has not prepared the ballot box yet.")
            )
        return
    window = contest.window("voting")
    if window is None:
        raise Refused("voting_closed", _("This contest has no voting."))
    day = window.starts_at.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M")
    if clock.now() < window.starts_at:
        raise Refused("voting_closed", _("Voting has not begun yet: it opens on %s.") % day)
    raise Refused("voting_closed", _("Voting is closed: no ballot can be accepted any more."))


@public
@in_contest
@in_project
def pick(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Put one project on the ballot, or take it off, from its own page."""
    back = HttpResponseRedirect(contest_url(contest, "project", project.number))
    if request.method != "POST":
        return back
    _open_or_refuse(contest)
    codes = selection.chosen(request, contest)
    codes = (
        [code for code in codes if code != project.code] if project.code in codes else [*codes, project.code]
    )
    selection.keep(back, contest, codes)
    return _private(back)


@public
@in_contest
def review(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The ballot as it will be cast, every fault in words; confirmed only by an identified person."""
    _open_or_refuse(contest)
    visitor = request.visitor  # type: ignore[attr-defined]
    person = visitor.person
    if person is not None and (mark := mark_of(contest, person)) is not None and request.method == "GET":
        return render(request, "portal/already_voted.html", {"contest": contest, "mark": mark}, status=409)
    if request.method == "POST":
        if person is None or not visitor.is_fresh:
            return to_login(request)
        return _cast(request, contest)
    codes = selection.chosen(request, contest)
    paper = selection.paper_of(codes)
    projects = {each.code: each for each in admitted_projects(contest).filter(code__in=codes)}
    faults = defects_text(defects(paper, contest.rules, candidates_of(contest, person)), names_in(contest))
    barred = []
    if person is not None:
        barred = obstacles(
            person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now()
        )
    return _private(
        render(
            request,
            "portal/review.html",
            {
                "contest": contest, "facts": standing(contest), "steps": _steps(1),
                "faults": faults, "obstacles": barred,
                "cards": [card(contest, projects[code]) for code in codes if code in projects],
                "allowance": allowance_rows(contest, codes), "request_key": selection.new_request_key(),
                "is_fresh": visitor.is_fresh, "can_cast": not faults and not barred,
                "total": sum(project.cost for project in projects.values()),
                "login": f"{reverse('login')}?{_next(request)}",
            },
        )
    )  # fmt: skip


def _next(request: HttpRequest) -> str:
    return urlencode({"next": request.path})


def _cast(request: HttpRequest, contest: Contest) -> HttpResponse:
    # the form carries the choices it showed: another tab cannot change what this page confirmed
    codes = request.POST.getlist("choice")
    receipt = cast_ballot(
        contest=contest,
        voter=request.visitor.person,  # type: ignore[attr-defined]
        paper=selection.paper_of(codes),
        channel="booth",
        method=request.visitor.method,  # type: ignore[attr-defined]
        request_key=selection.request_key(request.POST.get("request_key", "")),
    )
    response = HttpResponseRedirect(contest_url(contest, "receipt"))
    selection.forget(response, contest)
    selection.keep_receipt(
        response, contest, request.visitor.person,  # type: ignore[attr-defined]
        commitment=receipt.commitment, nonce=receipt.nonce, choices=codes,
    )  # fmt: skip
    return _private(response)


@public
@in_contest
def receipt(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The receipt, from this browser's short-lived cookie: the server keeps neither the nonce nor the choices."""
    kept = selection.receipt_of(request, contest, request.visitor.person)  # type: ignore[attr-defined]
    if kept is None:
        return _private(HttpResponseRedirect(contest_url(contest, "check")))
    projects = {each.code: each for each in admitted_projects(contest).filter(code__in=kept["choices"])}
    address = request.build_absolute_uri(f"{contest_url(contest, 'check')}?code={kept['commitment']}")
    return _private(
        render(
            request,
            "portal/receipt.html",
            {
                "contest": contest, "steps": _steps(3), "code": kept["commitment"],
                "groups": " ".join(re.findall("....", kept["commitment"])), "nonce": kept["nonce"],
                "titles": [projects[code].title for code in kept["choices"] if code in projects],
                "qr_svg": qr_svg(address), "address": address,
            },
        )
    )  # fmt: skip


@public
@in_contest
def check(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Find a receipt: in the journal, and among the openings once the result is published."""
    code = request.GET.get("code", "").strip().lower().replace(" ", "")
    is_code = len(code) == 64 and all(letter in "0123456789abcdef" for letter in code)
    entry = history_of_leaf(f"ballots:{contest.id}", bytes.fromhex(code)) if is_code else None
    is_published = publication_of(contest) is not None
    opening = opening_of(contest, bytes.fromhex(code)) if is_code and is_published else None
    titles = {}
    if opening is not None:
        titles = {each.code: each.title for each in admitted_projects(contest)}
    return _private(
        render(
            request,
            "portal/check.html",
            {
                "contest": contest, "code": code, "is_code": is_code, "entry": entry, "opening": opening,
                "choices": [titles.get(item, item) for item, _value in opening.choices["choices"]] if opening else [],
            },
        )
    )  # fmt: skip
