"""What a designed report is, as data: canonical, checked, and said in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche.foundation.refused import Refused
from viche.reports.designing.quantities import DIMENSIONS, PROJECTS, QUANTITIES, VOTER_QUANTITIES, VOTERS
from viche.reports.measures import MEASURES, Measure

SCHEMA = 1
LATEST, ALL, CHOSEN = SPANS = ("latest", "all", "chosen")
AUTO, TABLE, BARS, STACKED, COLUMNS, LINES = CHARTS = ("auto", "", "bars", "stacked", "columns", "lines")
MOST_KEYS, LONGEST_KEY = 200, 200


def voter_tables() -> dict[str, Measure]:
    """The published tables of voters, by key: what other measures of turnout there will be stand here too."""
    return {
        key: measure
        for key, measure in MEASURES.items()
        if measure.group == "turnout" and any(column.key == "voters" for column in measure.columns)
    }


@dataclass(frozen=True)
class Filter:
    """Only projects with one of these keys in a dimension, or (is_in false) all but them."""

    by: str
    keys: tuple[str, ...]
    is_in: bool = True


@dataclass(frozen=True)
class Definition:
    """One designed report.

    measure: a key of QUANTITIES or VOTER_QUANTITIES. rows, columns: keys of DIMENSIONS, columns "" for one dimension;
    of voters, rows is the key of a published table. span: of which contests, LATEST being the latest that can answer;
    contests: slugs where span is CHOSEN. min_cost, max_cost: kopiykas, inclusive. chart: one of CHARTS.
    """

    measure: str
    rows: str
    columns: str = ""
    span: str = LATEST
    contests: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    min_cost: int | None = None
    max_cost: int | None = None
    chart: str = AUTO

    @property
    def family(self) -> str:
        return VOTERS if self.measure in VOTER_QUANTITIES else PROJECTS

    def document(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "schema": SCHEMA, "measure": self.measure, "rows": self.rows, "columns": self.columns, "span": self.span,
            "contests": sorted(self.contests),
            "filters": [
                {"by": each.by, "keys": sorted(each.keys), "is_in": each.is_in}
                for each in sorted(self.filters, key=lambda each: each.by)
            ],
            "min_cost": self.min_cost, "max_cost": self.max_cost, "chart": self.chart,
        }  # fmt: skip

    @property
    def key(self) -> str:
        """The key of its figure: the same for the same definition."""
        return f"designed-{sha256(canonical(self.document())).hexdigest()[:12]}"

    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field of the designer; empty where nothing is."""
        if self.measure not in QUANTITIES and self.measure not in VOTER_QUANTITIES:
            return {"measure": _("Choose what is counted.")}
        found = self._problems_of_voters() if self.family == VOTERS else self._problems_of_projects()
        if self.span not in SPANS:
            found["span"] = _("Choose of which contests.")
        elif self.span == CHOSEN and not self.contests:
            found["contests"] = _("Choose at least one contest.")
        if self.chart not in CHARTS:
            found["chart"] = _("Choose how it is drawn.")
        return found

    def _problems_of_projects(self) -> dict[str, str]:
        found = {}
        if self.rows not in DIMENSIONS:
            found["rows"] = _("Projects cannot be parted by this: choose another one.")
        if self.columns and self.columns not in DIMENSIONS:
            found["columns"] = _("Projects cannot be parted by this: choose another one.")
        elif self.columns and self.columns == self.rows:
            found["columns"] = _("Rows and columns are the same: choose another one.")
        for each in self.filters:
            if each.by not in DIMENSIONS or not each.keys:
                found[f"only_{each.by}"] = _("Projects cannot be narrowed by this.")
        if len({each.by for each in self.filters}) < len(self.filters):
            found["filters"] = _("Each thing narrows once.")
        for name, cost in (("min_cost", self.min_cost), ("max_cost", self.max_cost)):
            if cost is not None and cost < 0:
                found[name] = _("Money is not less than nothing.")
        if self.min_cost is not None and self.max_cost is not None and self.min_cost > self.max_cost:
            found["max_cost"] = _("The highest cost is below the lowest one.")
        if self.chart == STACKED and not self.columns:
            found["chart"] = _("Stacked bars need something to stand side by side.")
        elif self.chart == STACKED and not QUANTITIES[self.measure].is_summed:
            found["chart"] = _("Averages do not add up: choose bars side by side.")
        elif self.chart == COLUMNS and self.columns:
            found["chart"] = _("Upright columns show one set of numbers: choose bars or lines.")
        return found

    def _problems_of_voters(self) -> dict[str, str]:
        found = {}
        table = voter_tables().get(self.rows)
        if table is None:
            found["rows"] = _("Voters are counted by one of the published tables: choose one of those.")
        elif VOTER_QUANTITIES[self.measure].column not in {column.key for column in table.columns}:
            found["rows"] = _("This table knows no share: choose another one, or count voters.")
        said = _("Voters are not parted further, so that nobody is singled out.")
        if self.columns:
            found["columns"] = said
        found |= {f"only_{each.by}": said for each in self.filters}
        found |= {
            name: said
            for name, cost in (("min_cost", self.min_cost), ("max_cost", self.max_cost))
            if cost is not None
        }
        if self.chart == STACKED:
            found["chart"] = _("Contests stand side by side: choose bars, columns or lines.")
        return found

    def checked(self) -> "Definition":
        """Itself. Refused: bad_definition, with what is wrong at each field."""
        found = self.problems()
        if found:
            raise Refused("bad_definition", next(iter(found.values())), fields=found, status=422)
        return self


def definition_from(document: Mapping[str, Any]) -> Definition:
    """A definition as it was kept or sent. Refused: bad_definition."""
    try:
        filters = tuple(
            Filter(_text(each["by"]), _texts(each["keys"]), each.get("is_in", True) is True)
            for each in document.get("filters", ())
        )
        found = Definition(
            measure=_text(document["measure"]), rows=_text(document["rows"]),
            columns=_text(document.get("columns", "")), span=_text(document.get("span", LATEST)),
            contests=_texts(document.get("contests", ())), filters=filters,
            min_cost=_cost(document.get("min_cost")), max_cost=_cost(document.get("max_cost")),
            chart=_text(document.get("chart", AUTO)),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Refused("bad_definition", _("This is no definition of a report."), status=422) from None
    return found.checked()


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_KEY:
        raise ValueError(value)
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or len(values) > MOST_KEYS:
        raise ValueError(values)
    return tuple(_text(value) for value in values)


def _cost(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(value)
    return value
