"""What everybody reads, without a key: bodies, contests, rules, stages, projects, signatures, results, works."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.timezone import is_naive
from ninja import Query
from pydantic import Field

from viche.api.v1 import documents, schemas
from viche.api.v1.core import caller_of, reads, tagged
from viche.api.v1.finding import MOST, community_of, contest_of, page_of, project_of, read_cursor
from viche.communities.queries import connected_communities
from viche.connectors.clients.queries import brought_project
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation.refused import Refused
from viche.identity.queries import current_register
from viche.projects.delivery import delivery_of, works_of
from viche.projects.filters import GROUPS, Filters
from viche.projects.models import Project, State
from viche.projects.queries import WINNERS, found_projects
from viche.results.queries import publication_of, published_in
from viche.review.queries import assignments_of, checks_of, decisions_about, given_opinions, stage_with

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str, Field(max_length=200, description="Where the last page ended: from “next” or Link.")]
Word = Annotated[str, Field(max_length=120)]


@reads("communities", schemas.Communities, name="communities", tag="communities")
def communities(request: HttpRequest, limit: Limit = 50, after: After = "") -> Any:
    """Connected bodies, by their place in the country."""
    found = connected_communities()
    if (key := read_cursor(after, str)) is not None:
        found = found.filter(territory__path__gt=key[0])
    rows = list(found[: limit + 1])
    return page_of(
        request, rows, limit, lambda each: (each.territory.path,),
        lambda each: documents.community_line(request, each),
    )  # fmt: skip


@reads("communities/{str:community}", schemas.CommunityLine, name="community", tag="communities")
def community(request: HttpRequest, community: str) -> Any:
    """One body, by its address or its КАТОТТГ code."""
    return documents.community_line(request, community_of(community))


@reads("communities/{str:community}/contests", schemas.Contests, name="contests", tag="contests")
def contests(request: HttpRequest, community: str) -> Any:
    """The contests of a body, newest first. Drafts are not among them."""
    body = community_of(community)
    published = published_in(body)
    found = opened_contests_of(body)
    return {
        "items": [documents.contest_line(request, each, is_published=each.pk in published) for each in found]
    }


@reads("communities/{str:community}/contests/{str:contest}", schemas.Contest, name="contest", tag="contests")
def contest(request: HttpRequest, community: str, contest: str) -> Any:
    """One contest with the figures of its projects."""
    found = contest_of(community_of(community), contest)
    return documents.contest_document(request, found, is_published=publication_of(found) is not None)


@reads(
    "communities/{str:community}/contests/{str:contest}/rules", schemas.Rules, name="rules", tag="contests"
)
def rules(request: HttpRequest, community: str, contest: str) -> Any:
    """The rules in force: money, classes, who may take part, how it is counted."""
    return documents.rules_document(contest_of(community_of(community), contest))


@reads(
    "communities/{str:community}/contests/{str:contest}/stages", schemas.Stages, name="stages", tag="contests"
)
def stages(request: HttpRequest, community: str, contest: str) -> Any:
    """When each phase begins and ends."""
    return documents.stages_document(contest_of(community_of(community), contest))


@reads(
    "communities/{str:community}/contests/{str:contest}/projects",
    schemas.Projects,
    name="projects",
    tag="projects",
)
def projects(
    request: HttpRequest, community: str, contest: str,
    state: Annotated[str, Query(description="A state, or: " + ", ".join(GROUPS), max_length=20)] = "",
    category: Word = "", size: Word = "",
    territory: Annotated[str, Query(max_length=24, description="КАТОТТГ: in it, or in what lies in it.")] = "",
    text: Annotated[str, Query(max_length=120, description="Words to look for, in any form.")] = "",
    updated_since: Annotated[datetime | None, Query(description="Changed at this moment or later.")] = None,
    limit: Limit = 50, after: After = "",
) -> Any:  # fmt: skip
    """The public projects of a contest, by number."""
    found = contest_of(community_of(community), contest)
    if state and state not in GROUPS and state not in State.values:
        raise Refused("bad_value", "state", fields={"state": state}, status=422)
    filters = Filters(
        text=text, size_class=size, category=category, territory=territory, state=state, sort="number"
    )
    rows: QuerySet[Project] = found_projects(found, filters)
    if updated_since is not None:
        if is_naive(updated_since):
            raise Refused("bad_value", "updated_since", fields={"updated_since": "UTC offset"}, status=422)
        since = updated_since
        rows = rows.filter(Q(saved_at__gte=since) | Q(state_at__gte=since) | Q(published_at__gte=since))
    if (key := read_cursor(after, int)) is not None:
        rows = rows.filter(number__gt=key[0])
    items = list(rows.order_by("number")[: limit + 1])
    for each in items:
        each.contest = found
    return page_of(
        request, items, limit, lambda each: (each.number,), lambda each: documents.project_line(request, each)
    )


PROJECT = "communities/{str:community}/contests/{str:contest}/projects/{int:number}"


def seen_project(request: HttpRequest, contest: Contest, number: int) -> Project:
    """A published project; for a program that may write projects, also one that it submitted. Raises Http404."""
    caller = caller_of(request)
    if caller is not None and "projects:write" in caller.scopes and 0 < number < 2**31:
        row = brought_project(caller.client, contest, number)
        if row is not None:
            row.project.contest = contest
            return row.project
    return project_of(contest, number)


@reads(PROJECT, schemas.Project, name="project", tag="projects")
def project(request: HttpRequest, community: str, contest: str, number: int) -> Any:
    """One project with its text, estimate and pictures."""
    found = seen_project(request, contest_of(community_of(community), contest), number)
    return tagged(request, documents.project_document(request, found))


@reads(f"{PROJECT}/signatures", schemas.Signatures, name="signatures", tag="projects")
def signatures(request: HttpRequest, community: str, contest: str, number: int) -> Any:
    """How many signatures stand under a project, by day. Names are nowhere here."""
    return documents.signatures_document(project_of(contest_of(community_of(community), contest), number))


@reads(f"{PROJECT}/opinions", schemas.Opinions, name="opinions", tag="reviews")
def opinions(request: HttpRequest, community: str, contest: str, number: int) -> Any:
    """The signed opinions of departments and the decisions of the review."""
    found = project_of(contest_of(community_of(community), contest), number)
    return {
        "opinions": [documents.opinion_document(each) for each in given_opinions(found)],
        "decisions": [documents.decision_document(each) for each in decisions_about(found)],
    }


@reads(f"{PROJECT}/work", schemas.Work, name="work", tag="works")
def work(request: HttpRequest, community: str, contest: str, number: int) -> Any:
    """How a winner is built."""
    found = project_of(contest_of(community_of(community), contest), number)
    if found.state not in WINNERS:
        raise Http404(str(number))
    return tagged(request, documents.work_document(request, found, delivery_of(found)))


@reads("communities/{str:community}/contests/{str:contest}/works", schemas.Works, name="works", tag="works")
def works(request: HttpRequest, community: str, contest: str) -> Any:
    """How the winners of a contest are built."""
    found = contest_of(community_of(community), contest)
    rows = list(works_of(found).prefetch_related("delivery__contracts", "delivery__delays"))
    for each in rows:
        each.contest = found
    return {
        "items": [documents.work_document(request, each, getattr(each, "delivery", None)) for each in rows]
    }


@reads(
    "communities/{str:community}/contests/{str:contest}/results",
    schemas.Results,
    name="results",
    tag="results",
)
def results(request: HttpRequest, community: str, contest: str) -> Any:
    """The published result. Before the publication there is nothing here."""
    published = publication_of(contest_of(community_of(community), contest))
    if published is None:
        raise Http404(contest)
    return documents.results_document(request, published)


# --- what only programs of the body read ----------------------------------------------------------------------


@reads(
    "communities/{str:community}/contests/{str:contest}/report", schemas.Report, name="report", tag="reports",
    scope="reports:read",
)  # fmt: skip
def report(request: HttpRequest, community: str, contest: str) -> Any:
    """Figures of a contest for its body, unpublished projects too. No votes."""
    return documents.report_document(contest_of(community_of(community), contest))


@reads(
    "communities/{str:community}/reviews",
    schemas.AskedList,
    name="reviews",
    tag="reviews",
    scope="reviews:write",
)
def reviews(request: HttpRequest, community: str) -> Any:
    """Opinions that are waited for and that this program may sign."""
    body, _by = request.auth  # type: ignore[attr-defined]
    caller = caller_of(request)
    assert caller is not None
    found = assignments_of(caller.client.official).filter(project__community=body)[:MOST]
    return {
        "items": [
            {
                "contest": each.project.contest.slug, "number": each.project.number, "title": each.project.title,
                "unit": each.unit, "stage": each.stage, "due_on": each.due_on,
                "checks": list(checks_of(stage_with(each.project.contest, each.stage))),
                "href": documents.contest_href(
                    request, each.project.contest, "projects", each.project.number, "opinions"
                ),
            }
            for each in found
        ]
    }  # fmt: skip


@reads(
    "communities/{str:community}/register",
    schemas.Register,
    name="register",
    tag="members",
    scope="members:write",
)
def register(request: HttpRequest, community: str) -> Any:
    """Which version of the register of members is in force. Nobody's row can be read."""
    return tagged(request, documents.register_document(current_register(community_of(community))))
