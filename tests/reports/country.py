"""A country of connected hromadas with summaries, written straight into the tables: for measuring and for many bodies.

Nothing here went through an action: only the numbers that each contest would keep ready are there, made up from a seed.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection
from tests import given

from rulebook.canonical import digest
from viche.communities.models import Community, Territory
from viche.contests.models import Contest, RulesVersion
from viche.foundation.ids import uuid7
from viche.reports.figure import Row, Value, digest_of
from viche.reports.measures import SUMMARY
from viche.reports.measures.summary import COLUMNS
from viche.reports.models import Keeping, Tally

MOMENT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def summary(**known: Value) -> list[Value]:
    """A line of the summary; what is not named is not known."""
    assert set(known) <= {column.key for column in COLUMNS}
    return [known.get(column.key) for column in COLUMNS]


def made_up(chance: random.Random) -> list[Value]:
    """A line as a contest that is over would have it; every fifth body has no register."""
    size = chance.choice((900, 3_000, 9_000, 30_000, 150_000))
    members = size + chance.randrange(size) if chance.randrange(5) else None
    voters = chance.randrange(size // 8 + 12)
    published = chance.randrange(2, 60)
    admitted = chance.randrange(published + 1)
    won = chance.randrange(admitted + 1)
    amount = sum(chance.randrange(1_000_000, 90_000_000) for _project in range(won))
    built = chance.randrange(won + 1)
    return summary(
        submitted=published + 1, published=published, asked=published * 20_000_000, admitted=admitted,
        admission=admitted * 10_000 // published, signatures=0, voters=voters, members=members,
        turnout=voters * 10_000 // members if members else None, budget=amount + 5_000_000, won=won, won_amount=amount,
        built=built, spent=amount * built // won if won else 0, days=chance.randrange(60, 500) if built else None,
    )  # fmt: skip


def put_summary(contest: Contest, values: Sequence[Value]) -> Tally:
    """The kept summary of a contest, in place of the counted one."""
    tally = _tally(contest, values)
    Tally.objects.filter(contest=contest, measure=SUMMARY).delete()
    tally.save(force_insert=True)
    return tally


def _tally(contest: Contest, values: Sequence[Value]) -> Tally:
    row = Row(SUMMARY, tuple(values))
    return Tally(
        community_id=contest.community_id, contest=contest, measure=SUMMARY, rows=[row.document()],
        digest=digest_of(SUMMARY, COLUMNS, [row]), counted_at=MOMENT,
    )  # fmt: skip


def seed_country(
    *, years: Sequence[int] = (2026,), most: int | None = None, seed: int = 1, inside: str = ""
) -> int:
    """Every hromada of the codifier with a finished contest in each year; how many contests. most: the first so many
    only; inside: of the territory whose path begins so.
    """
    chance = random.Random(seed)
    taken = set(Community.objects.values_list("territory_id", flat=True))
    hromadas = Territory.objects.filter(category="H", closed_at=None, path__startswith=inside).order_by(
        "code"
    )
    hromadas = hromadas.exclude(code__in=taken)
    bodies = Community.objects.bulk_create(
        Community(
            territory=each, code=each.code, slug=f"hromada-{number}", name={"uk": each.full_name},
            short_name={"uk": each.name}, connected_at=MOMENT,
        )
        for number, each in enumerate(hromadas[:most], start=1)
    )  # fmt: skip
    contests = Contest.objects.bulk_create(
        Contest(
            id=uuid7(), community=body, slug=str(year), year=year, title={"uk": f"Бюджет участі {year}"},
            created_at=MOMENT,
        )
        for body in bodies
        for year in years
    )  # fmt: skip
    RulesVersion.objects.bulk_create(
        RulesVersion(
            contest=each, number=1, document=given.RULES, digest=digest(given.RULES), decision="№ 1",
            frozen_at=MOMENT, made_at=MOMENT,
        )
        for each in contests
    )  # fmt: skip
    Tally.objects.bulk_create(_tally(each, made_up(chance)) for each in contests)
    Keeping.objects.bulk_create(Keeping(contest=each, is_stale=False, counted_at=MOMENT) for each in contests)
    with connection.cursor() as cursor:
        # as the database does by itself after a while; without it so many new rows are joined in a blind order
        cursor.execute(
            "ANALYZE reports_tally, contests_contest, communities_community, communities_territory"
        )
    return len(contests)
