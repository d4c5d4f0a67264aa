"""Reads of the contests room."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.contests.models import Contest, PhaseWindow, Proposal, RulesVersion
from viche.foundation import clock


def contests_of(community: Community) -> QuerySet[Contest]:
    """Contests of a body, newest first."""
    return (
        Contest.objects.filter(community=community)
        .select_related("community__territory")
        .prefetch_related("windows")
        .order_by("-year", "-created_at", "-slug")
    )


def is_opened() -> Exists:
    """Condition on contests: its rules are frozen. Before that a contest is a draft that only officials see."""
    return Exists(RulesVersion.objects.filter(contest=OuterRef("pk"), frozen_at__isnull=False))


def opened_contests_of(community: Community) -> QuerySet[Contest]:
    """Contests of a body that everybody sees, newest first."""
    return contests_of(community).filter(is_opened())


def with_opened_contests(bodies: QuerySet[Community]) -> QuerySet[Community]:
    """The bodies, each with its opened contests and their windows read along: two queries for all of them."""
    opened = Contest.objects.filter(is_opened()).prefetch_related("windows")
    return bodies.prefetch_related(Prefetch("contests", queryset=opened))


def contest_at(community: Community, slug: str) -> Contest | None:
    return contests_of(community).filter(slug=slug).first()


def versions_of(contest: Contest) -> list[RulesVersion]:
    """Every saved version of the rules, the newest first, without their documents."""
    return list(contest.rules_versions.select_related("made_by").defer("document").order_by("-number"))


def frozen_versions(contest: Contest) -> list[RulesVersion]:
    """The versions that were in force, in their order: the first, and each correction of it."""
    return list(contest.rules_versions.filter(frozen_at__isnull=False).order_by("number"))


def draft_of(contest: Contest) -> RulesVersion | None:
    """The newest version where it is a draft: of the rules, or of their correction (other than what is in force)."""
    newest = contest.rules_versions.select_related("made_by").order_by("-number").first()
    if newest is None or newest.frozen_at is not None:
        return None
    in_force = (
        contest.rules_versions.filter(frozen_at__isnull=False).order_by("-frozen_at", "-number").first()
    )
    return newest if in_force is None or in_force.digest != newest.digest else None


def version_numbered(contest: Contest, number: int) -> RulesVersion | None:
    """One saved version."""
    found = contest.rules_versions.select_related("made_by").filter(number=number).first()
    if found is not None:
        found.contest = contest
    return found


def open_proposals(contest: Contest) -> list[Proposal]:
    """What waits for a second official."""
    return list(
        contest.proposals.filter(state=Proposal.State.OPEN)
        .select_related("proposed_by", "contest__community__territory")
        .order_by("proposed_at")
    )


def proposals_of(contest: Contest, number: int = 20) -> list[Proposal]:
    """What was proposed and decided, the newest first."""
    return list(
        contest.proposals.select_related("proposed_by", "decided_by").order_by("-proposed_at")[:number]
    )


def proposal_of(contest: Contest, reference: object) -> Proposal | None:
    """One proposal of this contest by its id."""
    try:
        return (
            contest.proposals.select_related("proposed_by", "contest__community__territory")
            .filter(pk=str(reference))
            .first()
        )
    except ValidationError:
        return None


def pots_naming(codes: Collection[str]) -> dict[str, list[str]]:
    """Pots that name one of the territories, in words by its code: of frozen rules, and of drafts not frozen yet."""
    frozen = RulesVersion.objects.filter(contest=OuterRef("contest"), frozen_at__isnull=False)
    found: dict[str, list[str]] = {}
    for code in codes:
        versions = RulesVersion.objects.filter(document__pots__contains=[{"territory": code}])
        in_force = versions.filter(Q(frozen_at__isnull=False) | ~Exists(frozen)).select_related("contest")
        if named := sorted({version.contest.name for version in in_force}):
            found[code] = [_("a pot of the contest “%s”") % name for name in named]
    return found


BODY_STATES = ("voting", "running", "finished")
OPEN_PHASES = ("submission", "support", "review", "voting", "counting")


def bodies_in_state(state: str) -> QuerySet[Contest]:
    """Ids of the bodies with a contest that votes now, runs now, or whose voting is over and which runs no more."""
    now = clock.now()
    current = PhaseWindow.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now, contest=OuterRef("pk")
    )
    is_open = Exists(current.filter(phase__in=OPEN_PHASES))
    contests = Contest.objects.filter(is_opened()).order_by()
    if state == "voting":
        contests = contests.filter(Exists(current.filter(phase="voting")))
    elif state == "running":
        contests = contests.filter(is_open)
    else:
        voted = PhaseWindow.objects.filter(contest=OuterRef("pk"), phase="voting", ends_at__lte=now)
        contests = contests.filter(Exists(voted)).exclude(is_open)
    return contests.values("community_id")


def contests_with_rules(communities: Collection[Community]) -> list[Contest]:
    """Contests of these bodies, newest first, with windows and the rules in force read along: three queries."""
    found = (
        Contest.objects.filter(is_opened(), community__in=communities)
        .select_related("community__territory")
        .prefetch_related("windows")
        .order_by("-year", "-created_at", "-slug")
    )
    return give_rules(list(found))


def give_rules(contests: list[Contest]) -> list[Contest]:
    """The same contests, each with its version of the rules in force: one query for all of them."""
    versions = RulesVersion.objects.filter(contest__in=contests).order_by(
        "contest", F("frozen_at").desc(nulls_last=True), "-number"
    )
    in_force = {version.contest_id: version for version in versions.distinct("contest")}
    for contest in contests:
        contest.rules_version = in_force[contest.pk]
    return contests
