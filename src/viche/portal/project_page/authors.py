"""What the page of a project links to about its text: earlier versions, and the version for paper."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.portal.versions_page import version_rows
from viche.projects.comparing import shown_versions
from viche.projects.models import Project


def versions(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = shown_versions(project)
    return {"versions": version_rows(found)[:3], "number": len(found)} if len(found) > 1 else None


def paper(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any]:
    return {"number": project.number}
