"""The latest of what is said about a project, and its latest news, on its page."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.projects.actions.moves import roles_about
from viche.projects.models import Project
from viche.talk.queries import comments_on, news_of, number_of_comments

LATEST = 3


def talk(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    if contest.rules.comments == "off":
        return None
    person = request.visitor.person  # type: ignore[attr-defined]
    return {
        "number": number_of_comments(project), "latest": list(comments_on(project, person)[:LATEST]),
        "reader": person,
    }  # fmt: skip


def news(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = [each for each in news_of(project)[: LATEST + 1] if each.hidden_at is None]
    visitor = request.visitor  # type: ignore[attr-defined]
    writes = visitor.person is not None and bool(
        roles_about(project, visitor.actor()) & {"author", "editor", "administrator"}
    )
    return (
        {"latest": found[:LATEST], "has_more": len(found) > LATEST, "writes": writes}
        if found or writes
        else None
    )
