"""The desk: what waits for an official."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.connectors.contact.queries import waiting_number
from viche.contests.queries import contests_of, open_proposals
from viche.identity.models import NOTHING
from viche.identity.queries import invitations_of, open_objections, waiting_by_basis
from viche.office.desk_links import desk_links
from viche.points.queries import duties_now
from viche.portal.contest_page import contest_facts
from viche.portal.guards import official
from viche.review.queries import waiting_projects, work_in


@official(shows=NOTHING)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me: contests with their stage and what is to be done in each."""
    community = request.place.community  # type: ignore[attr-defined]
    rows = []
    for contest in contests_of(community):
        facts = contest_facts(contest)
        rows.append(
            {
                **facts, "waiting": waiting_projects(contest).count(), "is_frozen": contest.is_frozen,
                "proposals": open_proposals(contest),
            }
        )  # fmt: skip
    return render(
        request,
        "office/desk.html",
        {
            "rows": rows,
            "desk_links": desk_links(),
            "duties_now": duties_now(community, request.visitor.person.pk),  # type: ignore[attr-defined]
            "asked_of_me": list(work_in(community, request.visitor.person)),  # type: ignore[attr-defined]
            "waiting_requests": sum(waiting_by_basis(community).values()),
            "open_objections": open_objections(community),
            "waiting_messages": waiting_number(community),
            "waiting_invitations": sum(each.is_open for each in invitations_of(community)),
        },
    )
