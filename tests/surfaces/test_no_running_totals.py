"""No running totals: nothing that is public while people vote depends on what they choose.

Two votings that are alike in everything but the choices are held one after the other on the same ground, the first
taken back before the second; every public address answers alike, to the byte, but for hashes and tokens of forms.
"""

import contextlib
import re
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from tests import given
from tests.surfaces.ground import VOTING_DAY, Ground, browser, prefix
from tests.surfaces.test_guards import addresses
from viche.ballots.actions import Vote, cast_ballots
from viche.ballots.models import Ballot
from viche.foundation import keys
from viche.integrity.actions import check_voting
from viche.journal.actions import sequence_all
from viche.projects.models import Project
from viche.projects.queries import admitted_projects

VOTERS = 60
# hashes, commitments, and the token of a form: of one length whatever they stand for
MASKED = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9a-f]{12,}|[0-9A-Za-z]{64})(?![0-9A-Za-z])")
# when a form was opened, signed
OPENED = re.compile(rb'name="opened" value="[^"]*"')
HEADERS = {"set-cookie", "date"}
Answer = tuple[int, int, dict[str, str], bytes]


class _TakenBackError(Exception):
    pass


def answers(ground: Ground) -> dict[str, Answer]:
    """Every public address as somebody without a name sees it."""
    cache.clear()
    # written files of open data are kept like a cache
    shutil.rmtree(settings.OPEN_DATA_DIR, ignore_errors=True)
    client = browser()
    found: dict[str, Answer] = {}
    asked = [
        address for route, address in addresses(ground) if route.guard == "public" and route.name != "logout"
    ]
    base = f"{prefix(ground.poltava)}2026/"
    asked += [
        f"{base}projects/?sort={each}" for each in ("random", "cost", "-cost", "number", "votes", "popular")
    ]
    asked += [
        f"{base}projects/?q=Проєкт",
        f"{prefix(ground.poltava)}search/?q=Проєкт",
        f"{prefix(ground.poltava)}en/2026/turnout/",
        "/",
    ]
    for address in asked:
        answer = client.get(address)
        raw = answer.getvalue() if answer.streaming else answer.content
        headers = {
            name: MASKED.sub(b"#", value.encode()).decode()
            for name, value in answer.items()
            if name.lower() not in HEADERS
        }
        found[address] = (answer.status_code, len(raw), headers, MASKED.sub(b"#", OPENED.sub(b"#", raw)))
    return found


def held(
    ground: Ground, choose: Callable[[list[Project], int], list[Project]], *, voters: int = VOTERS
) -> dict[str, Answer]:
    """The answers while a voting goes on in which the n-th voter chooses so."""
    found: dict[str, Answer] = {}
    with contextlib.suppress(_TakenBackError), transaction.atomic():
        projects = list(admitted_projects(ground.voting).order_by("number"))
        votes = [
            Vote(
                person_token=keys.person_token("tax", f"voter {n}"), paper=given.paper(*choose(projects, n)),
                request_key=(n + 1).to_bytes(32, "big"), at=VOTING_DAY - timedelta(hours=n),
            )
            for n in range(voters)
        ]  # fmt: skip
        assert cast_ballots(contest=ground.voting, channel="online", votes=votes) == voters
        assert Ballot.objects.filter(contest=ground.voting).count() == voters
        sequence_all()
        check_voting(contest=ground.voting)
        found = answers(ground)
        raise _TakenBackError
    return found


@pytest.fixture(autouse=True)
def _same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The orders in which projects are shown are drawn alike in both votings."""
    monkeypatch.setattr("secrets.token_hex", lambda number=16: "5" * (2 * number))


def test_opposite_choices_leave_every_public_answer_the_same(ground: Ground) -> None:
    first = held(ground, lambda projects, n: projects[:1])
    second = held(ground, lambda projects, n: projects[1:4])
    assert len(first) > 40
    assert set(first) == set(second)
    assert [address for address in first if first[address] != second[address]] == []


def test_the_comparison_would_notice_one_more_vote(ground: Ground) -> None:
    """The same two crawls differ where the turnout does: they are not blind."""
    first = held(ground, lambda projects, n: projects[:1])
    second = held(ground, lambda projects, n: projects[:1], voters=VOTERS + 1)
    differ = [address for address in first if first[address] != second[address]]
    assert f"{prefix(ground.poltava)}2026/turnout.json" in differ
