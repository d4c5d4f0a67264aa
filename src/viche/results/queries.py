"""Reads of the results room."""

from viche.contests.models import Contest
from viche.results.models import Certification, Count, Publication


def publication_of(contest: Contest) -> Publication | None:
    """The published result with its count."""
    return (
        Publication.objects.select_related("count__contest__community__territory")
        # the whole dossier is read only where it is downloaded
        .defer("count__dossier")
        .filter(contest=contest)
        .first()
    )


def latest_count(contest: Contest) -> Count | None:
    return Count.objects.filter(contest=contest).order_by("-number").first()


def certifications_of(count: Count) -> list[Certification]:
    return list(count.certifications.select_related("person").order_by("at", "id"))
