"""The rows of projects and works: values by the name of their column, money in kopiykas, None for what is not known."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils.translation import override

from rulebook.rules import Rules
from viche.connectors.open_data.models import Terms
from viche.connectors.open_data.places import contest_address
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.projects.models import Delivery, Project, State, TeamMember
from viche.projects.queries import VOTED_ON, WINNERS
from viche.results.models import Publication
from viche.results.queries import publication_of
from viche.results.wording import Telling
from viche.review.models import Decision

Row = dict[str, Any]

LEAST = 10
"""Fewer people than this are not counted by what they said: their number stays empty."""

SMALL, MEDIUM, LARGE = "малий", "середній", "великий"
LOCAL, GENERAL = "локальний", "загальноміський"
WHOLE = frozenset({"region", "district", "hromada", "city"})
"""Levels of a class that is for the whole body (rulebook SCOPES)."""


def published_projects(contest: Contest) -> QuerySet[Project]:
    """Every published project of the contest with all that the files say of it, by number."""
    team = TeamMember.objects.filter(state=TeamMember.State.CONFIRMED, shows_name=True).select_related(
        "person"
    )
    decisions = Decision.objects.exclude(verdict=Decision.Verdict.REOPENED)
    return (
        Project.objects.filter(contest=contest, published_at__isnull=False)
        .select_related("territory", "delivery")
        .prefetch_related(Prefetch("team", team, "shown_team"), Prefetch("decisions", decisions))
        .defer("search", "search_head")
        .order_by("number")
    )


def uid_of(contest: Contest, number: int) -> str:
    """What the files call a project: stable, and its own among all contests of the body."""
    return f"{contest.slug}-{number}"


def project_rows(contest: Contest) -> Iterator[Row]:
    """The table projects. Votes and reasons stand in it once the result is published."""
    published = publication_of(contest)
    kinds, terms = kinds_of(contest.rules), Terms.objects.filter(community=contest.community_id).first()
    with override("uk"):
        places = _places(published)
        for project in published_projects(contest):
            place = places.get(project.code)
            yield {
                "uid": uid_of(contest, project.number), "kind": kinds.get(project.size_class),
                "type": type_of(contest, project), "title": project.title,
                "description": project.summary or project.title, "url": page_of(contest, project),
                "text": project.text or project.summary or project.title,
                "authorityName": contest.community.name.get("uk", ""),
                "authorityId": (terms.edrpou if terms else "") or None, "authorityCattutc": contest.community.code,
                "count": place.votes if place else None, "creator": "; ".join(authors_of(project)) or None,
                "status": str(State(project.state).label), **_decision(contest, project, published, place),
                "budgetPlan": _plan(project), "budgetFact": _fact(project),
                "projectResposible": _responsible(project),
            }  # fmt: skip


def page_of(contest: Contest, project: Project) -> str:
    """The address of the project's page."""
    return contest_address(contest, "project", project.number)


def authors_of(project: Project) -> list[str]:
    """The names that may be published: what the author signs with, and co-authors who agreed (projects.team)."""
    names = [project.author_name] if project.author_name else []
    return names + [each.person.display_name for each in project.shown_team if each.person]  # type: ignore[attr-defined]


def kinds_of(rules: Rules) -> Mapping[str, str]:
    """The resolution's word for each class of cost; none where there is one class only."""
    classes = sorted(
        rules.size_classes, key=lambda each: (each.min_cost, each.max_cost is None, each.max_cost or 0)
    )
    if len(classes) < 2:
        return {}
    return {each.id: MEDIUM for each in classes} | {classes[0].id: SMALL, classes[-1].id: LARGE}


def type_of(contest: Contest, project: Project) -> str:
    """Whether a project is for a part of the body or for all of it: by its pot, its class, or where it lies."""
    whole = contest.community.territory_id
    pot = next((each for each in contest.rules.pots if each.id == project.pot), None)
    if pot is not None and pot.territory:
        return GENERAL if pot.territory == whole else LOCAL
    own = next((each for each in contest.rules.size_classes if each.id == project.size_class), None)
    if own is not None and own.scope:
        return GENERAL if own.scope in WHOLE else LOCAL
    return GENERAL if project.territory_id == whole else LOCAL


def _places(published: Publication | None) -> Mapping[str, Any]:
    """By code of a project its place in the published result; nothing before it is published."""
    if published is None:
        return {}
    telling = Telling(published.count)
    return {code: telling.place(code) for code in telling.outcome["totals"]}


def _decision(contest: Contest, project: Project, published: Publication | None, place: Any) -> Row:
    """decisionDate, decisionUrl, decisionText: of the result, or of the last stage of the review before it."""
    if published is not None and place is not None and project.state in VOTED_ON:
        said = place.reason if place.is_funded else f"Не переміг. {place.reason}"
        return {
            "decisionDate": published.published_at.astimezone(KYIV).date(),
            "decisionUrl": contest_address(contest, "results"), "decisionText": said,
        }  # fmt: skip
    decisions = list(project.decisions.all())
    if not decisions:
        return {"decisionDate": None, "decisionUrl": None, "decisionText": None}
    last = decisions[-1]
    said = [str(Decision.Verdict(last.verdict).label).capitalize(), last.protocol, last.reason]
    return {
        "decisionDate": last.decided_at.astimezone(KYIV).date(), "decisionUrl": page_of(contest, project),
        "decisionText": ". ".join(text.strip().rstrip(".") for text in said if text.strip()) + ".",
    }  # fmt: skip


def _delivery(project: Project) -> Delivery | None:
    return getattr(project, "delivery", None)


def _plan(project: Project) -> int:
    delivery = _delivery(project)
    return delivery.plan_cost if delivery is not None else project.cost


def _fact(project: Project) -> int | None:
    delivery = _delivery(project)
    is_built = delivery is not None and project.state == State.IMPLEMENTED
    return delivery.actual_cost if is_built and delivery is not None else None


def _responsible(project: Project) -> str | None:
    delivery = _delivery(project)
    return (delivery.responsible_unit or None) if delivery is not None else None


def work_rows(contest: Contest) -> Iterator[Row]:
    """The table works: the winners and how far each is."""
    found = (
        Project.objects.filter(contest=contest, published_at__isnull=False, state__in=WINNERS)
        .select_related("delivery")
        .prefetch_related("delivery__milestones", "delivery__contracts", "delivery__delays")
        .annotate(rated=Count("ratings"), stars=Sum("ratings__stars"))
        .defer("search", "search_head")
        .order_by("number")
    )
    with override("uk"):
        for project in found:
            head = {
                "uid": uid_of(contest, project.number), "title": project.title,
                "status": str(State(project.state).label),
            }  # fmt: skip
            yield {**head, **_work(_delivery(project)), **_ratings(project)}


def _work(delivery: Delivery | None) -> Row:
    if delivery is None:
        return {}
    steps, contracts = list(delivery.milestones.all()), list(delivery.contracts.all())
    return {
        "responsibleUnit": delivery.responsible_unit or None, "startsOn": delivery.starts_on,
        "dueOn": delivery.due_on, "acceptedOn": delivery.accepted_on, "delays": len(delivery.delays.all()),
        "stepsDone": sum(step.done_on is not None for step in steps), "stepsPlanned": len(steps),
        "planCost": delivery.plan_cost, "actualCost": delivery.actual_cost, "contracts": len(contracts),
        "contractsAmount": sum(each.amount for each in contracts),
        "contractUrls": " ".join(each.url for each in contracts if each.url) or None,
    }  # fmt: skip


def _ratings(project: Any) -> Row:
    """How many rated and the mean, where enough did that nobody's opinion can be told."""
    if project.rated < LEAST:
        return {}
    tenths = (project.stars * 20 + project.rated) // (2 * project.rated)
    return {"ratings": project.rated, "meanRating": f"{tenths // 10}.{tenths % 10}"}


def last_voting_day(contest: Contest) -> date | None:
    """The last day of the voting in Kyiv; None where there is no end."""
    window = contest.window("voting")
    if window is None or window.ends_at is None:
        return None
    return (window.ends_at - timedelta(microseconds=1)).astimezone(KYIV).date()
