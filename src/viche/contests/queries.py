"""Reads of the contests room."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest, Proposal, RulesVersion


def contests_of(community: Community) -> QuerySet[Contest]:
    """Contests of a body, newest first."""
    return (
        Contest.objects.filter(community=community)
        .select_related("community__territory")
        .prefetch_related("windows")
        .order_by("-year", "-created_at")
    )


def contest_at(community: Community, slug: str) -> Contest | None:
    return contests_of(community).filter(slug=slug).first()


def versions_of(contest: Contest) -> list[RulesVersion]:
    """Every saved version of the rules, the newest first, without their documents."""
    return list(contest.rules_versions.select_related("made_by").defer("document").order_by("-number"))


def draft_of(contest: Contest) -> RulesVersion | None:
    """The newest version where it is a draft: of the rules, or of their correction."""
    newest = contest.rules_versions.select_related("made_by").order_by("-number").first()
    return newest if newest is not None and newest.frozen_at is None else None


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
