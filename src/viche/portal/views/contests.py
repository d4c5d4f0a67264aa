"""A contest's page and its rules."""

import secrets
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from rulebook.canonical import canonical
from rulebook.options import LOT
from rulebook.regulation import LANGUAGES, text
from rulebook.rules import differences
from rulebook.rules.vocabulary import PAPER
from viche.ballots.key_ceremony import is_held_by_commission, key_standing
from viche.ballots.queries import box_of, is_turnout_shown, mark_of, turnout_by_day
from viche.connectors.arrivals.queries import platform_of
from viche.contests.models import Contest
from viche.contests.places import change_words
from viche.contests.queries import frozen_versions
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.queries import history_of
from viche.points.queries import points_of
from viche.portal.contest_page import contest_facts, rules_in_words
from viche.portal.guards import in_contest, public
from viche.portal.plan import plan_rows
from viche.portal.project_page import following
from viche.portal.turnout_page import csv_rows, page_context
from viche.portal.views.projects import card
from viche.projects.queries import Filters, found_projects
from viche.reports.turnout import turnout_document


@public
@in_contest
def contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Where the contest stands, what can be done now, a fair taste of its projects."""
    facts = contest_facts(contest)
    person = request.visitor.person  # type: ignore[attr-defined]
    # a fair random order; with a seed, as for a copy, one that stands still
    seed = request.GET.get("seed", "")[:16] or secrets.token_hex(4)
    sample = found_projects(contest, Filters(seed=seed))[:6]
    days = turnout_by_day(contest) if is_turnout_shown(contest) or facts["is_published"] else []
    return render(
        request,
        "portal/contest.html",
        {
            **facts,
            "rules": rules_in_words(contest),
            "came_from": platform_of(contest),
            "follow": following.of_contest(request, contest),
            "sample": [card(contest, project) for project in sample],
            "has_begun_voting": _has_begun(contest, "voting"),
            "has_points": points_of(contest).exists(),
            "has_paper": any(each.kind == PAPER for each in contest.rules.channels),
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
    """The rules in short and as the whole regulation, the calendar, what was corrected, the frozen document itself."""
    language = (get_language() or "uk")[:2]
    version = contest.rules_version
    return render(
        request,
        "portal/rules.html",
        {
            "contest": contest, "rules": rules_in_words(contest), "rules_version": version,
            "regulation": text(
                contest.rules, language if language in LANGUAGES else "uk", currency=contest.currency
            ),
            "plan": plan_rows(contest.rules, contest.schedule), "corrections": _corrections(contest),
            "history": history_of(f"contest:{contest.id}"), "has_lot": LOT in contest.rules.counting.ties,
            "box": box_of(contest),
            "box_key": key_standing(contest) if is_held_by_commission(contest) else None,
        },
    )  # fmt: skip


def _corrections(contest: Contest) -> list[dict[str, Any]]:
    """Each correction of the frozen rules by decision, with what it changed; the newest first."""
    frozen = frozen_versions(contest)
    return [
        {
            "version": later,
            "changes": [
                change_words(each, former.rules, later.rules)
                for each in differences(former.document, later.document)
            ],
        }
        for former, later in reversed(list(pairwise(frozen)))
    ]


@public
@in_contest
def turnout(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Who has voted: by day, channel and part of the community, beside earlier years. Nothing here knows a choice."""
    try:
        document = turnout_document(contest)
    except Refused as refused:
        about = {"contest": contest, "why_not": refused.message}
        return render(request, "portal/turnout.html", about)
    return render(
        request,
        "portal/turnout.html",
        {"contest": contest, "turnout": document, **page_context(contest, document)},
    )


@public
@in_contest
def turnout_file(request: HttpRequest, contest: Contest, kind: str) -> HttpResponse:
    """The numbers of the page, as JSON or as CSV."""
    document = turnout_document(contest)
    if kind == "json":
        return HttpResponse(canonical(document), content_type="application/json")
    response = HttpResponse(csv_rows(document), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="turnout-{contest.slug}.csv"'
    return response


@public
@in_contest
def rules_document(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The rules document as canonical JSON: its SHA-256 is the hash the journal names."""
    return HttpResponse(canonical(contest.rules.as_document()), content_type="application/json")
