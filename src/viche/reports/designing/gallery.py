"""Good reports to begin from: one press shows each for the body at hand."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from viche.reports.designing.definition import ALL, BARS, COLUMNS, LINES, STACKED, Definition


@dataclass(frozen=True)
class Sample:
    """key: its name in addresses."""

    key: str
    title: Any
    definition: Definition


GALLERY: dict[str, Sample] = {
    each.key: each
    for each in (
        Sample(
            "money-won", gettext_lazy("Where the money went: winners by part of the community"),
            Definition("won_amount", "part", chart=BARS),
        ),
        Sample(
            "asked-types", gettext_lazy("What people ask for: money by type and size"),
            Definition("asked", "category", "size", chart=STACKED),
        ),
        Sample(
            "years", gettext_lazy("Winners of every year by type"),
            Definition("won", "contest", "category", span=ALL, chart=STACKED),
        ),
        Sample(
            "ways", gettext_lazy("How far projects came, by type"),
            Definition("projects", "category", "group", chart=STACKED),
        ),
        Sample(
            "months", gettext_lazy("When projects come in"), Definition("projects", "month", chart=COLUMNS),
        ),
        Sample(
            "average", gettext_lazy("What a project costs on average, by type"),
            Definition("average", "category", chart=BARS),
        ),
        Sample(
            "days", gettext_lazy("How long it takes to build, by type"),
            Definition("days", "category", span=ALL, chart=BARS),
        ),
        Sample(
            "turnout-days", gettext_lazy("Voters by day, contests side by side"),
            Definition("voters", "turnout-by-day", span=ALL, chart=LINES),
        ),
        Sample(
            "turnout-parts", gettext_lazy("Voters by part of the community"),
            Definition("voters", "turnout-by-part", chart=BARS),
        ),
    )
}  # fmt: skip
