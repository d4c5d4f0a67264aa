"""What was paid for a winner, and which letters about a project are registered: for everybody, on its page."""

from typing import Any

from django.http import HttpRequest

from viche.connectors.documents.queries import registered_about
from viche.connectors.treasury.queries import paid_for
from viche.contests.models import Contest
from viche.projects.delivery import WON
from viche.projects.models import Project

LATEST = 20


def payments(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = paid_for(project) if project.state in WON else None
    if found is None:
        return None
    return {
        "payments": found.payments[:LATEST], "total": found.total, "number": len(found.payments),
        "earlier": sum(each.amount for each in found.payments[LATEST:]),
        "more": max(len(found.payments) - LATEST, 0),
    }  # fmt: skip


def letters(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = registered_about(project)
    return {"documents": found} if found else None
