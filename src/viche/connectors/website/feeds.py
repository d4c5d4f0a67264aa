"""What is new in a body or in one contest, for feeds: projects, news and decisions, results. Nothing personal.

Every item has an id of its own for good: a reader that has seen it knows it again, whatever became of its address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.money import money_text
from viche.journal.models import Entry
from viche.journal.queries import line
from viche.projects.models import Picture, Project
from viche.results.models import Publication
from viche.results.queries import publication_of
from viche.results.wording import Telling
from viche.talk.models import News

MOST = 50
FEEDS = {
    "projects": gettext_lazy("New projects"),
    "news": gettext_lazy("News and decisions"),
    "results": gettext_lazy("Results"),
}
# decisions that people follow; every other entry stands in the journal
DECISIONS = (
    "RulesFrozen", "RulesCorrected", "PhaseMoved", "PhaseDelayed", "ResultPublished", "ProjectAdmitted",
    "ProjectRefused", "ProjectConditionallyAdmitted", "ProjectNotSupported", "SupportReached", "ProjectFunded",
    "WorkStarted", "MilestoneReached", "WorkDelayed", "WorkCancelled", "WorkReopened", "ProjectImplemented",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """id: a URN. page and args: of the page it leads to. lines: its text, a paragraph each."""

    id: str
    title: str
    page: str
    args: tuple[Any, ...]
    at: datetime
    lines: tuple[str, ...] = ()
    changed_at: datetime | None = None
    tags: tuple[str, ...] = ()
    picture: Picture | None = None


def items_of(name: str, community: Community, contests: Sequence[Contest]) -> list[Item]:
    """The newest items of a feed over these contests of the body, 50 at most."""
    build = {"projects": _projects, "news": _news, "results": _results}[name]
    return sorted(build(contests), key=lambda item: item.at, reverse=True)[:MOST]


def _projects(contests: Sequence[Contest]) -> list[Item]:
    found = (
        Project.objects.filter(contest__in=contests, published_at__isnull=False)
        .select_related("contest", "territory").prefetch_related("pictures").defer("search", "search_head")
        .order_by("-published_at", "-number", "-pk")[:MOST]
    )  # fmt: skip
    return [
        Item(
            f"urn:uuid:{each.pk}", each.title, "project", (each.contest.slug, each.number), each.published_at,
            _about(each), max(each.saved_at or each.published_at, each.published_at),
            tuple(filter(None, [each.contest.name, each.territory.full_name])), each.cover,
        )
        for each in found
        if each.published_at is not None
    ]  # fmt: skip


def _about(project: Project) -> tuple[str, ...]:
    place = project.place_name or project.territory.full_name
    cost = money_text(project.cost, project.contest.currency)
    return tuple(filter(None, [project.summary, f"{place} · {cost}"]))


def _news(contests: Sequence[Contest]) -> list[Item]:
    written = (
        News.objects.filter(
            project__contest__in=contests, project__published_at__isnull=False, hidden_at__isnull=True
        )
        .select_related("project__contest").order_by("-at", "-id")[:MOST]
    )  # fmt: skip
    said = [
        Item(
            f"urn:uuid:{each.pk}", each.title, "project", (each.project.contest.slug, each.project.number), each.at,
            (each.project.title, *each.text.splitlines()), None, (each.project.contest.name,),
        )
        for each in written
    ]  # fmt: skip
    return [*said, *_decisions(contests)]


def _decisions(contests: Sequence[Contest]) -> list[Item]:
    """Entries of the journal in their own words, with the project's name."""
    known = {str(each.pk): each for each in contests}
    projects = {
        str(each.pk): each
        for each in Project.objects.filter(contest__in=contests, published_at__isnull=False)
        .select_related("contest").only("number", "title", "contest")
    }  # fmt: skip
    subjects = [*(f"contest:{key}" for key in known), *(f"project:{key}" for key in projects)]
    entries = (
        Entry.objects.filter(
            log__community__in={each.community.code for each in contests}, index__isnull=False, kind__in=DECISIONS,
            subject__in=subjects,
        )
        .select_related("log").order_by("-recorded_at", "-id")[:MOST]
    )  # fmt: skip
    found = []
    for each in entries:
        told = line(each)
        kind, _colon, key = each.subject.partition(":")
        project = projects.get(key) if kind == "project" else None
        contest = project.contest if project else known[key]
        page, args = ("project", (contest.slug, project.number)) if project else ("contest", (contest.slug,))
        if each.kind == "ResultPublished":
            page = "results"
        found.append(
            Item(
                f"urn:viche:journal:{each.log.community}/{each.log.address}:{told.index}",
                told.sentence,
                page,
                args,
                each.recorded_at,
                (project.title,) if project else (contest.name,),
                None,
                (contest.name,),
            )
        )
    return found


def _results(contests: Sequence[Contest]) -> list[Item]:
    published = Publication.objects.filter(contest__in=contests).values_list("pk", "contest")
    keys = {contest: key for key, contest in published}
    return [_result(each, keys[each.pk]) for each in contests if each.pk in keys]


def _result(contest: Contest, key: object) -> Item:
    found = publication_of(contest)
    assert found is not None
    winners = [
        f"{project.title}: {money_text(place.cost if place.amount is None else place.amount, contest.currency)}"
        for pot in Telling(found.count).pot_rows()
        for place, project in pot["places"]
        if place.is_funded
    ]
    title = _("Results: %(name)s") % {"name": contest.name}
    return Item(
        f"urn:viche:result:{contest.pk}", title, "results", (contest.slug,), found.published_at,
        tuple(winners), None, (contest.name,),
    )  # fmt: skip
