"""A contest's page and its rules."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.options import LOT
from viche.ballots.queries import box_of, is_turnout_shown, mark_of, turnout_by_day
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.queries import history_of
from viche.portal.contest_page import contest_facts, rules_in_words
from viche.portal.guards import in_contest, public
from viche.portal.views.projects import card
from viche.projects.queries import Filters, found_projects


@public
@in_contest
def contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Where the contest stands, what can be done now, a fair taste of its projects."""
    facts = contest_facts(contest)
    person = request.visitor.person  # type: ignore[attr-defined]
    sample = found_projects(contest, Filters(seed=secrets.token_hex(4)))[:6]
    days = turnout_by_day(contest) if is_turnout_shown(contest) or facts["is_published"] else []
    return render(
        request,
        "portal/contest.html",
        {
            **facts,
            "rules": rules_in_words(contest),
            "sample": [card(contest, project) for project in sample],
            "has_begun_voting": _has_begun(contest, "voting"),
            "mark": mark_of(contest, person) if person and contest.window("voting") else None,
            "turnout_rows": [
                {
                    "label": day.strftime("%d.%m"),
                    "value": number,
                    "text": f"{number:,}".replace(",", "\u00a0"),
                    "kind": "",
                }
                for day, number in days
            ],
        },
    )


def _has_begun(contest: Contest, phase: str) -> bool:
    window = contest.window(phase)
    return window is not None and window.starts_at <= clock.now()


@public
@in_contest
def rules(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The rules in words, and the frozen document itself."""
    return render(
        request,
        "portal/rules.html",
        {
            "contest": contest, "rules": rules_in_words(contest), "rules_version": contest.rules_version,
            "history": history_of(f"contest:{contest.id}"), "has_lot": LOT in contest.rules.counting.ties,
            "box": box_of(contest),
        },
    )  # fmt: skip


@public
@in_contest
def rules_document(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The rules document as canonical JSON: its SHA-256 is the hash the journal names."""
    from rulebook.canonical import canonical

    return HttpResponse(canonical(contest.rules.as_document()), content_type="application/json")
