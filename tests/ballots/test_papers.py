"""Paper ballots in the box: given out by number, entered in batches, counted with all others, taken back together."""

import secrets
from typing import Any

import pytest
from tests import given
from tests.crowd import at_once, refusals
from tests.paper_box import AFTER, VOTING, given_out, paper_contest, printed

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import propose_annulment, withdraw_ballot
from viche.ballots.models import Ballot, Opening, PaperBallot, PaperBatch, PaperSerial, Participation
from viche.ballots.papers import (
    PaperRow,
    close_batch,
    draw_recheck,
    mark_papers,
    open_batch,
    open_note,
    paper_figures,
    put_papers,
    put_totals,
    replace_spoiled,
    seal_note,
    undo_batch,
    votes_of,
)
from viche.ballots.queries import dossier, mark_of, turnout
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.queries import number_tokens
from viche.journal.models import Entry

EXPECTED = {"issued": 3, "valid": 1, "invalid": 1, "spoiled": 1, "unused": 0}


def refused(act: Any, *given_: Any, **wanted: Any) -> Refused:
    with pytest.raises(Refused) as answer:
        act(*given_, **wanted)
    return answer.value


def cast(contest: Any, project: Any, voter: Any, channel: str = "online") -> Any:
    with clock.at(VOTING):
        return cast_ballot(
            contest=contest, voter=voter, paper=given.paper(project), channel=channel,
            request_key=secrets.token_bytes(32),
        )  # fmt: skip


def put(contest: Any, *rows: PaperRow, by: Any = SYSTEM, is_closed: bool = True, **facts: Any) -> Any:
    with clock.at(VOTING):
        batch = open_batch(contest=contest, kind="entry", name="ЦНАП", by=by, **facts)
        results = put_papers(batch=batch, rows=rows)
        if is_closed:
            batch = close_batch(batch=batch, by=by)
    return batch, [(each.key, each.reason) for each in results]


def counted(contest: Any) -> dict[str, int]:
    with clock.at(AFTER):
        open_box(contest=contest)
    votes: dict[str, int] = {}
    for opening in Opening.objects.filter(contest=contest):
        for code, _value in opening.choices["choices"]:
            votes[code] = votes.get(code, 0) + 1
    return votes


@pytest.fixture
def numbered(db: None) -> Any:
    """Ten numbered sheets are printed; Oksana is the operator, Petro and Maria come to vote."""
    contest, projects = paper_contest()
    printed(contest)
    oksana = given.official("Оксана", "operator", contest.community)
    return contest, projects, oksana, given.person("Петро"), given.person("Марія")


@pytest.fixture
def named(db: None) -> Any:
    contest, projects = paper_contest(is_named=True)
    return contest, projects, given.person("Петро"), given.person("Марія")


def row(key: str, *projects: Any, serial: int | None = None, voter: Any = None, reason: str = "") -> PaperRow:
    return PaperRow(
        key, None if reason else given.paper(*projects), reason, serial, tuple(number_tokens(voter)) if voter else ()
    )  # fmt: skip


def test_who_was_given_a_sheet_has_voted_and_the_sheet_is_counted_once_entered(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    cast(contest, projects[0], maria)
    assert mark_of(contest, petro).channel == "paper"
    assert refused(cast, contest, projects[1], petro).code == "already_voted"
    batch, results = put(contest, row("1", projects[1], serial=1))
    assert results == [("1", "")]
    assert (batch.counts["valid"], batch.counts["invalid"]) == (1, 0)
    assert counted(contest) == {projects[0].code: 1, projects[1].code: 1}
    assert turnout(contest) == 2


def test_a_sheet_that_was_given_out_and_never_came_back_is_a_voter_without_a_ballot(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    cast(contest, projects[0], maria)
    assert counted(contest) == {projects[0].code: 1}
    assert turnout(contest) == 2


def test_a_number_is_given_out_once(numbered):
    contest, _projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    assert refused(given_out, contest, maria, 1, oksana).code == "serial_taken"
    assert refused(given_out, contest, maria, 11, oksana).code == "unknown_serial"
    assert mark_of(contest, maria) is None


def test_the_form_of_the_desk_sent_twice_gives_one_sheet_and_another_number_is_refused(numbered):
    contest, _projects, oksana, petro, _maria = numbered
    key = secrets.token_bytes(32)
    assert not given_out(contest, petro, 1, oksana, key).is_repeat
    assert given_out(contest, petro, 1, oksana, key).is_repeat
    assert refused(given_out, contest, petro, 2, oksana, key).code == "request_reused"
    assert PaperSerial.objects.filter(state="issued").count() == 1


def test_who_has_voted_on_the_web_gets_no_sheet(numbered):
    contest, projects, oksana, petro, _maria = numbered
    cast(contest, projects[0], petro)
    said = refused(given_out, contest, petro, 1, oksana)
    assert said.code == "already_voted"
    assert PaperSerial.objects.get(number=1).state == "printed"


def test_nobody_of_another_community_gets_a_sheet(numbered):
    contest, _projects, oksana, _petro, _maria = numbered
    taras = given.person("Тарас", region="Львівська", locality="м. Львів")
    assert refused(given_out, contest, taras, 1, oksana).code == "not_eligible"


def test_a_citizen_gives_out_no_sheets(numbered):
    contest, _projects, _oksana, petro, maria = numbered
    from viche.identity.queries import actor_of

    nobody = actor_of(maria, contest.community)
    assert refused(given_out, contest, petro, 1, nobody).code == "not_entering"


def test_a_spoiled_sheet_is_exchanged_for_another_of_the_same_voter(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    given_out(contest, maria, 2, oksana)
    with clock.at(VOTING):
        assert refused(
            replace_spoiled, contest=contest, voter=petro, old=2, new=3, by=oksana
        ).code == "not_theirs"  # fmt: skip
        replace_spoiled(contest=contest, voter=petro, old=1, new=3, by=oksana)
        assert replace_spoiled(contest=contest, voter=petro, old=1, new=3, by=oksana).is_repeat
    assert list(PaperSerial.objects.filter(number__lte=3).values_list("state", flat=True)) == [
        "spoiled", "issued", "issued",
    ]  # fmt: skip
    _batch, results = put(contest, row("1", projects[0], serial=1), row("3", projects[0], serial=3))
    assert results == [("1", "serial-used"), ("3", "")]


def test_sheets_left_over_cannot_come_in_and_one_given_out_is_not_left_over(numbered):
    contest, projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    with clock.at(VOTING):
        assert mark_papers(contest=contest, serials=[9, 10], state="unused", by=oksana) == 2
        assert mark_papers(contest=contest, serials=[9, 10], state="unused", by=oksana) == 0
        said = refused(mark_papers, contest=contest, serials=[8, 1], state="unused", by=oksana)
    assert said.code == "serial_taken"
    assert PaperSerial.objects.get(number=8).state == "printed"
    _batch, results = put(contest, row("9", projects[0], serial=9), row("8", projects[0], serial=8))
    assert results == [("9", "not-given-out"), ("8", "not-given-out")]
    figures = paper_figures(contest)
    assert (figures.printed, figures.issued, figures.unused, figures.waiting) == (10, 1, 2, 7)


def test_of_two_sheets_of_one_number_the_first_counts(numbered):
    contest, projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    _batch, results = put(contest, row("a", projects[0], serial=1), row("b", projects[1], serial=1))
    assert results == [("a", ""), ("b", "serial-used")]
    _batch, results = put(contest, row("c", projects[1], serial=1), row("d", projects[1], serial=99))
    assert results == [("c", "serial-used"), ("d", "unknown-serial")]
    assert counted(contest) == {projects[0].code: 1}


def test_a_sheet_with_a_stub_marks_its_voter_where_no_desk_could(numbered):
    contest, projects, _oksana, petro, maria = numbered
    cast(contest, projects[0], maria)
    _batch, results = put(
        contest, row("1", projects[1], serial=1, voter=petro), row("2", projects[1], serial=2, voter=maria)
    )
    assert results == [("1", ""), ("2", "already-voted")]
    assert refused(cast, contest, projects[0], petro).code == "already_voted"
    assert counted(contest) == {projects[0].code: 1, projects[1].code: 1}


def test_a_sheet_against_the_rules_is_invalid_with_its_reason(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    given_out(contest, maria, 2, oksana)
    batch, results = put(
        contest, PaperRow("1", given.paper(), serial=1), row("2", *projects, serial=2),
        row("3", serial=3, reason="unsigned"),
    )  # fmt: skip
    assert results == [("1", "blank"), ("2", "too-many"), ("3", "unsigned")]
    assert batch.counts == {
        "valid": 0, "invalid": 3, "reasons": {"blank": 1, "too-many": 1, "unsigned": 1},
    }  # fmt: skip
    assert Ballot.objects.count() == 0


def test_a_key_put_twice_is_one_sheet(numbered):
    contest, projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    batch, _results = put(contest, row("1", projects[0], serial=1), is_closed=False)
    with clock.at(VOTING):
        (again,) = put_papers(batch=batch, rows=[row("1", projects[1], serial=1)])
    assert (again.reason, again.is_repeat) == ("", True)
    assert Ballot.objects.count() == PaperBallot.objects.count() == 1


def test_a_sheet_with_a_name_marks_its_voter_once_over_all_ways(named):
    contest, projects, petro, maria = named
    cast(contest, projects[0], maria)
    _batch, results = put(
        contest, row("1", projects[1], voter=petro), row("2", projects[1], voter=maria),
        row("3", projects[1], voter=petro), row("4", projects[1]),
    )  # fmt: skip
    assert results == [("1", ""), ("2", "already-voted"), ("3", "already-voted"), ("4", "not-member")]
    assert refused(cast, contest, projects[0], petro).code == "already_voted"
    assert counted(contest) == {projects[0].code: 1, projects[1].code: 1}


def test_a_sheet_with_a_name_takes_the_place_of_a_ballot_on_a_screen_where_the_rules_let_it(db):
    contest, projects = paper_contest(is_named=True, revote=True)
    petro = given.person("Петро")
    cast(contest, projects[0], petro)
    _batch, results = put(contest, row("1", projects[1], voter=petro))
    assert results == [("1", "")]
    assert refused(cast, contest, projects[2], petro).code == "already_voted"
    assert counted(contest) == {projects[1].code: 1}


def test_a_numbered_sheet_takes_the_place_of_a_ballot_on_a_screen_and_is_final(db):
    contest, projects = paper_contest(revote=True)
    printed(contest)
    petro, oksana = given.person("Петро"), given.official("Оксана", "operator", contest.community)
    cast(contest, projects[0], petro)
    given_out(contest, petro, 1, oksana)
    assert refused(cast, contest, projects[2], petro).code == "already_voted"
    put(contest, row("1", projects[1], serial=1))
    assert counted(contest) == {projects[1].code: 1}


def test_a_batch_is_taken_back_and_entered_anew(numbered):
    contest, projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    batch, _results = put(contest, row("1", projects[0], serial=1))
    with clock.at(VOTING):
        undone = undo_batch(batch=batch, reason="Введено не той проєкт.", by=oksana)
        assert undo_batch(batch=batch, reason="Ще раз.", by=oksana).undone_reason == undone.undone_reason
    _batch, results = put(contest, row("1", projects[1], serial=1))
    assert results == [("1", "")]
    assert counted(contest) == {projects[1].code: 1}
    (left_out,) = Entry.objects.filter(kind="BallotExcluded")
    assert '"taken-back"' in left_out.leaf
    assert str(batch.pk) in left_out.leaf


def test_a_named_batch_taken_back_sets_its_voters_free(named):
    contest, projects, petro, _maria = named
    batch, _results = put(contest, row("1", projects[0], voter=petro))
    with clock.at(VOTING):
        undo_batch(batch=batch, reason="Чужі бюлетені.", by=SYSTEM)
    cast(contest, projects[1], petro)
    assert counted(contest) == {projects[1].code: 1}


def test_nothing_comes_in_or_goes_out_once_the_box_is_opened(numbered):
    contest, projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    batch, _results = put(contest, row("1", projects[0], serial=1))
    waiting, _results = put(contest, is_closed=False)
    with clock.at(AFTER):
        open_box(contest=contest)
        assert refused(put_papers, batch=waiting, rows=[row("2", projects[0], serial=2)]).code == "box_opened"
        assert refused(undo_batch, batch=batch, reason="Пізно.", by=oksana).code == "box_opened"
        assert refused(
            open_batch, contest=contest, kind="entry", name="Ще", by=oksana
        ).code == "box_opened"  # fmt: skip


def test_paper_comes_in_after_the_voting_has_ended_and_before_the_box_is_opened(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    with clock.at(AFTER):
        batch = open_batch(contest=contest, kind="entry", name="Дільниця 1", by=oksana)
        put_papers(batch=batch, rows=[row("1", projects[0], serial=1)])
        close_batch(batch=batch, by=oksana)
        said = refused(given_out_late, contest, maria, oksana)
    assert said.code == "voting_closed"
    assert counted(contest) == {projects[0].code: 1}


def given_out_late(contest: Any, voter: Any, by: Any) -> None:
    from viche.ballots.papers import issue_paper

    issue_paper(contest=contest, voter=voter, serial=2, by=by, request_key=secrets.token_bytes(32))


def test_numbers_that_differ_from_the_protocol_need_words(numbered):
    contest, projects, oksana, petro, maria = numbered
    given_out(contest, petro, 1, oksana)
    given_out(contest, maria, 2, oksana)
    batch, _results = put(
        contest,
        row("1", projects[0], serial=1),
        row("2", projects[0], serial=2),
        is_closed=False,
        expected=EXPECTED,
    )
    with clock.at(VOTING):
        said = refused(close_batch, batch=batch, by=oksana)
        assert said.code == "totals_differ"
        assert "2" in said.message
        close_batch(batch=batch, by=oksana, difference="Бюлетень 2 визнано дійсним рішенням комісії.")
    batch.refresh_from_db()
    assert batch.difference
    assert "Бюлетень 2" in Entry.objects.get(kind="PaperBatchEntered").leaf


def test_the_same_file_is_imported_once(numbered):
    contest, _projects, oksana, _petro, _maria = numbered
    source = "ab" * 32
    with clock.at(VOTING):
        first = open_batch(contest=contest, kind="import", name="Файл", by=oksana, source=source)
        said = refused(open_batch, contest=contest, kind="import", name="Знов", by=oksana, source=source)
        assert said.code == "same_source"
        assert "Файл" in said.message
        again = open_batch(
            contest=contest, kind="import", name="Файл", by=oksana, source=source, batch_id=first.pk
        )
        assert again == first
        assert refused(close_batch, batch=first, by=oksana).code == "same_person"
        undo_batch(batch=first, reason="Не той файл.", by=oksana)
        open_batch(contest=contest, kind="import", name="Знов", by=oksana, source=source)


def test_totals_of_a_protocol_take_two_officials_and_are_counted(db):
    contest, projects = paper_contest(mode="totals")
    oksana = given.official("Оксана", "operator", contest.community)
    iryna = given.official("Ірина", "commission", contest.community)
    petro = given.person("Петро")
    cast(contest, projects[1], petro)
    numbers = {"issued": 12, "valid": 10, "invalid": 1, "spoiled": 1, "unused": 0}
    with clock.at(VOTING):
        wrong = refused(
            put_totals, contest=contest, name="Дільниця", votes={projects[0].code: 11, "777": 1}, expected=numbers,
            by=oksana,
        )  # fmt: skip
        assert set(wrong.fields) == {projects[0].code, "777"}
        batch = put_totals(
            contest=contest, name="Дільниця", votes={projects[0].code: 7, projects[1].code: 9}, expected=numbers,
            by=oksana, scans=["cd" * 32],
        )  # fmt: skip
        assert refused(close_batch, batch=batch, by=oksana).code == "same_person"
        close_batch(batch=batch, by=iryna)
    # how people voted at the point nobody learns before the opening, neither from the journal nor from the tables
    entered = Entry.objects.get(kind="PaperBatchEntered").leaf
    assert '"votes":"' in entered
    batch.refresh_from_db()
    assert batch.votes == {}
    assert votes_of(batch) == {projects[0].code: 7, projects[1].code: 9}
    with clock.at(AFTER):
        open_box(contest=contest)
        (protocol,) = dossier(contest).protocols
    (shown,) = Entry.objects.filter(kind="PaperProtocolShown")
    assert f'"{projects[0].code}":7' in shown.leaf
    assert (protocol.id, protocol.ballots) == (str(batch.pk), 10)
    assert dict(protocol.votes) == {projects[0].code: 7, projects[1].code: 9}
    assert dossier(contest).voters == 11


def test_totals_and_single_sheets_do_not_mix(numbered):
    contest, projects, oksana, _petro, _maria = numbered
    with clock.at(VOTING):
        said = refused(
            put_totals, contest=contest, name="Дільниця", votes={projects[0].code: 1},
            expected={"issued": 1, "valid": 1}, by=oksana,
        )  # fmt: skip
    assert said.code == "mode_differs"


def test_a_vote_given_out_on_paper_without_a_name_cannot_be_annulled(numbered):
    contest, _projects, oksana, petro, _maria = numbered
    given_out(contest, petro, 1, oksana)
    iryna = given.official("Ірина", "commission", contest.community)
    mark = Participation.objects.get(contest=contest)
    said = refused(propose_annulment, contest=contest, mark=mark.pk, why="stolen", text="Так.", by=iryna)
    assert said.code == "nameless_paper"


def test_after_the_opening_nothing_leads_from_a_sheet_to_a_ballot_or_a_voter(named):
    contest, projects, petro, _maria = named
    put(contest, row("1", projects[0], voter=petro))
    counted(contest)
    sheet = PaperBallot.objects.get()
    assert (bytes(sheet.link), sheet.mark_id) == (b"", None)
    assert bytes(PaperBatch.objects.get().secret) == b""


def test_the_sheets_drawn_for_a_second_look_follow_from_the_journal(named):
    contest, projects, _petro, _maria = named
    people = [given.person(f"Виборець {number}", serial=number) for number in range(30)]
    batch, _results = put(
        contest, *(row(str(at), projects[0], voter=each) for at, each in enumerate(people)), is_closed=False
    )
    assert draw_recheck(contest, batch) == []
    with clock.at(VOTING):
        close_batch(batch=batch, by=SYSTEM)
    keys = draw_recheck(contest, batch)
    assert len(keys) == 2  # five percent of thirty, rounded up
    assert keys == draw_recheck(contest, batch)


def test_notes_are_sealed_and_open_in_their_contest_only(numbered):
    contest, _projects, _oksana, _petro, _maria = numbered
    text = b'{"choices": ["7"]}'
    sealed = seal_note(contest, text)
    assert text not in sealed
    assert open_note(contest, sealed) == text
    assert seal_note(contest, text) != sealed
    with pytest.raises(ValueError, match="not sealed"):
        open_note(contest, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_ballot_is_taken_back_by_its_voter_where_the_rules_let_them(db):
    contest, projects = paper_contest(cancel=True)
    petro, maria = given.person("Петро"), given.person("Марія")
    key = secrets.token_bytes(32)
    with clock.at(VOTING):
        cast_ballot(
            contest=contest, voter=petro, paper=given.paper(projects[0]), channel="terminal", request_key=key
        )
        assert refused(
            withdraw_ballot, contest=contest, request_key=b"other" * 4, channel="terminal"
        ).code == "no_ballot"  # fmt: skip
        first = withdraw_ballot(contest=contest, request_key=key, channel="terminal")
        assert withdraw_ballot(contest=contest, request_key=key, channel="terminal") == first
    cast(contest, projects[1], petro)
    cast(contest, projects[2], maria)
    assert counted(contest) == {projects[1].code: 1, projects[2].code: 1}
    assert '"withdrawn":1' in Entry.objects.get(kind="BoxOpened").leaf


def test_a_ballot_is_not_taken_back_where_the_rules_do_not_let_it(numbered):
    contest, projects, _oksana, petro, _maria = numbered
    key = secrets.token_bytes(32)
    with clock.at(VOTING):
        cast_ballot(
            contest=contest, voter=petro, paper=given.paper(projects[0]), channel="online", request_key=key
        )
        said = refused(withdraw_ballot, contest=contest, request_key=key, channel="online")
    assert said.code == "not_withdrawable"


def test_one_person_tried_in_the_same_second_on_web_terminal_and_paper_votes_once(committed_db):
    contest, projects = paper_contest()
    printed(contest)
    petro, oksana = given.person("Петро"), given.official("Оксана", "operator", contest.community)
    ways = (
        lambda: cast(contest, projects[0], petro, "online"),
        lambda: cast(contest, projects[1], petro, "terminal"),
        lambda: given_out(contest, petro, 1, oksana),
    )
    results = at_once(3, lambda place: ways[place]())
    assert sorted(refusals(results)) == ["already_voted", "already_voted"]
    assert Participation.objects.count() == 1


def test_two_desks_give_out_one_number_once(committed_db):
    contest, _projects = paper_contest()
    printed(contest)
    oksana = given.official("Оксана", "operator", contest.community)
    people = [given.person(f"Виборець {number}", serial=number) for number in range(4)]
    results = at_once(4, lambda place: given_out(contest, people[place], 1, oksana))
    assert refusals(results) == ["serial_taken"] * 3
    assert Participation.objects.count() == 1


def test_one_voter_on_the_web_and_in_a_batch_at_the_same_moment_votes_once(committed_db):
    contest, projects = paper_contest(is_named=True)
    people = [given.person(f"Виборець {number}", serial=number) for number in range(6)]
    with clock.at(VOTING):
        batch = open_batch(contest=contest, kind="entry", name="ЦНАП", by=SYSTEM)

    def act(place: int) -> Any:
        if place:
            return cast(contest, projects[0], people[place - 1])
        with clock.at(VOTING):
            rows = [row(str(at), projects[1], voter=each) for at, each in enumerate(people)]
            return put_papers(batch=batch, rows=rows)

    put_results, *casts = at_once(7, act)
    assert not isinstance(put_results, Exception), put_results
    on_paper = sum(each.reason == "" for each in put_results)
    assert on_paper == len(refusals(casts))
    assert Participation.objects.count() == Ballot.objects.count() == 6
