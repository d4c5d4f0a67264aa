"""The section of support: the bar, the days left, the button or why there is none."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.portal.support_page import standing_of
from viche.projects.models import Project


def support(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    return standing_of(request, contest, project)
