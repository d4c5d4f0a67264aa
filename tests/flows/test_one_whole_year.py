"""One contest from its announcement to its published result, as its people live it."""

import json
import subprocess
import sys

import pytest
from tests import given

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.queries import mark_of, turnout
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.actions import sequence_all
from viche.journal.models import Log
from viche.journal.queries import history_of, recomputed_root
from viche.projects.models import State
from viche.projects.queries import Filters, found_projects
from viche.results.actions import certify_result, publish_result, run_count
from viche.review.actions import decide_review


def cast(contest, name, *projects, key, day=45):
    voter = given.person(name)
    with clock.at(given.day(day)):
        return cast_ballot(
            contest=contest, voter=voter, paper=given.paper(*projects), channel="booth",
            request_key=key.encode().ljust(32, b"."), method="isei:bank_id",
        )  # fmt: skip


@pytest.mark.django_db
def test_one_whole_year(tmp_path):
    # The council connects, announces a contest and freezes its rules before anybody proposes anything.
    poltava = given.community()
    contest = given.contest(poltava)
    iryna, serhii = (
        given.official("Ірина", "commission", poltava),
        given.official("Сергій", "commission", poltava),
    )

    # Olena proposes three projects; residents find them by any form of a word.
    square = given.submitted_project(contest, "Сквер на місці пустиря", cost=40_000_000)
    playground = given.submitted_project(contest, "Дитячий майданчик у дворі", cost=70_000_00)
    stadium = given.submitted_project(contest, "Стадіон ліцею", cost=200_000_000, category="sport")
    with clock.at(given.day(10)):
        assert [each.title for each in found_projects(contest, Filters(text="дитячого майданчика"))] == [
            playground.title
        ]

    # The commission reviews: one is refused, with a reason everybody reads.
    with clock.at(given.day(25)):
        decide_review(project=square, verdict="admit", by=iryna)
        decide_review(project=stadium, verdict="admit", by=iryna)
        decide_review(project=playground, verdict="refuse", reason="Ділянка приватна.", by=iryna)

    # Residents vote, each once; Taras of Lviv may not; the refused project is on no ballot.
    first = cast(contest, "Петро", square, stadium, key="petro")
    cast(contest, "Марія", square, key="mariia")
    cast(contest, "Олена", stadium, key="olena")
    with pytest.raises(Refused) as again:
        cast(contest, "Петро", stadium, key="another form")
    assert again.value.code == "already_voted"
    with pytest.raises(Refused) as absent:
        cast(contest, "Надія", playground, key="nadiia")
    assert absent.value.code == "bad_ballot"
    taras = given.person("Тарас", region="Львівська", locality="м. Львів")
    with pytest.raises(Refused) as stranger, clock.at(given.day(45)):
        cast_ballot(
            contest=contest, voter=taras, paper=given.paper(square), channel="booth", request_key=b"t" * 32
        )
    assert stranger.value.code == "not_eligible"
    assert turnout(contest) == 3
    assert mark_of(contest, given.person("Петро")).channel == "booth"

    # Nobody opens the box early; after the close it is opened, counted, certified by two, published.
    with pytest.raises(Refused), clock.at(given.day(59)):
        open_box(contest=contest, by=iryna)
    with pytest.raises(Refused) as late:
        cast(contest, "Надія", square, key="late", day=60)
    assert late.value.code == "voting_closed"
    with clock.at(given.day(61)):
        open_box(contest=contest, by=iryna)
        count = run_count(contest=contest, by=iryna)
        certify_result(count=count, by=iryna)
        with pytest.raises(Refused):
            publish_result(count=count, by=iryna)
        certify_result(count=count, by=serhii)
        publish_result(count=count, by=iryna)

    # Both winners fit their pots; the page of each project tells its whole story.
    for project in (square, stadium, playground):
        project.refresh_from_db()
    assert [square.state, stadium.state, playground.state] == [State.FUNDED, State.FUNDED, State.REFUSED]
    assert count.outcome["totals"] == {square.code: 2, stadium.code: 2}
    kinds = [line.kind for line in history_of(square.subject)]
    assert kinds == ["ProjectSubmitted", "ProjectAdmitted", "ProjectFunded"]

    # Petro's receipt is among the openings, and the journal is unbroken.
    assert any(bytes(each.commitment).hex() == first.commitment for each in contest.openings.all())
    sequence_all()
    for log in Log.objects.all():
        assert log.root == recomputed_root(log)

    # Anyone repeats the count, with Python alone.
    dossier, outcome = tmp_path / "dossier.json", tmp_path / "outcome.json"
    dossier.write_text(count.dossier, encoding="utf-8")
    outcome.write_text(json.dumps(count.outcome), encoding="utf-8")
    command = [sys.executable, "-m", "rulebook", "verify", str(dossier), str(outcome)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    outcome.write_text(json.dumps({**count.outcome, "funded": [square.code]}), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
