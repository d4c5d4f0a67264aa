"""The button by which a visitor follows a project, a search, a contest or the whole community."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.messages.queries import is_followed
from viche.connectors.messages.searches import query_from
from viche.contests.models import Contest
from viche.projects.models import Project


def _button(request: HttpRequest, community: Community, text: str, **subject: Any) -> dict[str, Any]:
    """What portal/follow.html shows. Costs one query for an identified person and none for others."""
    person = request.visitor.person  # type: ignore[attr-defined]
    contest, project = subject.get("contest"), subject.get("project")
    return {
        "is_followed": person is not None and is_followed(person, community=community, **subject),
        "text": text, "contest": contest.slug if contest else "", "number": project.number if project else "",
        "query": subject.get("query"), "next": request.get_full_path(),
    }  # fmt: skip


def follow(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any]:
    return _button(request, contest.community, _("Follow the project"), contest=contest, project=project)


def of_search(request: HttpRequest, contest: Contest) -> dict[str, Any]:
    query = query_from(request.GET)
    text = _("Follow this search") if query else _("Follow new projects")
    return _button(request, contest.community, text, contest=contest, query=query)


def of_contest(request: HttpRequest, contest: Contest) -> dict[str, Any]:
    return _button(request, contest.community, _("Follow the contest"), contest=contest)


def of_body(request: HttpRequest, community: Community) -> dict[str, Any]:
    return _button(request, community, _("Follow the community"))
