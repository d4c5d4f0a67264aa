"""The data annex: every figure of the contest, all its projects, and what each column means."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.contests.wording import key_names
from viche.projects.models import Project
from viche.reports.document import Document, Shown
from viche.reports.figure import KINDS, MONEY, STATE, TEXT, WORD, Column, Figure, Row
from viche.reports.measures.course import amounts_of
from viche.reports.official.kind import DATA, TABLES, WORKBOOK, Kind
from viche.reports.official.outcome_tables import decided_count, score_column
from viche.reports.official.tables import document_of, table
from viche.reports.queries import figures_of
from viche.reports.turnout import structure_of

MEANINGS = {
    "count": gettext_lazy("whole number"), "money": gettext_lazy("money, in whole units with two decimals"),
    "share": gettext_lazy("share, in percent with two decimals"), "date": gettext_lazy("date"),
    "days": gettext_lazy("days, whole number"), "state": gettext_lazy("state of a project"),
    "hundredths": gettext_lazy("number with two decimals"), "text": gettext_lazy("text"),
    "word": gettext_lazy("one of a list of words"),
}  # fmt: skip
"""What the values of a column are, by its kind."""
assert set(MEANINGS) == set(KINDS)


def is_ready(contest: Contest) -> str:
    """Once anything of the contest is counted."""
    return "" if figures_of(contest, ["course"]) else _("Nothing is counted yet.")


def build(contest: Contest) -> Document:
    figures = [projects_table(contest), *figures_of(contest)]
    parts = [Shown(each) for each in (dictionary_of(contest, figures), *figures)]
    return document_of(contest, _("Data annex"), parts)


def dictionary_of(contest: Contest, figures: Sequence[Figure]) -> Figure:
    """Every column of the figures: its table, its key, what its values are, how the table is counted."""
    rows, labels = [], {}
    words: dict[str, Any] = {f"kind:{kind}": text for kind, text in MEANINGS.items()}
    for figure in figures:
        words[f"table:{figure.key}"] = figure.title
        words[f"about:{figure.key}"] = " ".join((figure.about, *figure.notes))
        for column in figure.columns:
            key = f"{figure.key}.{column.key}"
            labels[key] = str(column.title)
            rows.append(
                Row(
                    key,
                    (
                        f"table:{figure.key}", column.key, f"kind:{column.kind}",
                        contest.currency if column.kind == MONEY else None, f"about:{figure.key}",
                    ),
                )
            )  # fmt: skip
    columns = (
        Column("table", gettext_lazy("Table"), WORD), Column("key", gettext_lazy("Key"), TEXT),
        Column("kind", gettext_lazy("Values"), WORD), Column("unit", gettext_lazy("Unit"), TEXT),
        Column("about", gettext_lazy("How the table is counted"), WORD),
    )  # fmt: skip
    about = _(
        "The dictionary names every column of every table. A cell that says “hidden” would single somebody out; an"
        " empty one is not known."
    )
    return table(
        contest, "data-dictionary", _("Data dictionary"), _("Column"), columns, rows, labels=labels, words=words,
        about=about,
    )  # fmt: skip


def projects_table(contest: Contest) -> Figure:
    """Every published project: what it is, what it asked for, what became of it."""
    count = decided_count(contest)
    outcome: dict[str, Any] = count.outcome if count is not None and amounts_of(contest) is not None else {}
    amounts = outcome.get("amounts", {})
    parts, areas = structure_of(contest)
    names = key_names(contest.rules)
    words: dict[str, Any] = {f"part:{part.code}": part.full_name for part in parts}
    words |= {f"{dimension}:{key}": name for (dimension, key), name in names.items()}
    rows, labels = [], {}
    found = Project.objects.filter(contest=contest, published_at__isnull=False).order_by("number")
    for each in found.select_related("delivery").defer("text", "search", "search_head"):
        delivery = getattr(each, "delivery", None)
        part = areas.get(each.territory_id, "")
        labels[each.code] = each.title
        rows.append(
            Row(
                each.code,
                (
                    each.number, f"part:{part}" if part else None,
                    f"category:{each.category}" if each.category else None,
                    f"class:{each.size_class}" if each.size_class else None, each.cost, each.state,
                    outcome.get("totals", {}).get(each.code), outcome.get("votes", {}).get(each.code),
                    amounts.get(each.code), delivery.actual_cost if delivery is not None else None,
                ),
            )
        )  # fmt: skip
    columns = (
        Column("number", gettext_lazy("Number")), Column("part", gettext_lazy("Part"), WORD),
        Column("category", gettext_lazy("Type"), WORD), Column("size", gettext_lazy("Size"), WORD),
        Column("asked", gettext_lazy("Asked for"), MONEY), Column("state", gettext_lazy("State"), STATE),
        score_column(contest), Column("votes", gettext_lazy("Ballots that name it")),
        Column("won", gettext_lazy("Gets"), MONEY), Column("spent", gettext_lazy("Spent"), MONEY),
    )  # fmt: skip
    return table(
        contest, "projects", _("Projects"), _("Project"), columns, rows, labels=labels, words=words,
        summed=["asked", "won", "spent"],
        about=_("Every published project by its number; what it got in the count once the result is published."),
    )  # fmt: skip


KIND = Kind(
    "data-annex", gettext_lazy("Data annex"),
    gettext_lazy("For analysts and auditors: all projects and every figure as tables, with a dictionary of columns."),
    is_ready, build, forms=(WORKBOOK, TABLES, DATA),
)  # fmt: skip
