"""What every project page shows: the estimate, the place, the decisions, the history, the facts, the result."""

from typing import Any

from django.http import HttpRequest

from rulebook import lifecycle
from viche.contests.models import Contest
from viche.journal.queries import history_of
from viche.portal.maps import locator
from viche.projects.estimate import estimate_lines
from viche.projects.models import Project
from viche.projects.team import authors_shown
from viche.results.queries import publication_of
from viche.results.wording import place_of


def estimate(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    rows = estimate_lines(project.items)
    # what the regulation's reserve makes of the cost beside the items
    reserve = project.cost - sum(row["sum"] for row in rows)
    return (
        {"items": rows, "reserve": reserve if contest.rules.submission.reserve_share else 0} if rows else None
    )


def place(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = locator(contest, project)
    return {"map": found} if found else None


def history(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    entries = [
        {"at": line.at, "title": line.sentence, "text": "", "kind": "", "href": ""}
        for line in history_of(project.subject)
    ]
    return {"entries": entries} if entries else None


def facts(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    person = request.visitor.person  # type: ignore[attr-defined]
    withdrawing = lifecycle.decide(project.state, "withdraw", roles={lifecycle.AUTHOR}, phases=contest.phases)
    is_mine = person is not None and project.author_id == person.id
    return {
        "authors": authors_shown(project),
        "can_withdraw": is_mine and isinstance(withdrawing, lifecycle.Move),
    }


def result(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    published = publication_of(contest)
    found = place_of(published.count, project.code) if published is not None else None
    return {"result": found} if found else None
