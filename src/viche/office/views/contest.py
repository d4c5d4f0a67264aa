"""One contest for its officials."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.ballots import actions as ballots
from viche.ballots.channels import waits_for_first_key
from viche.ballots.key_ceremony import waits_for_key_since
from viche.ballots.queries import box_of
from viche.contests.actions import findings
from viche.contests.models import Contest
from viche.contests.queries import open_proposals
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.contest import TieForm
from viche.office.views.rules import worked_on
from viche.portal.contest_page import contest_facts, rules_in_words
from viche.portal.guards import in_contest, official
from viche.results.actions import (
    certify_result,
    decide_tie,
    issues_before_publication,
    publish_result,
    run_count,
)
from viche.results.models import Count
from viche.results.queries import certifications_of, latest_count, tie_decisions
from viche.results.wording import Telling
from viche.review.queries import waiting_projects


@official(shows=NOTHING)
@in_contest
def contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """One contest for its officials: what is done, what is next, and why a step is not possible yet."""
    count = latest_count(contest)
    tie_rows = Telling(count).tie_rows(tie_decisions(contest)) if count else []
    ties = _open_ties(request, [row for row in tie_rows if row["is_open"]])
    if request.method == "POST":
        done = (
            _decide(request, ties, count) if request.POST.get("act") == "decide" else _act(request, contest)
        )
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("office-contest", args=[contest.slug]))
    published = getattr(contest, "publication", None)
    return render(
        request,
        "office/contest.html",
        {
            **contest_facts(contest),
            "rules": rules_in_words(contest),
            "tabs": contest_tabs(contest, "contest"),
            "proposals": open_proposals(contest),
            "preparing": None if contest.is_frozen else _preparing(contest),
            "box": box_of(contest),
            "waits_for_first_key": contest.is_frozen and waits_for_first_key(contest),
            "waits_for_key_since": waits_for_key_since(contest),
            "has_voting_ended": contest.has_ended("voting"),
            "count": count,
            "certifications": certifications_of(count) if count else [],
            "publication": published,
            "publication_issues": issues_before_publication(count) if count and published is None else [],
            "waiting": list(waiting_projects(contest)),
            "ties": ties,
            "decided_ties": [row for row in tie_rows if not row["is_open"]],
            "undecided": Telling(count).undecided_projects() if count and ties else [],
        },
        status=422 if any(tie["form"].errors for tie in ties) else 200,
    )


def _preparing(contest: Contest) -> dict[str, Any]:
    """How far the draft is: what is wrong in its rules, and what in its dates."""
    rules = worked_on(contest).rules
    wrong = [each for each in findings(contest, rules) if not each.is_warning]
    return {
        "rules": [each.text for each in wrong if each.path != "/schedule"] + ballots.not_yet_possible(rules),
        "dates": [each.text for each in wrong if each.path == "/schedule"],
    }


def _open_ties(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The open ties of a count, each with its form; the one that was sent holds what was typed."""
    sent = request.POST.get("tie") if request.POST.get("act") == "decide" else None
    found = []
    for index, row in enumerate(rows):
        name = f"tie-{index}"
        projects = [
            (each["project"].code, f"№ {each['project'].number}: {each['project'].title}")
            for each in row["projects"]
        ]
        form = TieForm(request.POST if sent == name else None, prefix=name, projects=projects)
        found.append({**row, "name": name, "form": form})
    return found


def _decide(request: HttpRequest, ties: list[dict[str, Any]], count: Count | None) -> str:
    """Record the commission's decision of a tie; empty where its form has faults."""
    form = next((tie["form"] for tie in ties if tie["form"].is_bound), None)
    # the number of the count stands in the form: a page that was open for long must not decide another tie
    if count is None or form is None or request.POST.get("count") != str(count.number):
        raise Refused(
            "not_latest", _("The ballots were counted again meanwhile: look at the latest count first.")
        )
    if not form.is_valid():
        return ""
    try:
        decide_tie(
            count=count, order=form.order, protocol=form.cleaned_data["protocol"], note=form.cleaned_data["note"],
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status != 422:
            raise
        for name, message in (refused.fields or {"": refused.message}).items():
            form.add_error(name if name in form.fields else None, message)
        return ""
    return _("The decision is recorded and the ballots are counted again with it.")


def _act(request: HttpRequest, contest: Contest) -> str:
    """Do the act that was pressed; returns what to say."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act == "count":
        ballots.open_box(contest=contest, by=by)
        run_count(contest=contest, by=by)
        return _("The box is opened and the ballots are counted.")
    count = latest_count(contest)
    if count is None or act not in {"certify", "publish"}:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if act == "certify":
        certify_result(count=count, by=by)
        return _("You have certified the count.")
    publish_result(count=count, by=by)
    return _("The result is published.")
