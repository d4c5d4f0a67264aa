"""The report on participation, for a session of the council."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.reports.document import Document, Part, Shown
from viche.reports.official.kind import Kind
from viche.reports.queries import figures_of


def is_ready(contest: Contest) -> str:
    if figures_of(contest, ["course"]):
        return ""
    return _("Nothing is counted yet.")


def build(contest: Contest) -> Document:
    parts: list[Part] = [Shown(each) for each in figures_of(contest)]
    return Document(_("Report on participation"), contest.name, tuple(parts))


KIND = Kind(
    "participation", gettext_lazy("Report on participation"),
    gettext_lazy("For a session of the council: from the ideas to what was built."), is_ready, build,
)  # fmt: skip
