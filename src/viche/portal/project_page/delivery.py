"""How a winner is built, on its page: steps, money, photographs, delays with reasons, what residents think."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext

from viche.contests.models import Contest
from viche.portal.works_page import in_order, stall_days
from viche.projects.delivery import WON, delivery_of, rating_by, ratings_of, standing_of
from viche.projects.models import Project, State


def delivery(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = delivery_of(project) if project.state in WON else None
    if found is None:
        return None
    is_built = project.state == State.IMPLEMENTED
    ratings = ratings_of(project) if is_built else None
    person = request.visitor.person  # type: ignore[attr-defined]
    return {
        "delivery": found,
        "standing": standing_of(found, state=project.state, stall_days=stall_days(contest)),
        "is_cancelled": project.state == State.CANCELLED,
        "photographs": in_order(found.photographs.all()),
        "can_be_rated": is_built,
        "ratings": ratings,
        "rows": [
            {
                "label": ngettext("%(n)d star", "%(n)d stars", stars) % {"n": stars},
                "value": number, "text": str(number), "kind": "brand",
            }
            for stars, number in ratings.by_stars.items()
        ] if ratings is not None else [],
        "own": rating_by(project, person) if is_built and person is not None else None,
    }  # fmt: skip
