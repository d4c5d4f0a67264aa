"""The rules themselves: pure arithmetic over marks and their traces, in whole numbers, with nothing hidden.

Every rule compares an observed number of votes with a limit: the larger of a least number and a multiple of what is
expected. Twice the limit makes an alarm of it. Times are counted in Kyiv.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from rulebook.rules.vocabulary import ONLINE
from viche.ballots.traces import Trace
from viche.foundation.clock import KYIV
from viche.integrity.thresholds import RULES, Thresholds

NIGHT = (time(1), time(5))
# ages beside an age that say how many of it to expect, on either side
NEAR = 5
DAYS_A_YEAR = 365
# dates of birth are spread over about sixty years
DATES = 60 * DAYS_A_YEAR
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Finding:
    """What a rule found. subject: of which network, device, age …; day: in Kyiv, None where the whole voting counts.

    expected: None where the rule expects nothing. facts: the thresholds and other numbers the arithmetic stands on, and
    from/to (ISO).
    """

    rule: str
    subject: str
    day: date | None
    observed: int
    expected: int | None
    limit: int
    marks: tuple[UUID, ...]
    facts: dict[str, int | str] = field(default_factory=dict)

    @property
    def is_alarm(self) -> bool:
        return self.observed >= 2 * self.limit


Found = Iterator[Finding]
Key = TypeVar("Key")


def findings(traces: Sequence[Trace], limits: Thresholds, now: datetime) -> list[Finding]:
    """Everything the rules find. traces: in the order of their moments; now: until when they are complete."""
    rules: dict[str, Callable[[], Found]] = {
        "network": lambda: _network(_online(traces), limits["network"]),
        "surge": lambda: _surges("surge", _online(traces), lambda each: each.block, limits["surge"]),
        "device": lambda: _device(_online(traces), limits["device"]),
        "age": lambda: _ages(traces, limits["age"]),
        "birthday": lambda: _births(
            "birthday", traces, lambda born: f"{born:%m-%d}", DAYS_A_YEAR, limits["birthday"]
        ),
        "birth-date": lambda: _births(
            "birth-date", traces, lambda born: born.isoformat(), DATES, limits["birth-date"]
        ),
        "night": lambda: _nights(traces, limits["night"], now),
        "operator": lambda: _rushes("operator", traces, lambda each: each.operator, limits["operator"]),
        "point": lambda: _rushes("point", traces, lambda each: each.point, limits["point"]),
        "terminal": lambda: _rushes("terminal", traces, lambda each: each.terminal, limits["terminal"]),
        "bank": lambda: _surges("bank", traces, lambda each: each.issuer, limits["bank"]),
        "method": lambda: _surges("method", traces, lambda each: each.method, limits["method"]),
        "grantor": lambda: _surges("grantor", traces, lambda each: each.grantor, limits["grantor"]),
    }
    return [
        replace(found, facts={**limits[name], **found.facts}) for name in RULES for found in rules[name]()
    ]


def age_on(born: date, day: date) -> int:
    """Full years on the day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def ceiling(part: int, whole: int) -> int:
    """part / whole, rounded up."""
    return -(-part // whole)


def _online(traces: Iterable[Trace]) -> list[Trace]:
    # at a desk or a terminal one machine serves everybody
    return [each for each in traces if each.channel == ONLINE]


def _grouped(traces: Iterable[Trace], key: Callable[[Trace], Key]) -> dict[Key, list[Trace]]:
    groups: dict[Key, list[Trace]] = defaultdict(list)
    for each in traces:
        if name := key(each):
            groups[name].append(each)
    return groups


def _network(traces: list[Trace], limit: Mapping[str, int]) -> Found:
    for block, group in _grouped(traces, lambda each: each.block).items():
        # whoever refuses the cookie is a device of their own: nobody is suspected for that
        devices = len({each.device for each in group if each.device}) + sum(not each.device for each in group)
        most = max(limit["least"], limit["times"] * devices)
        if len(group) >= most:
            facts = {"devices": devices, "agents": len({each.agent for each in group})}
            yield _finding("network", block, None, group, devices, most, facts)


def _device(traces: list[Trace], limit: Mapping[str, int]) -> Found:
    for device, group in _grouped(traces, lambda each: each.device).items():
        if len(group) >= limit["least"]:
            yield _finding("device", device, None, group, None, limit["least"], {})


def _surges(
    rule: str, traces: Sequence[Trace], key: Callable[[Trace], str], limit: Mapping[str, int]
) -> Found:
    """Windows in which one subject has far more votes than its share of all votes outside the window."""
    moments = [each.at for each in traces]
    width = timedelta(minutes=limit["minutes"])
    for subject, group in _grouped(traces, key).items():
        if len(group) < limit["least"]:
            continue
        for day, inside in _busiest(group, width):
            start = inside[0].at
            around = bisect_left(moments, start + width) - bisect_left(moments, start)
            own, others = len(group) - len(inside), len(moments) - around
            if others < around:  # too little is known of its share yet
                continue
            expected = ceiling(own * around, others)
            most = max(limit["least"], limit["times"] * expected)
            if len(inside) >= most:
                yield _finding(
                    rule,
                    subject,
                    day,
                    inside,
                    expected,
                    most,
                    {"own": own, "others": others, "around": around},
                )


def _rushes(
    rule: str, traces: Sequence[Trace], key: Callable[[Trace], str], limit: Mapping[str, int]
) -> Found:
    """Windows in which one subject takes more votes than it can."""
    width = timedelta(minutes=limit["minutes"])
    for subject, group in _grouped(traces, key).items():
        for day, inside in _busiest(group, width):
            if len(inside) >= limit["least"]:
                yield _finding(rule, subject, day, inside, None, limit["least"], {})


def _busiest(group: Sequence[Trace], width: timedelta) -> Iterator[tuple[date, list[Trace]]]:
    """Of each day the window with most votes; a window belongs to the day on which it begins."""
    best: dict[date, tuple[int, int]] = {}
    end = 0
    for start, each in enumerate(group):
        while end < len(group) and group[end].at < each.at + width:
            end += 1
        day = _day(each.at)
        if day not in best or end - start > best[day][1] - best[day][0]:
            best[day] = (start, end)
    for day, (start, end) in best.items():
        yield day, list(group[start:end])


def _ages(traces: Sequence[Trace], limit: Mapping[str, int]) -> Found:
    by_day: dict[date, dict[int, list[Trace]]] = defaultdict(lambda: defaultdict(list))
    for each in traces:
        if each.born is not None:
            day = _day(each.at)
            by_day[day][age_on(each.born, day)].append(each)
    youngest = min((age for ages in by_day.values() for age in ages), default=0)
    for day, ages in by_day.items():
        for age, group in ages.items():
            beside = [near for near in range(max(youngest, age - NEAR), age + NEAR + 1) if near != age]
            near_votes = sum(len(ages.get(near, ())) for near in beside)
            expected = ceiling(near_votes, len(beside))
            most = max(limit["least"], limit["times"] * expected)
            if len(group) >= most:
                yield _finding(
                    "age", str(age), day, group, expected, most, {"near": near_votes, "ages": len(beside)}
                )


def _births(
    rule: str, traces: Sequence[Trace], key: Callable[[date], str], days: int, limit: Mapping[str, int]
) -> Found:
    known = [each for each in traces if each.born is not None]
    expected = ceiling(len(known), days)
    most = max(limit["least"], limit["times"] * expected)
    for subject, group in _grouped(known, lambda each: key(each.born) if each.born else "").items():
        if len(group) >= most:
            yield _finding(rule, subject, None, group, expected, most, {"known": len(known), "days": days})


def _nights(traces: Sequence[Trace], limit: Mapping[str, int], now: datetime) -> Found:
    """Nights beside the 24 hours before or after, whichever had more votes. Where the hours before had fewer than the
    night itself (the first night, a quiet village), the rule waits for those after.
    """
    moments = [each.at for each in traces]
    nights = _grouped(traces, lambda each: _day(each.at) if NIGHT[0] <= _clock(each.at) < NIGHT[1] else None)
    for day, group in nights.items():
        assert day is not None
        start, end = (datetime.combine(day, each, KYIV) for each in NIGHT)
        before = bisect_left(moments, start) - bisect_left(moments, start - DAY)
        after = bisect_left(moments, end + DAY) - bisect_left(moments, end)
        if before < len(group) and now < end + DAY:
            continue
        beside = max(before, after)
        expected = ceiling(beside * limit["permille"], 1000)
        most = max(limit["least"], limit["times"] * expected)
        if len(group) >= most:
            yield _finding("night", day.isoformat(), day, group, expected, most, {"beside": beside})


def _finding(
    rule: str, subject: str, day: date | None, group: Sequence[Trace], expected: int | None, most: int,
    facts: dict[str, int],
) -> Finding:  # fmt: skip
    span = {"from": group[0].at.isoformat(), "to": group[-1].at.isoformat()}
    return Finding(
        rule, subject, day, len(group), expected, most, tuple(each.mark for each in group), {**facts, **span}
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(KYIV).date()


def _clock(moment: datetime) -> time:
    return moment.astimezone(KYIV).time()
