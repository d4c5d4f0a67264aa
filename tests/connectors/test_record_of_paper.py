"""The record of a contest that voted on paper too: the rulebook alone verifies what the platform made of the sheets."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from tests import given
from tests.connectors.finished import folders_in, published_contest
from tests.paper_box import VOTING, given_out, paper_contest, printed

from rulebook.__main__ import main
from viche.ballots.actions import cast_ballot
from viche.ballots.annulling import decide_annulment, propose_annulment, withdraw_ballot
from viche.ballots.models import Participation
from viche.ballots.papers import PaperRow, close_batch, open_batch, put_papers, put_totals, undo_batch
from viche.connectors.record.actions import write_record
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.queries import number_tokens
from viche.journal.actions import publish_logs, sequence_all


class Election:
    """A contest that votes on paper too, with what its voters and officials do."""

    def __init__(self, **rules: Any) -> None:
        self.contest, self.projects = paper_contest(**rules)
        self.oksana = given.official("Оксана", "operator", self.contest.community)

    def votes(self, name: str, choice: int, channel: str = "online") -> bytes:
        """Somebody votes on a screen; the key of the request."""
        key = secrets.token_bytes(32)
        with clock.at(VOTING):
            cast_ballot(
                contest=self.contest, voter=given.person(name), paper=given.paper(self.projects[choice]),
                channel=channel, request_key=key,
            )  # fmt: skip
        return key

    def takes(self, name: str, serial: int) -> None:
        """Somebody is given a numbered sheet."""
        given_out(self.contest, given.person(name), serial, self.oksana)

    def enter(self, *rows: tuple[int, int | None, str]) -> Any:
        """A batch of sheets: (choice, number or None, the voter's name or "")."""
        with clock.at(VOTING):
            batch = open_batch(contest=self.contest, kind="entry", name="ЦНАП", by=SYSTEM)
            put_papers(
                batch=batch,
                rows=[
                    PaperRow(
                        str(number), given.paper(self.projects[choice]), serial=serial,
                        tokens=tuple(number_tokens(given.person(name))) if name else (),
                    )
                    for number, (choice, serial, name) in enumerate(rows)
                ],
            )  # fmt: skip
            return close_batch(batch=batch, by=SYSTEM)

    def undo(self, batch: Any) -> None:
        with clock.at(VOTING):
            undo_batch(batch=batch, reason="Бюлетені іншого пункту.", by=self.oksana)

    def record(self, folder: Path) -> Path:
        sequence_all()
        publish_logs()
        return write_record(contest=published_contest(self.contest), folder=folder / "record")


@pytest.fixture
def place(db: None, tmp_path: Path) -> Any:
    with folders_in(tmp_path):
        yield tmp_path


def numbers_of(record: Path) -> dict[str, Any]:
    return json.loads((record / "counts.json").read_bytes())


def verified(record: Path, capsys: Any) -> str:
    status = main(["verify", str(record)])
    said = capsys.readouterr().out
    assert status == 0, said
    return str(said)


def test_numbered_sheets_taken_back_entered_anew_and_a_ballot_withdrawn(place, capsys):
    election = Election(cancel=True, revote=True)
    printed(election.contest)
    election.votes("Петро", 0)
    key = election.votes("Марія", 1, "terminal")
    with clock.at(VOTING):
        withdraw_ballot(contest=election.contest, request_key=key, channel="terminal")
    election.takes("Марія", 1)
    # Petro's ballot on a screen is replaced by his sheet; Ivan never brings his back
    election.takes("Петро", 2)
    election.takes("Іван", 3)
    election.undo(election.enter((0, 1, ""), (0, 2, "")))
    election.enter((1, 1, ""), (2, 2, ""), (2, 9, ""))
    record = election.record(place)
    numbers = numbers_of(record)
    assert numbers["paper"] == {"given_out": 3, "entered": 4, "named_taken_back": 0, "taken_back": 2}
    assert (numbers["withdrawn"], numbers["replaced"], numbers["envelopes"]) == (1, 1, 6)
    said = verified(record, capsys)
    assert "1 taken back by their voters, 2 of paper batches taken back" in said
    assert "paper: 2 batches, 1 of them taken back; 2 ballots from single sheets" in said


def test_sheets_with_names_taken_back_set_their_voters_free(place, capsys):
    election = Election(is_named=True, revote=True)
    election.votes("Петро", 0)
    election.undo(election.enter((1, None, "Петро"), (1, None, "Марія"), (1, None, "Іван")))
    election.votes("Марія", 2)
    election.enter((2, None, "Іван"), (0, None, "Марія"), (0, None, "Іван"))
    record = election.record(place)
    assert numbers_of(record)["paper"]["named_taken_back"] == 3
    assert "of them taken back; " in verified(record, capsys)


def test_a_sheet_with_a_name_may_be_annulled_by_two(place, capsys):
    election = Election(is_named=True)
    election.votes("Петро", 0)
    election.enter((1, None, "Марія"), (2, None, "Іван"))
    first, second = (
        given.official(name, "commission", election.contest.community) for name in ("Ірина", "Сергій")
    )
    mark = Participation.objects.filter(contest=election.contest, channel="paper").first()
    with clock.at(VOTING):
        found = propose_annulment(
            contest=election.contest, mark=mark.pk, why="stolen", text="Підпис не виборця.", by=first
        )
        decide_annulment(annulment=found, is_confirmed=True, answer="Перевірено.", by=second)
    said = verified(election.record(place), capsys)
    assert "1 annulled" in said
    assert "2 ballots from single sheets" in said


def test_protocols_of_totals_are_those_of_the_log(place, capsys):
    election = Election(mode="totals")
    printed(election.contest)
    election.votes("Петро", 0)
    election.takes("Марія", 1)
    iryna = given.official("Ірина", "commission", election.contest.community)
    codes = [project.code for project in election.projects]
    batches = []
    with clock.at(VOTING):
        for name, valid, votes in (
            ("Дільниця 1", 1, {codes[1]: 1}),
            ("Дільниця 2", 7, {codes[2]: 5, codes[0]: 3}),
        ):
            numbers = {"issued": valid, "valid": valid, "invalid": 0, "spoiled": 0, "unused": 0}
            batch = put_totals(
                contest=election.contest, name=name, votes=votes, expected=numbers, by=election.oksana
            )
            batches.append(close_batch(batch=batch, by=iryna))
    election.undo(batches[1])
    record = election.record(place)
    said = verified(record, capsys)
    assert "paper: 2 batches, 1 of them taken back; 0 ballots from single sheets, 1 on 1 protocols" in said
    [protocol] = json.loads((record / "dossier.json").read_bytes())["protocols"]
    assert protocol == {"id": str(batches[0].pk), "ballots": 1, "votes": [[codes[1], 1]]}


def test_the_box_is_not_opened_while_sheets_or_a_protocol_are_in_no_batch_of_the_log(place, capsys):
    """A batch that nobody closed holds ballots of which the journal does not say where they come from."""
    election = Election()
    printed(election.contest)
    election.takes("Іван", 3)
    with clock.at(VOTING):
        batch = open_batch(contest=election.contest, kind="entry", name="ЦНАП", by=SYSTEM)
        put_papers(batch=batch, rows=[PaperRow("1", given.paper(election.projects[0]), serial=3)])
    with pytest.raises(Refused) as refusal:
        election.record(place)
    assert refusal.value.code == "batches_wait"
    with clock.at(given.day(61)):
        close_batch(batch=batch, by=SYSTEM)
    verified(election.record(place), capsys)


def test_a_protocol_that_waits_for_a_second_official_keeps_the_box_closed(place, capsys):
    election = Election(mode="totals")
    numbers = {"issued": 1, "valid": 1, "invalid": 0, "spoiled": 0, "unused": 0}
    with clock.at(VOTING):
        batch = put_totals(
            contest=election.contest, name="Дільниця", votes={election.projects[0].code: 1}, expected=numbers,
            by=election.oksana,
        )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        election.record(place)
    assert refusal.value.code == "batches_wait"
    with clock.at(given.day(61)):
        undo_batch(batch=batch, reason="Підписано не тим головою.", by=election.oksana)
    assert "1 of them taken back" not in verified(election.record(place), capsys)


def test_without_paper_the_record_says_nothing_of_it(place, capsys):
    election = Election()
    election.votes("Петро", 0)
    record = election.record(place)
    assert "paper" not in numbers_of(record)
    assert "paper:" not in verified(record, capsys)
