"""A record with paper: each number of sheets, batches and protocols is held against the log, and each lie is found."""

from __future__ import annotations

import re

import pytest
from paper_record import NAMED, NUMBERED, copied, named_record, numbered_record, totals_record

from rulebook.protocols import Protocol
from rulebook.rules import PaperVoting

RECORDS = {"numbered": numbered_record, "named": named_record, "totals": totals_record}


@pytest.mark.parametrize("made", RECORDS.values(), ids=RECORDS)
def test_a_record_with_paper_holds(made, tmp_path):
    assert made().faults(tmp_path) == []


@pytest.mark.parametrize(
    ("made", "sentences"),
    [
        (numbered_record, [
            "0 ballots replaced by their voters, 0 annulled by two officials, 1 taken back by their voters, "
            "1 of paper batches taken back",
            "counts: 10 marks on 1 days; 8 envelopes, as many as entries: 6 opened, 0 replaced, 0 annulled, "
            "1 taken back by their voters, 1 of paper batches taken back",
            "paper: 3 batches, 1 of them taken back; 3 ballots from single sheets, 0 on 0 protocols",
        ]),
        (named_record, ["paper: 3 batches, 1 of them taken back; 4 ballots from single sheets, 0 on 0 protocols"]),
        (totals_record, [
            "paper: 3 batches, 1 of them taken back; 0 ballots from single sheets, 8 on 2 protocols",
            "greedy-v1 counted anew: 11 ballots, all valid under the rules",
        ]),
    ],
)  # fmt: skip
def test_it_is_said_what_was_found_about_paper(made, sentences, tmp_path):
    said = made().said(tmp_path)
    assert [each for each in sentences if each not in said] == []


def test_without_paper_nothing_is_said_of_it(tmp_path):
    record = numbered_record()
    record.entries = [entry for entry in record.entries if entry["kind"] in ("BallotSealed", "BoxOpened")][:4]
    record.ballots = {
        entry["data"]["commitment"]: record.ballots[entry["data"]["commitment"]] for entry in record.entries
    }
    record.left_out = {}
    record.counts = {**record.counts, "envelopes": 4, "marks": record.counts["marks"][:1]}
    del record.counts["paper"], record.counts["withdrawn"]
    record.open_box()
    assert "paper" not in record.said(tmp_path)
    assert "everything holds" in record.said(tmp_path / "again")


# --- lies ------------------------------------------------------------------------------------------------


def of_batch(record, batch):
    return next(each for each in record.of_kind("PaperBatchEntered") if each["data"]["batch"] == batch)


def a_ballot_put_in_beside_the_batches(record):
    """An official puts one more sheet into the box, and says in counts.json that it was entered."""
    record.left_out.pop(next(mark for mark, (why, _) in record.left_out.items() if why == "taken-back"))
    record.entries = [each for each in record.entries if each["kind"] not in ("BallotExcluded", "BoxOpened")]
    record.counts["paper"]["taken_back"] -= 1
    record.open_box()


def a_batch_that_never_was_taken_back(record):
    record.entries.remove(record.of_kind("PaperBatchUndone")[0])


def a_batch_taken_back_twice(record):
    record.entries.append(copied(record.of_kind("PaperBatchUndone")[0]))


def a_batch_taken_back_before_it_was_entered(record):
    undone = record.of_kind("PaperBatchUndone")[0]
    record.entries.remove(undone)
    record.entries.insert(0, undone)


def a_batch_entered_twice(record):
    record.entries.append(copied(of_batch(record, "batch-1")))


def a_batch_of_which_one_ballot_still_counts(record):
    record.entries.remove(
        next(e for e in record.of_kind("BallotExcluded") if e["data"]["why"] == "taken-back")
    )


def a_counted_ballot_left_out_as_taken_back(record):
    """The commission does not like a ballot: it is left out with a batch that was taken back."""
    mark = next(mark for mark in record.ballots if mark not in record.left_out)
    record.left_out[mark] = ("taken-back", "batch-2")
    record.entries = [each for each in record.entries if each["kind"] not in ("BallotExcluded", "BoxOpened")]
    record.counts["paper"]["taken_back"] += 1
    record.open_box()


def left_out_with_a_batch_that_counts(record):
    next(e for e in record.of_kind("BallotExcluded") if e["data"]["why"] == "taken-back")["data"][
        "annulment"
    ] = "batch-1"


def withdrawn_by_nobody(record):
    record.entries.remove(record.of_kind("BallotWithdrawn")[0])


def withdrawn_and_counted(record):
    record.entries.remove(
        next(e for e in record.of_kind("BallotExcluded") if e["data"]["why"] == "withdrawn")
    )


def two_ballots_for_one_withdrawal(record):
    mark = next(mark for mark in record.ballots if mark not in record.left_out)
    record.left_out[mark] = ("withdrawn", "w-1")
    record.entries = [each for each in record.entries if each["kind"] not in ("BallotExcluded", "BoxOpened")]
    record.counts["withdrawn"] = 2
    record.open_box()


def fewer_taken_back_than_were_entered(record):
    record.of_kind("PaperBatchUndone")[0]["data"]["valid"] = 0


def a_batch_of_more_ballots_than_are_in_the_box(record):
    of_batch(record, "batch-1")["data"]["valid"] = 3


def opened_with_another_number_taken_back(record):
    record.of_kind("BoxOpened")[0]["data"]["taken_back"] = 2


def opened_with_another_number_withdrawn(record):
    record.of_kind("BoxOpened")[0]["data"]["withdrawn"] = 0


def more_sheets_entered_than_given_out(record):
    """Ten more marks online than there were, and as many sheets fewer given out."""
    record.counts["paper"]["given_out"] = 2
    record.counts["marks"] = [
        {"day": "2026-04-12", "channel": "online", "marks": 4}, {"day": "2026-04-12", "channel": "paper", "marks": 2},
    ]  # fmt: skip
    record.of_kind("BoxOpened")[0]["data"]["marks"] = 5


def more_given_out_than_voters_marked_on_paper(record):
    record.counts["paper"]["given_out"] += 1


def a_number_of_paper_less(record):
    del record.counts["paper"]["entered"]


def a_number_below_zero(record):
    record.counts["paper"]["entered"] = -1


def nothing_said_of_paper(record):
    del record.counts["paper"]


def sheets_with_names_by_other_rules(record):
    record.paper = NAMED


def totals_by_other_rules(record):
    record.paper = PaperVoting(mode="totals")


LIES = [
    (a_ballot_put_in_beside_the_batches, "0 paper ballots are taken back, and 1 by the batches of the log"),
    (a_ballot_put_in_beside_the_batches, "0 ballots of the batch batch-2 are left out, it has 1"),
    (a_batch_that_never_was_taken_back, "no batch that was taken back has this ballot left out"),
    (a_batch_taken_back_twice, "the batch batch-2 is taken back twice"),
    (a_batch_taken_back_before_it_was_entered, "a batch is taken back that was not entered"),
    (a_batch_entered_twice, "the batch batch-1 is entered twice"),
    (a_batch_of_which_one_ballot_still_counts, "is not opened, and nothing says why"),
    (a_counted_ballot_left_out_as_taken_back, "2 ballots of the batch batch-2 are left out, it has 1"),
    (left_out_with_a_batch_that_counts, "no batch that was taken back has this ballot left out"),
    (withdrawn_by_nobody, "no voter took this ballot back"),
    (withdrawn_and_counted, "the ballot that its voter took back was not left out"),
    (two_ballots_for_one_withdrawal, "the annulment w-1 leaves out two ballots"),
    (fewer_taken_back_than_were_entered, "0 ballots are taken back, entry "),
    (
        a_batch_of_more_ballots_than_are_in_the_box,
        "3 numbered sheets are in the box, and 4 in the batches of the log",
    ),
    (opened_with_another_number_taken_back, "1 ballots of paper batches taken back, but 2 the opening"),
    (opened_with_another_number_withdrawn, "1 ballots taken back by their voters, but 0 the opening"),
    (more_sheets_entered_than_given_out, "3 numbered sheets count, and 2 were given out"),
    (more_given_out_than_voters_marked_on_paper, "7 sheets are given out, and 6 voters are marked on paper"),
    (
        more_given_out_than_voters_marked_on_paper,
        "8 envelopes, but 7 marks and replaced ballots, paper reckoned in",
    ),
    (a_number_of_paper_less, "paper has the numbers"),
    (a_number_below_zero, "paper has the numbers"),
    (nothing_said_of_paper, "the log speaks of paper ballots, and it says nothing of paper"),
    (sheets_with_names_by_other_rules, "numbered sheets, and by the rules sheets carry names"),
    (totals_by_other_rules, "the rules let in no batch of the kind 'entry'"),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_each_lie_about_numbered_sheets_is_found(lie, said, tmp_path):
    """All is signed by the log's own key, and the log written anew: only what it says of itself gives it away."""
    record = numbered_record()
    lie(record)
    found = record.faults(tmp_path)
    assert any(said in line and re.search(r"entry \d|counts\.json", line) for line in found), found


def two_marks_deleted_with_no_batch_taken_back(record):
    """Two voters on paper vanish, and their ballots are said to be of a batch that was taken back."""
    record.counts["marks"][1]["marks"] = 2
    record.counts["paper"] |= {"named_taken_back": 4}
    record.of_kind("BoxOpened")[0]["data"]["marks"] = 5


def a_voter_on_paper_more(record):
    record.counts["marks"][1]["marks"] = 5
    record.counts["paper"]["named_taken_back"] = 1
    record.of_kind("BoxOpened")[0]["data"]["marks"] = 8


def numbered_by_other_rules(record):
    record.paper = NUMBERED


NAMED_LIES = [
    (two_marks_deleted_with_no_batch_taken_back, "sheets that were taken back carry no names"),
    (
        two_marks_deleted_with_no_batch_taken_back,
        "2 voters are marked on paper, and 4 ballots are in the batches",
    ),
    (a_voter_on_paper_more, "5 voters are marked on paper, and 4 ballots are in the batches of the log"),
    (numbered_by_other_rules, "sheets with names, and by the rules sheets are numbered"),
]


@pytest.mark.parametrize(("lie", "said"), NAMED_LIES)
def test_each_lie_about_sheets_with_names_is_found(lie, said, tmp_path):
    record = named_record()
    lie(record)
    found = record.faults(tmp_path)
    assert any(said in line for line in found), found


def a_protocol_counted_that_is_not_in_the_log(record):
    record.protocols.append(Protocol.of("point-9", 1, [("park", 1)]))


def a_protocol_that_was_taken_back(record):
    record.protocols.append(Protocol.of("point-2", 4, [("park", 4)]))


def a_protocol_left_out(record):
    record.protocols.pop()


def votes_moved_on_a_protocol(record):
    record.protocols[0] = Protocol.of("point-1", 5, [("park", 3), ("slide", 2)])


def a_ballot_more_on_a_protocol(record):
    record.protocols[1] = record.protocols[1]._replace(ballots=4)


def more_ballots_on_protocols_than_were_given_out(record):
    of_batch(record, "point-1")["data"] |= {"valid": 7}
    record.protocols[0] = record.protocols[0]._replace(ballots=7)


TOTAL_LIES = [
    (a_protocol_counted_that_is_not_in_the_log, "the protocols of the dossier are not those of the log"),
    (a_protocol_that_was_taken_back, "the protocols of the dossier are not those of the log"),
    (a_protocol_left_out, "the protocols of the dossier are not those of the log"),
    (votes_moved_on_a_protocol, "the protocols of the dossier are not those of the log"),
    (a_ballot_more_on_a_protocol, "the protocols of the dossier are not those of the log"),
]


@pytest.mark.parametrize(("lie", "said"), TOTAL_LIES)
def test_each_lie_about_protocols_is_found(lie, said, tmp_path):
    record = totals_record()
    lie(record)
    found = record.faults(tmp_path)
    assert any(said in line for line in found), found


def test_ballots_on_protocols_beyond_the_voters_who_are_marked_are_told(tmp_path):
    """A point without a network keeps its list of voters on paper: the record cannot show that they voted once."""
    record = totals_record()
    more_ballots_on_protocols_than_were_given_out(record)
    said = record.said(tmp_path)
    assert (
        "note   10 ballots count by sheets and protocols, and 9 were given out to voters who are marked"
        in said
    )
    assert "everything holds" in said
    assert "ballots count by sheets and protocols" not in totals_record().said(tmp_path / "other")


@pytest.mark.parametrize("rubbish", [[], 5, "x", {"given_out": 1}, None])
@pytest.mark.parametrize("made", RECORDS.values(), ids=RECORDS)
def test_rubbish_about_paper_is_a_fault_and_no_crash(made, rubbish, tmp_path):
    record = made()
    record.counts["paper"] = rubbish
    assert record.faults(tmp_path / "counts")
    for kind in ("PaperBatchEntered", "PaperBatchUndone"):
        record = made()
        record.of_kind(kind)[0]["data"] = {"batch": rubbish}
        assert record.faults(tmp_path / kind)
