"""Reads of the results room."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from viche import __version__
from viche.ballots.queries import turnouts
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.contests.queries import contests_with_rules
from viche.projects.queries import numbers_of
from viche.results.models import Certification, Count, ExplanationPage, Publication, TieDecision


def publication_of(contest: Contest) -> Publication | None:
    """The published result with its count."""
    return (
        Publication.objects.select_related("count__contest__community__territory")
        # the whole dossier is read only where it is downloaded
        .defer("count__dossier")
        .filter(contest=contest)
        .first()
    )


def published_contests() -> list[Contest]:
    """Every contest whose result is published, the latest first."""
    found = Publication.objects.select_related("contest__community__territory").order_by("-published_at")
    return [each.contest for each in found]


def published_in(community: Community) -> set[UUID]:
    """References of the contests of a body whose result is published."""
    return set(Publication.objects.filter(contest__community=community).values_list("contest_id", flat=True))


def latest_count(contest: Contest) -> Count | None:
    return Count.objects.filter(contest=contest).order_by("-number").first()


def certifications_of(count: Count) -> list[Certification]:
    return list(count.certifications.select_related("person").order_by("at", "id"))


def open_ties(count: Count) -> list[dict[str, Any]]:
    """The ties that nothing has decided yet, as the outcome states them."""
    return [tie for tie in count.outcome["ties"] if tie["decided_by"] == "refuse"]


def tie_decisions(contest: Contest) -> list[TieDecision]:
    """The commission's decisions of ties in the order of recording."""
    return list(TieDecision.objects.filter(contest=contest).order_by("number"))


def explanation_of(count: Count, kind: str, language: str) -> str | None:
    """A page of the count in the words of this version; None where it is not written yet."""
    found = ExplanationPage.objects.filter(
        count_id=count.pk, kind=kind, language=language, edition=__version__
    )
    return found.values_list("html", flat=True).first()


@dataclass(frozen=True)
class BodyFigures:
    """What came of the contests of a body, all years. money: kopiykas by currency; voters: one a contest and person."""

    community: Community
    contests: int
    money: Mapping[str, int]
    projects: int
    winners: int
    voters: int


def figures_of_bodies(communities: Sequence[Community]) -> list[BodyFigures]:
    """Figures of each body, in the order given; six queries however many bodies."""
    contests = contests_with_rules(communities)
    numbers, voters = numbers_of(contests), turnouts(contests)
    found = []
    for community in communities:
        own = [contest for contest in contests if contest.community_id == community.pk]
        money: Counter[str] = Counter()
        for contest in own:
            money[contest.currency] += sum(pot.amount for pot in contest.rules.pots)
        found.append(
            BodyFigures(
                community, len(own), dict(money), sum(numbers.get(each.pk, (0, 0))[0] for each in own),
                sum(numbers.get(each.pk, (0, 0))[1] for each in own), sum(voters.get(each.pk, 0) for each in own),
            )
        )  # fmt: skip
    return found
