"""A contest from its first day to its published result, with its log published and its record written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings as house
from django.db import transaction
from tests import given

from viche.ballots.actions import cast_ballot, cast_ballots, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.models import Participation
from viche.ballots.receipts import Vote
from viche.connectors.record.actions import write_record
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.actions import publish_logs, sequence_all
from viche.results.actions import certify_result, publish_result, run_count

FOLDERS = ("KEYS_DIR", "LOG_DIR", "RECORDS_DIR", "OPEN_DATA_DIR")


@contextmanager
def folders_in(folder: Path) -> Iterator[None]:
    """Keys, log and records of what is made inside lie in this folder."""
    kept = [getattr(house, name) for name in FOLDERS]
    for name in FOLDERS:
        setattr(house, name, folder / name.lower())
    yield
    for name, value in zip(FOLDERS, kept, strict=True):
        setattr(house, name, value)


@contextmanager
def kept_database(blocker: Any) -> Iterator[None]:
    """A database for a whole module, as it was afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def voted_contest(ballots: int = 70, **facts: Any) -> Contest:
    """A contest in which so many residents voted, on three days."""
    contest, projects = given.voting_contest(**facts)
    with clock.at(given.day(45)):
        votes = [
            Vote(
                person_token=bytes([number]) * 32, request_key=bytes([number, 7]) * 16,
                paper=given.paper(*(projects[:2] if number % 3 else projects[2:3])),
                at=given.day(45) - timedelta(days=number % 3),
            )
            for number in range(ballots)
        ]  # fmt: skip
        assert cast_ballots(contest=contest, votes=votes, channel="online") == ballots
    sequence_all()
    publish_logs()
    return Contest.objects.get(pk=contest.pk)


def finished_contest(ballots: int = 70, **facts: Any) -> Contest:
    """The same to its published result."""
    return published_contest(voted_contest(ballots, **facts))


def published_contest(contest: Contest) -> Contest:
    """The voted contest opened, counted, certified by two and published; its log is published too."""
    first, second = (given.official(name, "commission", contest.community) for name in ("Ірина", "Сергій"))
    with clock.at(given.day(62)):
        open_box(contest=contest, by=first)
        count = run_count(contest=contest, by=first)
        for member in (first, second):
            certify_result(count=count, by=member)
        publish_result(count=count, by=first)
        sequence_all()
        publish_logs()
    return Contest.objects.get(pk=contest.pk)


def stirred_contest(ballots: int = 60) -> Contest:
    """As finished_contest, with ballots left out: three replaced, one annulled; another annulment was declined."""
    rules = {
        **given.RULES,
        "ballot": {**given.RULES["ballot"], "revote": True},
        "channels": [{"kind": "online"}, {"kind": "desk"}],
        "identity_methods": ["isei", "desk"],
    }
    contest = voted_contest(ballots, rules=rules)
    projects = list(contest.projects.order_by("number"))
    petro, maria = given.person("Петро"), given.person("Марія")
    turns = ((petro, 0), (petro, 1), (petro, 2), (maria, 0), (maria, 2))
    for number, (voter, choice) in enumerate(turns):
        with clock.at(given.day(46) + timedelta(hours=number)):
            cast_ballot(
                contest=contest, voter=voter, paper=given.paper(projects[choice]), channel="online",
                request_key=bytes([200 + number]) * 32, method="isei:bank_id",
            )  # fmt: skip
    first, second = (given.official(name, "commission", contest.community) for name in ("Ірина", "Сергій"))
    marks = Participation.objects.filter(contest=contest).order_by("cast_at", "person_token")
    with clock.at(given.day(47)):
        for mark, is_confirmed in zip(marks[:2], (True, False), strict=True):
            found = propose_annulment(
                contest=contest, mark=mark.pk, why="stolen", text="Виборець був за кордоном.", by=first
            )
            decide_annulment(annulment=found, is_confirmed=is_confirmed, answer="Перевірено.", by=second)
    return published_contest(contest)


def written_record(contest: Contest, folder: Path) -> Path:
    return write_record(contest=contest, folder=folder)
