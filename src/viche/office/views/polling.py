"""The desk of a polling point: find the voter, say whether they may vote, vote with them or give out a paper ballot."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import PAPER
from viche.ballots.channels import channel_of
from viche.ballots.papers import issue_paper, mark_papers, paper_figures, replace_spoiled
from viche.channels.booth import selection
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import give_consent
from viche.identity.consents.wording import CONSENT, DEFAULT_DAY, facts_of, filled, rendered
from viche.identity.models import NOTHING, DataKind, Person, Role
from viche.identity.queries import person_named, person_of_token, text_in_force
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.points import FindForm, SerialForm, SpoiledForm, SwapForm
from viche.office.polling import (
    answer_about,
    around_desk,
    context_of,
    desk_point,
    voter_name,
    voter_named,
)
from viche.points.hours import closes_at
from viche.points.models import Point
from viche.points.queries import is_on_duty, point_named, points_of
from viche.portal.guards import in_contest, official


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def desks(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The points of a contest; the desk of the one where the visitor works now."""
    person = request.visitor.person  # type: ignore[attr-defined]
    now = clock.now()
    rows = [
        {
            "point": each, "is_mine": is_on_duty(each, person.pk), "until": closes_at(each.hours, now),
            "figures": figures_of(contest, each),
        }
        for each in points_of(contest)
    ]  # fmt: skip
    return render(
        request, "office/polling_points.html",
        {"contest": contest, "rows": rows, "tabs": contest_tabs(contest, "points")},
    )  # fmt: skip


@official(Role.OPERATOR, shows=(DataKind.SEARCHES,))
@in_contest
def desk(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """Find a voter by their document; the figures of the point; ballots spoiled or left over."""
    point = _point(request, contest, reference)
    act = request.POST.get("act", "")
    form = FindForm(request.POST if request.method == "POST" and act != "papers" else None)
    spoiled = SpoiledForm(request.POST if act == "papers" else None)
    unknown = False
    if request.method == "POST" and act == "papers":
        if spoiled.is_valid() and _papers_marked(request, contest, spoiled):
            return HttpResponseRedirect(request.path)
    elif request.method == "POST" and form.is_valid():
        read = form.cleaned_data["number"]
        person = person_of_token(read.kind, read.token)
        request.shown.searched([person.pk if person else None])  # type: ignore[attr-defined]
        if person is not None:
            name = voter_name(request, contest, point, person)
            return HttpResponseRedirect(reverse("office-desk-voter", args=[contest.slug, point.pk, name]))
        unknown = True
    request.shown.about([])  # type: ignore[attr-defined]
    return render(
        request,
        "office/polling_desk.html",
        {
            "contest": contest, "point": point, "form": form, "spoiled": spoiled, "is_unknown": unknown,
            "figures": figures_of(contest, point),
            "is_numbered": is_numbered(contest),
        },
        status=422 if form.errors or spoiled.errors else 200,
    )  # fmt: skip


@official(Role.OPERATOR, shows=(DataKind.VOTES,))
@in_contest
def voter(request: HttpRequest, contest: Contest, reference: UUID, name: str) -> HttpResponse:
    """May vote, has voted, or may not: one sentence, and what to do. An act is one of the forms of the page."""
    point = _point(request, contest, reference)
    person = found_voter(request, contest, point, name)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    serial = SerialForm(request.POST if act == "issue" else None)
    swap = SwapForm(request.POST if act == "replace" else None)
    if act and _done(request, contest, point, person, act, {"issue": serial, "replace": swap}):
        return HttpResponseRedirect(request.path)
    answer = answer_about(contest, person)
    text = text_in_force(contest.community, CONSENT)
    day = text.since.astimezone(clock.KYIV).date() if text and text.since else DEFAULT_DAY
    source = text.in_language(get_language() or "uk") if text else ""
    return render(
        request,
        "office/polling_voter.html",
        {
            **context_of(request, contest, point, person, name), "answer": answer, "serial": serial, "swap": swap,
            "request_key": request.POST.get("request_key") or selection.new_request_key(),
            "is_numbered": is_numbered(contest), "text": text,
            "html": rendered(filled(source, facts_of(contest.community, request.get_host(), day))),
        },
        status=422 if serial.errors or swap.errors else 200,
    )  # fmt: skip


def found_voter(request: HttpRequest, contest: Contest, point: Point, name: str) -> Person:
    """The voter of the address. Refused: voter_gone."""
    person = person_named(voter_named(request, contest, point, name))
    if person is None:
        raise Refused("voter_gone", _("This voter’s record is gone: look them up again."), status=404)
    return person


def is_numbered(contest: Contest) -> bool:
    """Whether numbered paper ballots are given out in the contest."""
    try:
        channel_of(contest.rules, PAPER)
    except Refused:
        return False
    paper = contest.rules.paper
    return bool(contest.rules.channels) and paper.mode == "ballots" and not paper.is_named


def figures_of(contest: Contest, point: Point) -> list[tuple[str, int]]:
    """Paper ballots of the point in numbers; none where the contest gives out no numbered ones."""
    if not is_numbered(contest):
        return []
    found = paper_figures(contest, point.pk)
    return [
        (_("Printed for this point"), found.printed), (_("Given out"), found.issued),
        (_("Spoiled"), found.spoiled), (_("Still at hand"), found.waiting),
    ]  # fmt: skip


def _point(request: HttpRequest, contest: Contest, reference: UUID) -> Point:
    return desk_point(request, contest, point_named(contest.community, reference))


def _papers_marked(request: HttpRequest, contest: Contest, form: Any) -> bool:
    try:
        number = mark_papers(
            contest=contest, serials=form.cleaned_data["serials"], state=form.cleaned_data["state"],
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        return _told(form, refused)
    messages.success(request, _("Ballots written off: %d.") % number)
    return True


def _done(
    request: HttpRequest, contest: Contest, point: Point, person: Person, act: str, forms: dict[str, Any]
) -> bool:
    """Whether the act is done; otherwise its form says why not. Refused: what no form can say."""
    if act == "consent":
        _consented(request, contest, person)
        return True
    form = forms.get(act)
    if form is None or not form.is_valid():
        return False
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if act == "issue":
            if answer_about(contest, person).needs_consent:
                raise Refused("no_consent", _("Record first that the person agrees."), status=422)
            issued = issue_paper(
                contest=contest, voter=person, serial=form.cleaned_data["serial"], by=by, method="desk",
                request_key=selection.request_key(request.POST.get("request_key", "")),
                circumstances=around_desk(request, point),
            )  # fmt: skip
        else:
            issued = replace_spoiled(
                contest=contest,
                voter=person,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                by=by,
            )
    except Refused as refused:
        return _told(form, refused)
    messages.success(request, _("Ballot No. %d is given out: the person has voted.") % issued.serial)
    return True


def _consented(request: HttpRequest, contest: Contest, person: Person) -> None:
    if not request.POST.get("agreed"):
        raise Refused("no_consent", _("Mark that the person has read the text and agrees."), status=422)
    seen = request.POST.get("seen", "")
    give_consent(
        person=person, community=contest.community, channel="desk",
        seen=int(seen) if seen.isdigit() and len(seen) < 6 else -1,
    )  # fmt: skip
    messages.success(request, _("The consent is recorded."))


def _told(form: forms.Form, refused: Refused) -> bool:
    if refused.status == 403 and refused.code == "not_entering":
        raise refused
    for field, message in (refused.fields or {"": refused.message}).items():
        form.add_error(field if field in form.fields else None, message)
    return False
