"""Reads of the report designer."""

import hmac
from uuid import UUID

from django.db.models import Q

from viche.communities.models import Community
from viche.connectors.messages.models import Address
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.identity.queries import staff_of
from viche.reports.designing.cube import Cube
from viche.reports.designing.definition import CHOSEN, Definition, definition_from
from viche.reports.figure import Figure
from viche.reports.models import DesignedReport, ReportReader

TOKEN_LENGTH = 64


def reports_of(community: Community) -> list[DesignedReport]:
    """Everything the body's officials have kept, in their order."""
    return list(DesignedReport.objects.filter(community=community).select_related("schedule"))


def report_of(community: Community, reference: UUID) -> DesignedReport | None:
    found = DesignedReport.objects.filter(community=community, pk=reference)
    return found.select_related("schedule", "community__territory").first()


def public_report(community: Community, slug: str) -> DesignedReport | None:
    """A report that everybody sees, by its address."""
    return DesignedReport.objects.filter(community=community, slug=slug, is_public=True).first()


def has_public_reports(community: Community) -> bool:
    return DesignedReport.objects.filter(community=community, is_public=True).exists()


def public_figures(community: Community) -> list[Figure]:
    """The body's public reports as figures, in the body's order; what cannot be counted any more is left out."""
    reports = DesignedReport.objects.filter(community=community, is_public=True)
    return _figures(Cube(community), list(reports))


def figures_on(contest: Contest) -> list[Figure]:
    """The reports that stand on a contest's page of figures, each counted of this contest alone."""
    reports = DesignedReport.objects.filter(
        Q(definition__contests__contains=[contest.slug]) | ~Q(definition__span=CHOSEN),
        community=contest.community_id, is_public=True, is_on_contests=True,
    )  # fmt: skip
    found = list(reports)
    if not found:
        return []
    return [each for each in _figures(Cube(contest.community), found, within=contest) if each.rows]


def figure_of_report(
    report: DesignedReport, *, cube: Cube | None = None, within: Contest | None = None
) -> Figure:
    """A kept report as a figure. Refused: as Cube.figure."""
    cube = cube or Cube(report.community)
    return cube.figure(definition_of(report), title=report.heading, within=within, key=report.slug)


def definition_of(report: DesignedReport) -> Definition:
    """Refused: bad_definition, where what it was made of is not there any more."""
    return definition_from(report.definition)


def _figures(cube: Cube, reports: list[DesignedReport], within: Contest | None = None) -> list[Figure]:
    found = []
    for report in reports:
        try:
            found.append(figure_of_report(report, cube=cube, within=within))
        except Refused:
            continue
    return found


def possible_readers(community: Community) -> list[tuple[Person, Address | None]]:
    """Officials of the body in the order of their names, each with their confirmed e-mail address."""
    people = {holder.office.person_id: holder.office.person for holder in staff_of(community)}
    found = Address.objects.filter(person__in=people, channel="email", confirmed_at__isnull=False)
    addresses = {each.person_id: each for each in found}
    order = sorted(people.values(), key=lambda each: (each.family_name, each.given_name, each.pk))
    return [(person, addresses.get(person.pk)) for person in order]


def reader_token(reader: ReportReader) -> str:
    """The secret part of the link by which an official wants a report no more, without identification."""
    mark = keys.person_token("report-reader", bytes(reader.nonce).hex()).hex()
    return f"{reader.pk.hex}{mark[:32]}"


def reader_by_token(token: str) -> ReportReader | None:
    """The reader that a link is about; None for a link that is none."""
    if len(token) != TOKEN_LENGTH or not token.isascii() or not token.isalnum():
        return None
    try:
        reference = UUID(token[:32])
    except ValueError:
        return None
    found = (
        ReportReader.objects.filter(pk=reference)
        .select_related("schedule__report__community__territory")
        .first()
    )
    return found if found is not None and hmac.compare_digest(reader_token(found), token) else None
