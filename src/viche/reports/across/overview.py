"""A territory, or the whole country, in one year: its parts, its bodies, and what those do whom many follow.

No ranks are given: bodies differ in more than a table can tell.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.latin import alphabetical
from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.contests.queries import give_rules
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.numbers import grouped
from viche.reports.across.sums import (
    BODIES,
    CURRENCY,
    LEAST,
    PARTS,
    Sums,
    body_sums,
    by_name,
    summaries,
    together,
    values_of,
)
from viche.reports.figure import Figure, Row, Value
from viche.reports.measures import SUMMARY
from viche.reports.models import Tally

COUNTRY = "UA"
"""In the place of a territory's code."""

SHOWN = "OKP"
"""Categories of territories that have a page of their own: regions, special cities, districts."""

SIZES = (0, 5_000, 20_000, 100_000)
"""From how many people on the register a group of similar bodies begins."""

FEW, MOST = 4, 4
"""In a group of fewer bodies nobody is much better than the others; of a larger one so many are named."""


def territory_shown(code: str) -> Territory | None:
    """The territory with a page of its own; None where there is none of this code."""
    return (
        Territory.objects.filter(pk=code, category__in=SHOWN, closed_at=None).select_related("parent").first()
    )


@dataclass(frozen=True)
class Practice:
    """A body in whose contest many took part, and that contest with its rules. value: voters for each thousand on the
    register, in hundredths.
    """

    body: Community
    contest: Contest
    value: int


@dataclass(frozen=True)
class Overview:
    """territory: None for the country. years: those with a contest, the latest first; year: the shown one (None: all
    years together). tallies: the summaries of its contests.
    """

    territory: Territory | None
    years: tuple[int, ...]
    year: int | None
    tallies: tuple[Tally, ...]

    @cached_property
    def _by_body(self) -> dict[Community, list[Tally]]:
        found: dict[Community, list[Tally]] = {}
        for each in self.tallies:
            found.setdefault(each.contest.community, []).append(each)
        return dict(sorted(found.items(), key=lambda pair: by_name(pair[0])))

    @cached_property
    def _sums(self) -> dict[Community, Sums]:
        return {body: body_sums([values_of(each) for each in found]) for body, found in self._by_body.items()}

    @cached_property
    def total(self) -> Sums:
        """Everything together."""
        return together(self._sums.values())

    @property
    def communities(self) -> dict[str, Community]:
        """The bodies with a contest, by their addresses."""
        return {body.slug: body for body in self._by_body}

    def bodies(self) -> Figure | None:
        """The bodies in the order of their names; None where none has a contest."""
        if not self.tallies:
            return None
        return Figure(
            key="bodies", title=_("Communities side by side"),
            about=_("Contests of each community together, in the order of names; for each thousand: of the people on "
                    "its register of members when it voted. A dash: not known, for one because there is no register."),
            heading=_("Community"), columns=BODIES,
            rows=tuple(Row(body.slug, sums.values(BODIES)) for body, sums in self._sums.items()),
            labels={body.slug: body.title for body in self._sums}, total=self.total.values(BODIES), chart="",
            as_of=self._as_of, notes=self._notes(),
        )  # fmt: skip

    def by_size(self) -> list[Figure]:
        """The bodies in groups of similar size, the smallest first, each group a figure of its own with its sums."""
        whole = self.bodies()
        if whole is None:
            return []
        groups: dict[int, list[Community]] = {}
        for body, sums in self._sums.items():
            groups.setdefault(_group(sums.members), []).append(body)
        found = []
        for group in [*range(len(SIZES)), NO_REGISTER]:
            if group in groups:
                names = {body.slug for body in groups[group]}
                total = together(self._sums[body] for body in groups[group])
                rows = tuple(row for row in whole.rows if row.key in names)
                found.append(
                    replace(
                        whole,
                        key=f"bodies-{group}",
                        title=_size_title(group),
                        rows=rows,
                        total=total.values(BODIES),
                    )
                )
        return found

    def parts(self, *, drawn: str = "per_thousand") -> Figure | None:
        """What the territory consists of, each part with the sums of its bodies; None where no body has a contest.

        Of the country: every region, drawn as a map. drawn: the column in the picture.
        """
        if not self.tallies:
            return None
        own = self.territory.code if self.territory else COUNTRY
        depth = self.territory.path.count("/") if self.territory else 0
        groups: dict[str, list[Sums]] = {each.code: [] for each in self._children}
        for body, sums in self._sums.items():
            codes = [code for code in body.territory.path.split("/") if code]
            groups.setdefault(codes[depth] if len(codes) > depth else own, []).append(sums)
        names = {each.code: each.full_name for each in self._children}
        if own in groups:
            names[own] = _("The body of the whole territory")
        missing = [code for code in groups if code not in names]
        others = list(Territory.objects.filter(code__in=missing))
        names |= {each.code: each.full_name for each in others}
        # by the names of the codifier: a table is one in every language
        places = {each.code: alphabetical(each.name) for each in [*self._children, *others]}
        rows = [
            Row(code, together(groups[code]).values(PARTS))
            for code in sorted(groups, key=lambda code: (code == own, places.get(code, []), code))
        ]
        return Figure(
            key="parts", title=_("By region") if self.territory is None else _("By part of the region"),
            about=_("The bodies of each part together, by the same sums as the bodies themselves. Bodies that lie in "
                    "one another, such as a region and its cities, each count their own members and contests."),
            heading=_("Part"), columns=PARTS, rows=tuple(rows), labels=names, total=self.total.values(PARTS),
            chart="map" if self.territory is None else "bars", as_of=self._as_of, notes=self._notes(), drawn=(drawn,),
        )  # fmt: skip

    @cached_property
    def _children(self) -> list[Territory]:
        """The parts that have a page of their own; every region of the country, also where nobody votes."""
        found = Territory.objects.filter(parent=self.territory, category__in=SHOWN, closed_at=None)
        return sorted(found, key=lambda each: alphabetical(each.name))

    @property
    def linked(self) -> set[str]:
        """Codes of the parts that have a page of their own."""
        return {each.code for each in self._children}

    def practices(self) -> list[Practice]:
        """Of each group of similar size the bodies in its upper quarter by participation, at most MOST, by name."""
        groups: dict[int, list[tuple[int, Community]]] = {}
        for body, sums in self._sums.items():
            value = sums.per_thousand
            if isinstance(value, int) and sums.members is not None:
                groups.setdefault(_group(sums.members), []).append((value, body))
        chosen: dict[Community, int] = {}
        for found in groups.values():
            if len(found) >= FEW:
                found.sort(key=lambda each: (-each[0], each[1].slug))
                chosen |= {body: value for value, body in found[: min(MOST, len(found) >> 2)]}
        contests = {body: self._most_voted(body) for body in chosen}
        give_rules(list(contests.values()))
        return [Practice(body, contests[body], chosen[body]) for body in self._by_body if body in chosen]

    def _most_voted(self, body: Community) -> Contest:
        def voters(tally: Tally) -> int:
            value = values_of(tally)["voters"]
            return value if isinstance(value, int) else 0

        contest: Contest = max(self._by_body[body], key=voters).contest
        return contest

    @property
    def _as_of(self) -> datetime:
        moment: datetime = max(each.counted_at for each in self.tallies)
        return moment

    def _notes(self) -> tuple[str, ...]:
        notes = []
        unknown = sum(1 for sums in self._sums.values() if sums.members is None)
        if unknown:
            notes.append(
                ngettext(
                    "%(number)d community has no register of members here: it is in no number for each resident.",
                    "%(number)d communities have no register of members here: they are in no number for each resident.",
                    unknown,
                ) % {"number": unknown}
            )  # fmt: skip
        if any(sums.is_hidden for sums in self._sums.values()):
            notes.append(_few_voters())
        if any(each.contest.currency != CURRENCY for each in self.tallies):
            notes.append(_("Money of contests in another currency is left out."))
        return tuple(notes)


def _few_voters() -> str:
    said = _("Voters of a community are hidden where there were fewer than %(least)d, and are in no sum.")
    return said % {"least": LEAST}


NO_REGISTER = len(SIZES)


def _group(members: int | None) -> int:
    """The place of the group of similar size."""
    if not members:
        return NO_REGISTER
    return max(place for place, least in enumerate(SIZES) if members >= least)


def _size_title(group: int) -> str:
    if group == NO_REGISTER:
        return _("Size not known: no register of members")
    least, following = SIZES[group], SIZES[group + 1 : group + 2]
    if not least:
        return _("Fewer than %(most)s people on the register") % {"most": grouped(following[0])}
    if not following:
        return _("%(least)s people on the register and more") % {"least": grouped(least)}
    said = _("From %(least)s to fewer than %(most)s people on the register")
    return said % {"least": grouped(least), "most": grouped(following[0])}


def overview(territory: Territory | None = None, *, year: int | None = None) -> Overview:
    """Bodies that have not left, inside a territory (everywhere), and their contests of a year: two queries.

    year: None or one without a contest here: the latest that is not in the future.
    """
    tallies = _living(territory)
    years = tuple(
        tallies.filter(measure=SUMMARY)
        .order_by("-contest__year")
        .values_list("contest__year", flat=True)
        .distinct()
    )
    if year not in years:
        now = clock.now().astimezone(KYIV).year
        year = next((each for each in years if each <= now), years[-1] if years else None)
    found = summaries(tallies.filter(contest__year=year)) if year is not None else []
    return Overview(territory, years, year, tuple(found))


def bodies_of(territory: Territory | None = None, *, year: int | None = None) -> Figure | None:
    """The bodies inside a territory (everywhere), in the order of their names; None where none has a contest.

    year: contests of this year only; None: of all years together.
    """
    tallies = _living(territory)
    if year is not None:
        tallies = tallies.filter(contest__year=year)
    return Overview(territory, (), year, tuple(summaries(tallies))).bodies()


def _living(territory: Territory | None) -> QuerySet[Tally]:
    tallies = Tally.objects.filter(contest__community__archived_at=None)
    if territory is not None:
        tallies = tallies.filter(contest__community__territory__path__startswith=territory.path)
    return tallies


def ordered(figure: Figure, by: str) -> Figure:
    """The same rows, the largest value of a column first; those without one last, equal ones as they stood.

    by: the key of a column; another leaves the order of names.
    """
    place = next((place for place, column in enumerate(figure.columns) if column.key == by), None)
    if place is None:
        return figure

    def order(row: Row) -> int:
        value: Value = row.values[place]
        return -value if isinstance(value, int) else 1

    return replace(figure, rows=tuple(sorted(figure.rows, key=order)))
