"""Casting a ballot: the one statement of the box beside the same writes as several ORM statements, in one run.

    VICHE_ENVIRONMENT=test VICHE_VAR=var/bench .venv/bin/python bench/casting.py

Both make mark, sealed ballot and journal leaf for the same number of voters with the same threads, turn by turn;
sealing is part of both. Writes docs/benchmarks/casting.md: medians of the rounds and their ratio. The server is the
embedded one, durable.
"""

import hashlib
import os
import platform
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("VICHE_ENVIRONMENT", "test")
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

THREADS, VOTERS, ROUNDS = 8, 400, 5


def main() -> None:
    embedded.use(settings.EMBEDDED_PLACE, durable=True)
    django.setup()
    from django.core.management import call_command
    from django.db import IntegrityError, connection, transaction

    from rulebook.rules.records import Channel
    from rulebook.rules.vocabulary import ONLINE

    call_command("flush", verbosity=0, interactive=False)
    call_command("migrate", "communities", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    from tests import given

    from viche.ballots import sealing
    from viche.ballots.events import BallotSealed
    from viche.ballots.models import Ballot, Box, Participation
    from viche.ballots.putting import Slip, put_ballots
    from viche.foundation import clock
    from viche.journal import actions as journal

    contest, projects = given.voting_contest(projects=4)
    box = Box.objects.get(contest=contest)
    paper = given.paper(projects[0], projects[1])
    name = str(contest.id)

    def one_statement(token: bytes, key: bytes) -> None:
        put_ballots(contest, box, Channel(ONLINE), [Slip((token,), paper, key, clock.now())])

    def several_statements(token: bytes, key: bytes) -> None:
        sealed = sealing.seal(
            contest=name, paper=paper, request_key=key, public_key=bytes(box.public_key), longest=600
        )
        try:
            with transaction.atomic():
                window = contest.windows.filter(
                    phase="voting", starts_at__lte=clock.now(), ends_at__gt=clock.now()
                )
                if not window.exists():
                    return
                Participation.objects.create(
                    community_id=contest.community_id, contest=contest, person_token=token, channel=ONLINE,
                    request_hash=hashlib.sha256(key).digest(), body_mac=sealing.body_mac(key, paper),
                    cast_at=clock.now(),
                )  # fmt: skip
                Ballot.objects.create(
                    commitment=sealed.commitment, community_id=contest.community_id, contest=contest,
                    envelope=sealed.envelope,
                )  # fmt: skip
                journal.append(
                    BallotSealed(
                        contest=name, commitment=sealed.commitment.hex(),
                        envelope=hashlib.sha256(sealed.envelope).hexdigest(),
                    ),
                    community=contest.community.code, year=clock.now().year, by=None,
                )  # fmt: skip
        except IntegrityError:
            return

    def round_of(cast: Callable[[bytes, bytes], None]) -> float:
        voters = [(secrets.token_bytes(32), secrets.token_bytes(32)) for _ in range(VOTERS)]

        def serve(part: list[tuple[bytes, bytes]]) -> None:
            try:
                with clock.at(given.day(45)):
                    for token, key in part:
                        cast(token, key)
            finally:
                connection.close()

        started = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(serve, [voters[place::THREADS] for place in range(THREADS)]))
        return VOTERS / (time.perf_counter() - started)

    found: dict[str, list[float]] = {"one statement": [], "several ORM statements": []}
    for _ in range(ROUNDS):
        found["one statement"].append(round_of(one_statement))
        found["several ORM statements"].append(round_of(several_statements))
    expected = 2 * ROUNDS * VOTERS
    marks, ballots = Participation.objects.count(), Ballot.objects.count()
    if (marks, ballots) != (expected, expected):
        sys.exit(f"{expected} ballots cast, {marks} marks and {ballots} ballots found")
    medians = {way: statistics.median(rates) for way, rates in found.items()}
    ratio = medians["one statement"] / medians["several ORM statements"]
    lines = [
        "# Casting a ballot",
        "",
        f"`bench/casting.py`: {THREADS} threads, {VOTERS} ballots a round, {ROUNDS} rounds turn by turn, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, embedded PostgreSQL with durability on. "
        "Sealing (HPKE) is part of both. After the run marks, ballots and casts were equal.",
        "",
        "| Way | median ballots a second | lowest | highest |",
        "|---|---|---|---|",
        *(
            f"| {way} | {medians[way]:.0f} | {min(rates):.0f} | {max(rates):.0f} |"
            for way, rates in found.items()
        ),
        "",
        f"Ratio of the medians: {ratio:.2f}.",
        "",
    ]
    page = ROOT / "docs/benchmarks/casting.md"
    page.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
