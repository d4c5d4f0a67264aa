"""Who has voted, by age and sex: groups of at least ten people, made once, when the box is opened.

Nothing is kept beside a mark for it: what a voter's age and sex are stands in the sealed trace only, and goes with it.
The groups are made in the transaction after which no vote can be annulled any more, so that there is one version of
them for all time and no two to subtract from each other. Ages are joined with their neighbours, never hidden: a hidden
number can be bounded by its row's sum, a joined one is a sum itself (docs/decisions/0035-who-votes.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulebook.explaining.shares import AGES, group_of
from viche.ballots.models import VoterGroups
from viche.ballots.traces import traces_of
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.clock import KYIV
from viche.identity.models import Person

FEW = 10
"""No group of fewer voters is ever named."""

UNKNOWN = "unknown"
BANDS = tuple(group_of("age", str(first)) for first, _last in AGES)
"""Ages in full years: "0-17", "18-24" … "65+"."""

SEXES = ("female", "male")

Cells = Mapping[tuple[str, str], int]
"""Voters by (one of BANDS, or of an imported election's own, or UNKNOWN; one of SEXES or UNKNOWN)."""


@dataclass(frozen=True)
class Groups:
    """What may be published. by_age: (group of ages, voters); by_sex: (group, voters); by_both: (group of ages,
    voters by each group of by_sex). Empty where there are not two groups of FEW.

    A group of ages: "25-34", "0-24", "55+", "65+,unknown", "unknown"; of sexes: "female", "male" or "male,unknown",
    "unknown".
    """

    by_age: tuple[tuple[str, int], ...]
    by_sex: tuple[tuple[str, int], ...]
    by_both: tuple[tuple[str, tuple[int, ...]], ...]


def band_of(age: int | None) -> str:
    """The band of an age in full years."""
    return UNKNOWN if age is None else group_of("age", str(age)) or UNKNOWN


def groups_of(cells: Cells) -> Groups:
    """The groups that may be published of these voters."""
    bands = _in_order({band for band, _sex in cells} - {UNKNOWN})
    ages, sexes = Counter[str](), Counter[str]()
    for (band, sex), number in cells.items():
        ages[band] += number
        sexes[sex] += number
    old = _joined([(band, ages[band]) for band in bands], ages[UNKNOWN])
    sex = _joined([(each, sexes[each]) for each in SEXES], sexes[UNKNOWN])
    if sex and sex[0][0] != ["female"]:  # women and men in one group tell nothing
        sex = []
    both = []
    for names, _number in old:
        row = tuple(sum(cells.get((band, one), 0) for band in names for one in group) for group, _all in sex)
        both.append((_span(names), row))
    is_safe = old and sex and all(not 0 < number < FEW for _name, row in both for number in row)
    return Groups(
        tuple((_span(names), number) for names, number in old),
        tuple((",".join(names), number) for names, number in sex),
        tuple(both) if is_safe else (),
    )


def _in_order(bands: set[str]) -> list[str]:
    """All of BANDS; or those that the file of an imported election has of its own."""
    if bands <= set(BANDS):
        return list(BANDS)
    return sorted(bands, key=lambda band: (int(band.partition("-")[0].rstrip("+")), band))


def _joined(numbers: Sequence[tuple[str, int]], unknown: int) -> list[tuple[list[str], int]]:
    """Neighbours joined from the first on until each group has FEW; none where one group alone is left.

    What is left over at the end goes to the group before it, and takes one more with it where it could be told from the
    sum: a group of eleven with a single voter in its name would tell of that voter.
    """
    every = [*numbers, (UNKNOWN, unknown)] if unknown else list(numbers)
    while every and not every[0][1]:
        every.pop(0)
    found: list[tuple[list[str], int]] = []
    names: list[str] = []
    together = 0
    for name, number in every:
        names, together = [*names, name], together + number
        if together >= FEW:
            found.append((names, together))
            names, together = [], 0
    if names:
        is_told = together > 0
        while found and names:
            before, number = found.pop()
            names, together = [*before, *names], number + together
            if not is_told or together >= 2 * FEW:
                found.append((names, together))
                names = []
    return found if len(found) > 1 else []


def _span(names: Sequence[str]) -> str:
    """One name for neighbouring bands: "25-44"."""
    known = [name for name in names if name != UNKNOWN]
    parts = [] if not known else [known[0]]
    if len(known) > 1:
        first = known[0].partition("-")[0]
        parts = [f"{first}+" if known[-1].endswith("+") else f"{first}-{known[-1].partition('-')[2]}"]
    return ",".join([*parts, *(name for name in names if name == UNKNOWN)])


def cells_of(contest: Contest) -> Cells:
    """The voters of a box by age on the day they voted and sex, from the sealed traces of the marks that count.

    Raises keys.KeyMissing.
    """
    found = Counter[tuple[str, str]]()
    for trace in traces_of(contest):
        age = Person(birth_date=trace.born).age_on(trace.at.astimezone(KYIV).date())
        found[band_of(age), trace.sex if trace.sex in SEXES else UNKNOWN] += 1
    return found


def group_voters(*, contest: Contest, cells: Cells | None = None) -> None:
    """Keep the groups of a contest's voters, once: made again they stay as they were. cells: of an imported election,
    else from the marks. In the caller's transaction; no entry in the journal: the sum stands there, nothing is decided.

    Where the key of the traces is gone, or of no voter anything is known, nothing is kept.
    """
    try:
        found = groups_of(cells_of(contest) if cells is None else cells)
    except keys.KeyMissing:
        return
    if found.by_age or found.by_sex:
        VoterGroups.objects.get_or_create(
            contest=contest, community_id=contest.community_id,
            defaults={"by_age": found.by_age, "by_sex": found.by_sex, "by_both": found.by_both},
        )  # fmt: skip


def voter_groups(contest: Contest) -> Groups | None:
    """The published groups; None where there are none."""
    kept = VoterGroups.objects.filter(contest=contest).first()
    if kept is None:
        return None
    return Groups(
        tuple((name, number) for name, number in kept.by_age),
        tuple((name, number) for name, number in kept.by_sex),
        tuple((name, tuple(row)) for name, row in kept.by_both),
    )
