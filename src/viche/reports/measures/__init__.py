"""Every measure of a contest, by key, in the order in which a page shows them."""

from django.utils.translation import gettext_lazy

from viche.reports.measures import course, result, summary, voting, works
from viche.reports.measures.measure import Measure, Rows

__all__ = ["GROUPS", "MEASURES", "SUMMARY", "Measure", "Rows"]

MEASURES: dict[str, Measure] = {
    each.key: each
    for room in (course, voting, result, works, summary)
    for each in room.MEASURES
}  # fmt: skip

SUMMARY = summary.KEY

GROUPS = {
    "course": gettext_lazy("The way of projects"),
    "support": gettext_lazy("Support of projects"),
    "turnout": gettext_lazy("Who voted"),
    "result": gettext_lazy("What won and why"),
    "money": gettext_lazy("Where the money went"),
    "works": gettext_lazy("How it is built"),
}
