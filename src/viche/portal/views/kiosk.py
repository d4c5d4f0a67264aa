"""Pages of a public screen: begin, choose, review, identify, cast, receipt, and everything forgotten."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import KIOSK
from viche.ballots.actions import candidates_of, cast_ballot, names_in
from viche.ballots.channels import why_method_refused
from viche.ballots.queries import mark_of
from viche.ballots.traces import Circumstances
from viche.channels.booth import selection
from viche.channels.booth.page import ballot_context, steps, values_context, with_values
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.models import Person
from viche.identity.queries import needs_consent
from viche.points.actions import pair_screen
from viche.points.models import Screen, Visit
from viche.points.visits import begin_visit, confirm_visit, name_of, named_visit, open_handover
from viche.portal.balloting import ballot_cards, chosen_after, in_order, reviewed
from viche.portal.contest_page import contest_url
from viche.portal.guards import identified, public, to_login
from viche.portal.kiosk import (
    WAITING,
    barred,
    contests_here,
    forgotten,
    in_visit,
    keep_screen,
    on_screen,
    private,
    scope_of,
    screen_of,
    shown,
    shut,
    voter_of,
)
from viche.portal.qr import qr_svg
from viche.portal.receipt_page import own_receipt, receipt_lines
from viche.projects.models import State
from viche.projects.queries import Filters, found_projects, project_numbered

ON_PAGE = 6


@public
def start(request: HttpRequest) -> HttpResponse:
    """The start of a screen: its contests. Another browser is asked for the code that makes it a screen."""
    screen = screen_of(request)
    if screen is None:
        return _pair(request)
    if request.method == "POST":
        return _begin(request, screen)
    return shown(
        request, "stand/start.html", {"screen": screen, "contests": contests_here(screen)}, idle=None
    )


def _pair(request: HttpRequest) -> HttpResponse:
    """Tie this browser to a point by the code; whoever was signed in here is signed out."""
    error = ""
    if request.method == "POST":
        try:
            _screen, token = pair_screen(
                community=request.place.community, code=request.POST.get("code", "")[:20],  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            error = str(refused.message)
        else:
            sessions.leave(request)
            response = HttpResponseRedirect(reverse("kiosk"))
            selection.forget_all(response, request)
            keep_screen(response, token)
            return private(response)
    return shown(request, "stand/pair.html", {"error": error}, status=422 if error else 200, idle=None)


def _begin(request: HttpRequest, screen: Screen) -> HttpResponse:
    chosen = next(
        (
            each
            for each, fault in contests_here(screen)
            if each.slug == request.POST.get("contest") and not fault
        ),
        None,
    )
    if chosen is None:
        return private(HttpResponseRedirect(reverse("kiosk")))
    begin_visit(screen=screen, contest=chosen)
    return private(HttpResponseRedirect(reverse("kiosk-choose")))


@on_screen
def reset(request: HttpRequest, screen: Screen) -> HttpResponse:
    """Forget everything of whoever stood here, and begin anew. In any other browser nothing is forgotten."""
    return forgotten(request, screen)


@in_visit
def choose(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """Six projects at a time; what is chosen stays in this screen until it is cast or forgotten."""
    contest = _open(visit)
    scope, person = scope_of(visit), voter_of(visit)
    candidates = candidates_of(contest, person)
    picks = selection.picks(request, contest, scope)
    if request.method == "POST":
        wanted = chosen_after(contest, picks, request.POST, candidates)
        response = HttpResponseRedirect(_after_choosing(contest, request.POST.get("go", ""), wanted))
        selection.keep(response, contest, wanted, scope)
        return response
    every = list(found_projects(contest, Filters(state=State.ADMITTED, seed=visit.pk.hex[:16])))
    pages = max(1, -(-len(every) // ON_PAGE))
    page = min(max(_number(request.GET.get("page")), 1), pages)
    part = every[(page - 1) * ON_PAGE : page * ON_PAGE]
    return shown(
        request, "stand/choose.html",
        {
            **_about(screen, visit, "choose"), "ballot": _ballot(contest, part, picks, person, candidates),
            "page": page, "pages": pages, "before": page - 1,
            "after": page + 1 if page < pages else 0,
        },
    )  # fmt: skip


def _after_choosing(contest: Contest, go: str, wanted: Mapping[str, int]) -> str:
    if go.isdigit() and len(go) < 5:
        return f"{reverse('kiosk-choose')}?page={go}"
    if go == "number":
        return reverse("kiosk-number")
    valued = contest.rules.ballot.kind in selection.VALUED and wanted
    return reverse("kiosk-values" if valued else "kiosk-review")


@in_visit
def number(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """Find a project by its number, typed with large keys of the page."""
    contest = _open(visit)
    scope, person = scope_of(visit), voter_of(visit)
    candidates = candidates_of(contest, person)
    picks = selection.picks(request, contest, scope)
    if request.method == "POST":
        wanted = chosen_after(contest, picks, request.POST, candidates)
        response = HttpResponseRedirect(reverse("kiosk-choose"))
        selection.keep(response, contest, wanted, scope)
        return response
    typed = "".join(each for each in request.GET.get("n", "") if each in "0123456789")[:5]
    found = project_numbered(contest, int(typed)) if typed else None
    here = [found] if found is not None and found.code in candidates else []
    return shown(
        request, "stand/number.html",
        {
            **_about(screen, visit, "choose"), "typed": typed, "shorter": typed[:-1],
            "keys": [str(each) for each in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)],
            "ballot": _ballot(contest, here, picks, person, candidates) if here else None,
        },
    )  # fmt: skip


@in_visit
def values(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """Points, an order, or for and against."""
    contest = _open(visit)
    kind, scope, person = contest.rules.ballot.kind, scope_of(visit), voter_of(visit)
    candidates = candidates_of(contest, person)
    kept = selection.picks(request, contest, scope)
    picks = {code: value for code, value in kept.items() if code in candidates}
    if not picks or kind not in selection.VALUED:
        return HttpResponseRedirect(reverse("kiosk-choose"))
    texts: dict[str, str] = {}
    if request.method == "POST":
        codes = [code for code in dict.fromkeys(request.POST.getlist("choice")) if code in candidates]
        picks, texts = with_values(kind, picks, request.POST, codes)
    is_sent = request.method == "POST" and "save" in request.POST
    context = values_context(
        contest.rules, ballot_cards(contest, in_order(contest, picks), person), picks=picks, texts=texts,
        candidates=candidates, names=names_in(contest), currency=contest.currency, is_judged=is_sent,
    )  # fmt: skip
    if request.method == "POST" and not texts and not context["is_wrong"]:
        response: HttpResponse = HttpResponseRedirect(reverse("kiosk-review" if is_sent else "kiosk-values"))
    else:
        response = shown(
            request, "stand/values.html", {**_about(screen, visit, "values"), "values": context},
            status=422 if is_sent or texts else 200,
        )  # fmt: skip
    selection.keep(response, contest, picks, scope)
    return response


@in_visit
def review(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """The ballot as it will be cast; identified or on the way to it; cast by one press."""
    if request.method == "POST":
        return _cast(request, screen, visit)
    contest, person = _open(visit), voter_of(visit)
    picks = selection.picks(request, contest, scope_of(visit))
    ballot = reviewed(contest, picks, person)
    fault = why_method_refused(contest.rules, KIOSK, visit.method) if person is not None else None
    mark = mark_of(contest, person) if person is not None else None
    is_final = mark is not None and (not contest.rules.ballot.revote or mark.channel == "paper")
    reasons = [str(fault.message)] if fault else barred(contest, person) if person is not None else []
    return shown(
        request, "stand/review.html",
        {
            **_about(screen, visit, "review"), "ballot": ballot, "voter": person, "mark": mark if is_final else None,
            "reasons": reasons, "is_valued": contest.rules.ballot.kind in selection.VALUED,
            "can_cast": person is not None and not (ballot.faults or reasons or is_final),
            "request_key": selection.new_request_key(),
            "agrees": person is not None and needs_consent(person, contest.community),
        },
    )  # fmt: skip


def _cast(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    contest, person = visit.contest, voter_of(visit)
    if person is None:
        return HttpResponseRedirect(reverse("kiosk-identify"))
    if needs_consent(person, contest.community):
        raise Refused(
            "no_consent", _("First agree to the use of your personal data, on your telephone or at the desk.")
        )
    # the form carries the choices it showed
    paper = selection.paper_of_form(
        contest.rules.ballot.kind, request.POST.getlist("choice"), request.POST.getlist("value")
    )
    receipt = cast_ballot(
        contest=contest, voter=person, paper=paper, channel=KIOSK, method=visit.method,
        request_key=selection.request_key(request.POST.get("request_key", "")),
        circumstances=Circumstances(
            point=str(screen.point_id), terminal=visit.terminal or str(screen.pk),
            issuer=visit.issuer,
        ),
    )  # fmt: skip
    response = HttpResponseRedirect(reverse("kiosk-receipt"))
    selection.forget(response, contest, scope_of(visit))
    # the code alone: the choices are forgotten here and now
    selection.keep_receipt(
        response, contest, person, commitment=receipt.commitment, nonce=receipt.nonce, choices=()
    )
    return response


@in_visit
def identify(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """A code for the telephone: the visitor identifies there, as the rules ask, and the screen goes on by itself."""
    _open(visit)
    if voter_of(visit) is not None:
        return HttpResponseRedirect(reverse("kiosk-review"))
    address = request.build_absolute_uri(reverse("kiosk-phone", args=[name_of(visit)]))
    return shown(
        request, "stand/identify.html",
        {**_about(screen, visit, "review"), "qr_svg": qr_svg(address), "number": visit.number}, idle=WAITING,
    )  # fmt: skip


@in_visit
def waiting(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """Whether somebody has identified for this visit, for the script of the page."""
    return JsonResponse({"is_identified": voter_of(visit) is not None})


@in_visit
def receipt(request: HttpRequest, screen: Screen, visit: Visit) -> HttpResponse:
    """The receipt with its QR code, to print or to take a picture of; then everything is forgotten."""
    contest = visit.contest
    own = own_receipt(request, contest, visit.person) if visit.person is not None else None
    if own is None:
        return forgotten(request, screen)
    address = request.build_absolute_uri(f"{contest_url(contest, 'check')}?code={own.code}")
    return shown(
        request, "stand/receipt.html",
        {
            **_about(screen, visit, "done"), "own": own, "lines": receipt_lines(contest, own),
            "qr_svg": qr_svg(address),
        },
    )  # fmt: skip


@on_screen
def handover(request: HttpRequest, screen: Screen, name: str) -> HttpResponse:
    """A partner's machine has identified somebody and opens this page: they choose, and need not identify again."""
    visit = open_handover(screen=screen, name=name)
    response = HttpResponseRedirect(reverse("kiosk-choose"))
    selection.forget_all(response, request)
    fault = shut(visit.contest)
    if fault is not None:
        raise fault
    return response


@identified
def phone(request: HttpRequest, name: str) -> HttpResponse:
    """On the telephone: I stand at that screen and vote there. Then the screen goes on by itself."""
    visit = named_visit(request.place.community, name)  # type: ignore[attr-defined]
    if visit is None or visit.screen is None:
        raise Refused(
            "visit_over",
            _("At the screen somebody has ended or begun anew: scan its code again."),
            status=404,
        )
    visitor = request.visitor  # type: ignore[attr-defined]
    contest, is_done = visit.contest, visit.person_id == visitor.person.pk
    if request.method == "POST" and not is_done:
        if not visitor.is_fresh(contest.rules.fresh_minutes):
            return to_login(request)
        if fault := why_method_refused(contest.rules, KIOSK, visitor.method):
            raise fault
        if needs_consent(visitor.person, contest.community):
            raise Refused("no_consent", _("First agree to the use of your personal data."), status=403)
        confirm_visit(visit=visit, person=visitor.person, method=visitor.method, issuer=visitor.issuer)
        return HttpResponseRedirect(request.path)
    is_fresh = visitor.is_fresh(contest.rules.fresh_minutes)
    if not is_done and not is_fresh:
        return to_login(request)
    return render(
        request, "portal/kiosk_phone.html", {"visit": visit, "contest": contest, "is_done": is_done}
    )


def _open(visit: Visit) -> Contest:
    """The visit's contest. Refused: why no ballot is taken at screens now."""
    fault = shut(visit.contest)
    if fault is not None:
        raise fault
    return visit.contest


def _about(screen: Screen, visit: Visit, step: str) -> dict[str, Any]:
    return {
        "screen": screen, "visit": visit, "contest": visit.contest,
        "steps": steps(visit.contest.rules.ballot.kind, step),
    }  # fmt: skip


def _ballot(
    contest: Contest, projects: Any, picks: Mapping[str, int], person: Person | None, candidates: Any
) -> dict[str, Any]:
    """Cards of the projects shown: no pictures to wait for, no link that leads away."""
    cards = ballot_cards(contest, projects, person)
    for each in cards:
        each["href"] = each["picture"] = ""
    return ballot_context(
        contest.rules,
        cards,
        picks=picks,
        candidates=candidates,
        names=names_in(contest),
        currency=contest.currency,
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 5 else 1
