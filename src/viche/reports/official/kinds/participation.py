"""The report on participation, for a session of the council: from the ideas to what was built."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.reports.across import years_of
from viche.reports.document import Document, Facts, Heading, Paragraph, Part, Shown
from viche.reports.figure import Figure
from viche.reports.measures import GROUPS, MEASURES, SUMMARY
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.tables import document_of
from viche.reports.queries import figures_of

EMPTY = {
    "course": gettext_lazy("No project has been submitted."),
    "support": gettext_lazy("No signatures of support were collected."),
    "turnout": gettext_lazy("The turnout is not known, or not shown yet."),
    "result": gettext_lazy("The result is not published yet."),
    "money": gettext_lazy("No project has been published."),
    "works": gettext_lazy("Nothing is being built yet."),
}
"""What is said of a part of the report that has no figure."""


def is_ready(contest: Contest) -> str:
    """Once anything of the contest is counted."""
    return "" if figures_of(contest, ["course"]) else _("Nothing is counted yet.")


def build(contest: Contest) -> Document:
    found = figures_of(contest)
    parts: list[Part] = [headlines_of(each) for each in found if each.key == SUMMARY]
    for group, title in GROUPS.items():
        mine = [each for each in found if MEASURES[each.key].group == group and each.key != SUMMARY]
        parts.append(Heading(str(title)))
        parts += [Shown(each) for each in mine] or [
            Paragraph(str(EMPTY.get(group, _("There is nothing to show."))))
        ]
    parts += [Heading(_("Beside the earlier years")), *_earlier(contest)]
    return document_of(contest, _("Report on participation"), parts)


def headlines_of(figure: Figure) -> Facts:
    """The one line of a contest as a short table: its columns fit no sheet of paper. What is not known is left out."""
    values = zip(figure.columns, figure.rows[0].values, strict=True)
    return Facts(
        tuple(
            (str(column.title), figure.text(column, value)) for column, value in values if value is not None
        )
    )


def _earlier(contest: Contest) -> Sequence[Part]:
    """This contest and those of the same body in earlier years."""
    figure: Figure | None = years_of(contest.community)
    rows = [] if figure is None else [row for row in figure.rows if row.key in _slugs(contest)]
    if figure is None or len(rows) < 2:
        return [Paragraph(_("The body has held no earlier contest on the platform."))]
    return [Shown(replace(figure, key="earlier-years", rows=tuple(rows), links={}))]


def _slugs(contest: Contest) -> set[str]:
    earlier = Contest.objects.filter(community=contest.community, year__lt=contest.year)
    return {contest.slug, *earlier.values_list("slug", flat=True)}


KIND = Kind(
    "participation", gettext_lazy("Report on participation"),
    gettext_lazy("For a session of the council: from the ideas to what was built."), is_ready, build,
    forms=(PDF, WORKBOOK),
)  # fmt: skip
