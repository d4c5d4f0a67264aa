"""Counting a definition: from public facts to a figure, in the language of the moment.

A cube reads what it needs once: several reports of one body cost two queries about projects together.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.contests.wording import key_names
from viche.foundation import clock
from viche.foundation.money import money_text
from viche.foundation.refused import Refused
from viche.projects.filters import GROUPS
from viche.projects.models import State
from viche.reports.designing.definition import (
    ALL,
    AUTO,
    BARS,
    CHOSEN,
    COLUMNS,
    LINES,
    STACKED,
    Definition,
    Filter,
    voter_tables,
)
from viche.reports.designing.facts import Fact, Result, facts_of, results_of
from viche.reports.designing.gallery import GALLERY
from viche.reports.designing.quantities import (
    DIMENSIONS,
    QUANTITIES,
    VOTER_QUANTITIES,
    VOTERS,
    Dimension,
    Quantity,
)
from viche.reports.figure import MONEY, Column, Figure, Row, Value, sum_of
from viche.reports.measures import Measure
from viche.reports.models import Tally
from viche.reports.queries import rows_of
from viche.reports.turnout import structure_of

MOST_COLUMNS = 6
"""More columns than this become so many, and the others together."""

OTHERS, TOGETHER, NO_VALUE = "others", "together", "none"
NAMED_BY = {"category": "category", "size": "class", "pot": "pot"}
"""Dimensions whose words stand in the rules, by what the rules call them."""


class Cube:
    """What one body's reports are counted from: its opened contests and their published projects."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self._facts: dict[str, list[Fact]] = {}

    @cached_property
    def contests(self) -> list[Contest]:
        """Contests that everybody sees, newest first."""
        return list(opened_contests_of(self.community))

    @cached_property
    def results(self) -> Mapping[object, Result]:
        return results_of(self.contests)

    @cached_property
    def _structure(self) -> tuple[dict[str, str], dict[str, str]]:
        """(code of a part → its name, code of a territory → code of its part)."""
        if not self.contests:
            return {}, {}
        parts, areas = structure_of(self.contests[0])
        return {part.code: part.full_name for part in parts}, areas

    @cached_property
    def _rule_names(self) -> dict[tuple[str, str], str]:
        """What the rules call things, the newest contest's word first."""
        found: dict[tuple[str, str], str] = {}
        for contest in reversed(self.contests):
            found |= key_names(contest.rules)
        return found

    def facts(self, contests: Sequence[Contest]) -> list[Fact]:
        """The published projects of these contests."""
        missing = [contest for contest in contests if contest.slug not in self._facts]
        if missing:
            self._facts |= {contest.slug: [] for contest in missing}
            for fact in facts_of(missing, self._structure[1], self.results):
                self._facts[fact.contest].append(fact)
        return [fact for contest in contests for fact in self._facts[contest.slug]]

    def names(self, dimension: str) -> dict[str, str]:
        """Words for the keys of a dimension, as far as they are known without its facts; in their order."""
        if dimension == "part":
            return self._structure[0]
        if dimension in NAMED_BY:
            return {
                key: name for (kind, key), name in self._rule_names.items() if kind == NAMED_BY[dimension]
            }
        if dimension == "group":
            return {key: str(words) for key, (words, _states) in GROUPS.items()}
        if dimension == "state":
            return {state.value: str(state.label) for state in State}
        if dimension == "contest":
            return {contest.slug: contest.name for contest in reversed(self.contests)}
        return {}

    def label(self, dimension: str, key: str) -> str:
        if not key:
            return str(DIMENSIONS[dimension].none)
        if dimension == "month":
            return date_format(date.fromisoformat(f"{key}-01"), "F Y")
        return self.names(dimension).get(key, key)

    def figure(
        self, definition: Definition, *, title: str = "", within: Contest | None = None, key: str = ""
    ) -> Figure:
        """The report as a figure. within: of this contest alone, whatever the definition says of contests.

        Refused: bad_definition; no_contest (none of those it names is there any more); two_moneys.
        """
        definition.checked()
        contests = [within] if within is not None else self._spanned(definition)
        if definition.family == VOTERS:
            return self._of_voters(definition, contests, title, key)
        return self._of_projects(definition, contests, title, key)

    def _spanned(self, definition: Definition) -> list[Contest]:
        """The contests that a definition speaks of, newest first."""
        if definition.span == ALL:
            return self.contests
        if definition.span == CHOSEN:
            found = [each for each in self.contests if each.slug in definition.contests]
            if not found:
                said = _("None of the chosen contests is there: choose again.")
                raise Refused("no_contest", said, fields={"contests": said}, status=422)
            return found
        if definition.family == VOTERS:
            counted = set(
                Tally.objects.filter(community=self.community, measure=definition.rows).values_list(
                    "contest_id", flat=True
                )
            )
            return [each for each in self.contests if each.pk in counted][:1]
        if QUANTITIES[definition.measure].needs_result:
            return [each for each in self.contests if each.pk in self.results][:1]
        return self.contests[:1]

    # projects

    def _of_projects(
        self, definition: Definition, contests: Sequence[Contest], title: str, key: str
    ) -> Figure:
        quantity, rows = QUANTITIES[definition.measure], DIMENSIONS[definition.rows]
        across = DIMENSIONS[definition.columns] if definition.columns else None
        currency = self._currency(contests, quantity)
        facts = [fact for fact in self.facts(contests) if _fits(fact, definition)]
        by_row = _parted(facts, rows.key)
        keys = self._ordered(rows, by_row, quantity)
        if across is None:
            columns: tuple[Column, ...] = (Column(quantity.key, quantity.title, quantity.kind),)
            lines = [Row(each, (quantity.count(by_row[each]),)) for each in keys]
            total: tuple[Value, ...] = (quantity.count(facts),)
        else:
            shown, others = self._columns(across, facts, quantity)
            columns = self._column_heads(across, shown, others, quantity)
            lines = [Row(each, _cells(by_row[each], across, shown, others, quantity)) for each in keys]
            total = _cells(facts, across, shown, others, quantity)
        return Figure(
            key=key or definition.key, title=title or self.title(definition),
            about=self.about(definition, contests), heading=str(rows.title), columns=columns, rows=tuple(lines),
            labels={each: self.label(rows.key, each) for each in keys}, total=total if keys else None,
            chart=_chart(definition, rows, quantity), as_of=clock.now(), currency=currency,
            drawn=tuple(column.key for column in columns if column.key != TOGETHER),
        )  # fmt: skip

    def _currency(self, contests: Sequence[Contest], quantity: Quantity) -> str:
        found = {contest.currency for contest in contests}
        if len(found) > 1 and quantity.kind == MONEY:
            said = _("These contests count in different moneys: choose contests of one.")
            raise Refused("two_moneys", said, fields={"contests": said}, status=422)
        return contests[0].currency if contests else "UAH"

    def _ordered(
        self, dimension: Dimension, by_key: Mapping[str, Sequence[Fact]], quantity: Quantity
    ) -> list[str]:
        """Keys along time, in their own order, or the largest first; what has no value is last."""
        if dimension.key == "contest":
            place = {contest.slug: number for number, contest in enumerate(reversed(self.contests))}
            return sorted(by_key, key=lambda key: place[key])
        if dimension.is_time:
            return sorted(by_key, key=lambda key: (not key, key))
        if dimension.is_ordered:
            place = {key: number for number, key in enumerate(self.names(dimension.key))}
            return sorted(by_key, key=lambda key: (place.get(key, len(place)), key))
        size = {key: quantity.count(facts) for key, facts in by_key.items()}
        return sorted(by_key, key=lambda key: (not key, -_whole(size[key]), key))

    def _columns(
        self, across: Dimension, facts: Sequence[Fact], quantity: Quantity
    ) -> tuple[list[str], frozenset[str]]:
        """(keys of columns, keys of what is put together): the latest, or those with the most."""
        by_key = _parted(facts, across.key)
        keys = self._ordered(across, by_key, quantity)
        if len(keys) <= MOST_COLUMNS:
            return keys, frozenset()
        if across.is_time:
            kept = keys
        else:
            most = {key: (quantity.count(by_key[key]) if quantity.is_summed else None) for key in keys}
            kept = sorted(keys, key=lambda key: (_whole(most[key]), len(by_key[key]), key))
        shown = set(kept[1 - MOST_COLUMNS :])
        return [key for key in keys if key in shown], frozenset(keys) - shown

    def _column_heads(
        self, across: Dimension, shown: Sequence[str], others: frozenset[str], quantity: Quantity
    ) -> tuple[Column, ...]:
        heads = [Column(key or NO_VALUE, self.label(across.key, key), quantity.kind) for key in shown]
        if others:
            heads.append(Column(OTHERS, _("Others"), quantity.kind))
        return (*heads, Column(TOGETHER, _("Together"), quantity.kind))

    # voters

    def _of_voters(self, definition: Definition, contests: Sequence[Contest], title: str, key: str) -> Figure:
        """Published tables side by side, cell by cell as they are: nothing is added up or taken away."""
        measure = voter_tables()[definition.rows]
        quantity = VOTER_QUANTITIES[definition.measure]
        place = next(number for number, column in enumerate(measure.columns) if column.key == quantity.column)
        found = Tally.objects.filter(contest__in=[each.pk for each in contests], measure=measure.key)
        tallies = {tally.contest_id: tally for tally in found}
        told = [each for each in contests if each.pk in tallies][:MOST_COLUMNS][::-1]
        tables = [(contest, rows_of(tallies[contest.pk])) for contest in told]
        is_by_day = len(tables) > 1 and all(_is_day(row.key) for _contest, rows in tables for row in rows)
        labels: dict[str, str] = {}
        cells: dict[str, dict[str, Value]] = {}
        for contest, rows in tables:
            words = measure.labels(contest, rows)
            for number, row in enumerate(rows, start=1):
                name = str(number) if is_by_day else row.key
                said = _("Day %(number)d") % {"number": number} if is_by_day else words.get(row.key, row.key)
                # the first group of ages begins where each contest lets people vote: the widest words hold for all
                labels[name] = min(labels.get(name, said), said)
                cells.setdefault(name, {})[contest.slug] = row.values[place]
        columns = tuple(Column(contest.slug, contest.name, quantity.kind) for contest in told)
        lines = tuple(
            Row(name, tuple(values.get(contest.slug) for contest in told)) for name, values in cells.items()
        )
        return Figure(
            key=key or definition.key, title=title or self.title(definition), about=self.about(definition, told),
            heading=_("Day") if is_by_day else str(measure.heading), columns=columns, rows=lines, labels=labels,
            total=sum_of(columns, lines) if measure.is_summed else None, chart=_voters_chart(definition, measure, told),
            as_of=max((each.counted_at for each in tallies.values()), default=clock.now()),
            notes=tuple(str(note) for note in measure.notes), drawn=tuple(column.key for column in columns),
        )  # fmt: skip

    # words

    def title(self, definition: Definition) -> str:
        """A title for a report that has none of its own: the sample's, or made of what is counted."""
        sample = next((each for each in GALLERY.values() if each.definition == definition), None)
        return str(sample.title) if sample is not None else self._said(definition)

    def _said(self, definition: Definition) -> str:
        if definition.family == VOTERS:
            return f"{VOTER_QUANTITIES[definition.measure].title}: {voter_tables()[definition.rows].heading}"
        said = f"{QUANTITIES[definition.measure].title} {DIMENSIONS[definition.rows].by}"
        if definition.columns:
            return _("%(first)s and %(second)s") % {
                "first": said,
                "second": DIMENSIONS[definition.columns].by,
            }
        return said

    def about(self, definition: Definition, contests: Sequence[Contest]) -> str:
        """How it was counted, in whole sentences."""
        sentences = [f"{self._said(definition)}."]
        if definition.family == VOTERS:
            sentences.append(str(voter_tables()[definition.rows].about))
            sentences.append(
                _("The numbers are those of the published tables; nothing else is counted of voters.")
            )
        else:
            sentences.append(str(QUANTITIES[definition.measure].about))
        if contests:
            named = ", ".join(contest.name for contest in contests[:MOST_COLUMNS])
            if len(contests) > MOST_COLUMNS:
                number = len(contests) - MOST_COLUMNS
                named += " " + ngettext("and %(n)d more", "and %(n)d more", number) % {"n": number}
            sentences.append(
                ngettext("Contest: %(names)s.", "Contests: %(names)s.", len(contests)) % {"names": named}
            )
        else:
            sentences.append(_("There is no such contest yet."))
        sentences += [self._narrowed(each) for each in definition.filters]
        sentences += _costs(definition, contests[0].currency if contests else "UAH")
        return " ".join(sentences)

    def _narrowed(self, narrow: Filter) -> str:
        words = {
            "by": DIMENSIONS[narrow.by].title,
            "names": ", ".join(self.label(narrow.by, key) for key in sorted(narrow.keys)),
        }
        if narrow.is_in:
            return _("Only, %(by)s: %(names)s.") % words
        return _("All but, %(by)s: %(names)s.") % words


def _parted(facts: Sequence[Fact], by: str) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(getattr(fact, by), []).append(fact)
    return found


def _fits(fact: Fact, definition: Definition) -> bool:
    if definition.min_cost is not None and fact.cost < definition.min_cost:
        return False
    if definition.max_cost is not None and fact.cost > definition.max_cost:
        return False
    return all((getattr(fact, each.by) in each.keys) is each.is_in for each in definition.filters)


def _cells(
    facts: Sequence[Fact], across: Dimension, shown: Sequence[str], others: frozenset[str], quantity: Quantity
) -> tuple[Value, ...]:
    """One line of a table of two dimensions: each column, the others, all together."""
    by_key = _parted(facts, across.key)
    values = [quantity.count(by_key.get(key, [])) for key in shown]
    if others:
        values.append(quantity.count([fact for key in others for fact in by_key.get(key, [])]))
    return (*values, quantity.count(facts))


def _costs(definition: Definition, currency: str) -> list[str]:
    words = {
        "least": money_text(definition.min_cost or 0, currency),
        "most": money_text(definition.max_cost or 0, currency),
    }
    if definition.min_cost is not None and definition.max_cost is not None:
        return [_("Projects that cost from %(least)s to %(most)s.") % words]
    if definition.min_cost is not None:
        return [_("Projects that cost %(least)s or more.") % words]
    if definition.max_cost is not None:
        return [_("Projects that cost %(most)s or less.") % words]
    return []


def _chart(definition: Definition, rows: Dimension, quantity: Quantity) -> str:
    """How it is drawn: what was chosen, or what fits."""
    if definition.chart != AUTO:
        return definition.chart
    if not definition.columns:
        return COLUMNS if rows.key == "month" else BARS
    if rows.is_time:
        return LINES
    return STACKED if quantity.is_summed else BARS


def _voters_chart(definition: Definition, measure: Measure, contests: Sequence[Contest]) -> str:
    if definition.chart == COLUMNS and len(contests) > 1:
        return LINES if measure.chart == COLUMNS else BARS
    if definition.chart != AUTO:
        return definition.chart
    if measure.chart == COLUMNS:
        return COLUMNS if len(contests) < 2 else LINES
    return measure.chart or BARS


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else -1


def _is_day(key: str) -> bool:
    try:
        return bool(datetime.strptime(key, "%Y-%m-%d"))
    except ValueError:
        return False
