"""The .pb exchange format: everything real files do, and a plain word for everything they must not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.counting import count
from rulebook.pabulib import PabulibError, read, write

VALID = """META
key;value
description;Бюджет участі, Тестівка
country;Україна
unit;Тестівка
instance;2026
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
currency;UAH
PROJECTS
project_id;cost;votes;name;selected
P/1;600;3;"Сквер; дитячий ""майданчик""\";1
P/2;500.50;2;Освітлення;0
A-3;400;1;Лавки;1
VOTES
voter_id;age;vote
1;30;P/1,P/2
2;;P/1
3;41;A-3,P/1
4;22;P/2
"""


def changed(*pairs):
    text = VALID
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_valid_file_says_what_it_says():
    election = read(VALID)
    assert election.meta["unit"] == "Тестівка"
    assert [(p.id, p.cost, p.name) for p in election.projects] == [
        ("P/1", 60000, 'Сквер; дитячий "майданчик"'),
        ("P/2", 50050, "Освітлення"),
        ("A-3", 40000, "Лавки"),
    ]
    assert (election.budget, election.scale, election.voters) == (100000, 100, 4)
    assert election.columns["age"] == ["30", "", "41", "22"]
    assert election.official == {"P/1", "A-3"}
    assert election.remarks == ()
    outcome = count(election.dossier())
    assert outcome.funded == ("P/1", "A-3")
    assert outcome.totals == {"P/1": 3, "P/2": 2, "A-3": 1}


@pytest.mark.parametrize(
    "variant",
    [
        VALID.encode(),
        b"\xef\xbb\xbf" + VALID.encode(),
        "\ufeff" + VALID,
        VALID.replace("\n", "\r\n"),
        VALID.replace("\n", "\r\n").encode("utf-8-sig"),
        VALID.replace("\n", "\r"),
        VALID.replace("\n", "\r\n", 5),
        VALID.rstrip("\n"),
        VALID + "\n  \n\n",
        VALID.replace("META\n", "META \n"),
        VALID.replace("budget;1000", "budget;\u00a01000.00 "),
        VALID.replace("1;30;P/1,P/2", "1;30;P/2 , P/1"),
        VALID.replace("key;value\n", ""),
    ],
)
def test_the_ways_real_files_are_written_make_no_difference(variant):
    plain, other = read(VALID), read(variant)
    assert [(p.id, p.cost, p.name) for p in other.projects] == [
        (p.id, p.cost, p.name) for p in plain.projects
    ]
    assert other.dossier().digest == plain.dossier().digest


def test_a_path_is_read_and_a_missing_one_is_an_os_error(tmp_path: Path):
    file = tmp_path / "x.pb"
    file.write_text(VALID, encoding="utf-8")
    assert read(file).dossier().digest == read(str(file)).dossier().digest == read(VALID).dossier().digest
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing.pb")


def test_optional_columns_may_stand_in_any_order():
    text = changed(
        ("project_id;cost;votes;name;selected", "name;selected;project_id;votes;cost"),
        ('P/1;600;3;"Сквер; дитячий ""майданчик""";1', '"Сквер; дитячий ""майданчик""";1;P/1;3;600'),
        ("P/2;500.50;2;Освітлення;0", "Освітлення;0;P/2;2;500.50"),
        ("A-3;400;1;Лавки;1", "Лавки;1;A-3;1;400"),
    )
    assert read(text).dossier().digest == read(VALID).dossier().digest


@pytest.mark.parametrize(
    ("budget", "units", "scale"),
    [
        ("1000", 100_000, 100),
        ("400000.0", 40_000_000, 100),
        ("1437562.51", 143_756_251, 100),
        ("0.125", 125, 1000),
    ],
)
def test_money_is_exact_whatever_its_decimals(budget, units, scale):
    election = read(changed(("budget;1000", f"budget;{budget}")))
    assert (election.budget, election.scale) == (units, scale)
    assert election.projects[1].cost == 50050 * scale // 100


def test_a_name_may_hold_quotes_that_close_before_it_ends():
    election = read(changed(("Лавки", '"Наші" лавки')))
    assert election.projects[2].name == '"Наші" лавки'


def test_a_quoted_field_may_run_over_lines_and_later_lines_keep_their_numbers():
    text = changed(("Лавки;1", '"Лавки\nта столи";1'))
    assert read(text).projects[2].name == "Лавки та столи"
    with pytest.raises(PabulibError, match=r"^line 24, column 3, vote: there is no project 'P/9'"):
        read(text.replace("4;22;P/2", "4;22;P/9"))


def test_a_sentinel_cost_is_a_cost_like_any_other():
    election = read(changed(("A-3;400;", "A-3;999999999;")))
    assert count(election.dossier()).rejected["A-3"].code == "does_not_fit"


def test_a_project_twice_on_an_approval_ballot_counts_once():
    election = read(changed(("3;41;A-3,P/1", "3;41;A-3,P/1,A-3")))
    assert count(election.dossier()).totals["A-3"] == 1
    [remark] = election.remarks
    assert (remark.code, remark.line) == ("repeated_on_ballot", 22)


def test_an_empty_ballot_is_a_voter_who_chose_nothing():
    outcome = count(read(changed(("4;22;P/2", "4;22;"), ("P/2;500.50;2", "P/2;500.50;1"))).dossier())
    assert (outcome.voters, outcome.totals["P/2"]) == (4, 1)


def test_columns_that_differ_from_the_ballots_are_pointed_out_and_the_ballots_counted():
    election = read(changed(("P/2;500.50;2;", "P/2;500.50;200;")))
    assert [remark.code for remark in election.remarks] == ["votes_differ"]
    assert count(election.dossier()).totals["P/2"] == 2


def test_choose_one_ballots_with_two_projects_are_set_aside():
    outcome = count(read(changed(("vote_type;approval", "vote_type;choose-1"))).dossier())
    assert outcome.invalid == {"too_many": 2}
    assert outcome.totals == {"P/1": 1, "P/2": 1, "A-3": 0}


CUMULATIVE = changed(
    ("vote_type;approval", "vote_type;cumulative"),
    ("voter_id;age;vote", "voter_id;age;vote;points"),
    ("1;30;P/1,P/2", "1;30;P/1,P/2;3,2"),
    ("2;;P/1", "2;;P/1;5"),
    ("3;41;A-3,P/1", "3;41;A-3,P/1;4,0"),
    ("4;22;P/2", "4;22;P/2,P/2;3,2"),
)


def test_points_are_summed_zero_is_no_choice_and_a_repeated_project_adds_up():
    election = read(CUMULATIVE)
    outcome = count(election.dossier())
    assert outcome.totals == {"P/1": 8, "P/2": 7, "A-3": 4}
    assert outcome.votes == {"P/1": 2, "P/2": 2, "A-3": 1}
    assert [remark.code for remark in election.remarks] == ["repeated_on_ballot", "votes_differ"]


def test_rankings_are_read_from_the_best_down_and_a_repeated_project_keeps_its_best_place():
    text = changed(("vote_type;approval", "vote_type;ordinal"), ("3;41;A-3,P/1", "3;41;A-3,A-3,P/1"))
    outcome = count(read(text).dossier())
    assert outcome.totals == {"P/1": 2 + 1 + 1, "P/2": 1 + 1, "A-3": 2}


@pytest.mark.parametrize(
    ("meta", "options"),
    [
        ("rule;greedy", {"fit": "skip", "score": "votes"}),
        ("rule;greedy-no-skip", {"fit": "stop", "score": "votes"}),
        (
            "rule;greedy-threshold\nmin_project_score_threshold;2",
            {"fit": "skip", "score": "votes", "threshold": {"*": 2}},
        ),
    ],
)
def test_the_rule_that_meta_names_becomes_our_options(meta, options):
    election = read(changed(("rule;greedy", meta)))
    counting = election.dossier().rules.counting
    assert (counting.rule, counting.options, counting.ties) == ("greedy-v1", options, ("file-order",))
    assert election.remarks == ()


def test_a_rule_that_is_not_ours_is_pointed_out():
    election = read(changed(("rule;greedy", "rule;lottery")))
    [remark] = election.remarks
    assert (remark.code, remark.line) == ("rule_not_available", 11)
    assert "lottery" in remark.message


def test_without_the_column_there_is_no_official_outcome():
    text = changed(("name;selected", "name;picked"))
    assert read(text).official is None


def test_city_marks_other_than_one_are_not_winners():
    assert read(changed(("Освітлення;0", "Освітлення;2"))).official == {"P/1", "A-3"}


MALFORMED = [
    (("META\n", ""), "", 1, "no_section"),
    (("VOTES\n", "BALLOTS\n"), "VOTES", 0, "missing_section"),
    (("PROJECTS\n", "VOTES\n"), "VOTES", 13, "section_out_of_order"),
    (("VOTES\n", "META\n"), "META", 18, "section_out_of_order"),
    (("budget;1000\n", ""), "budget", 0, "missing_key"),
    (("vote_type;approval\n", ""), "vote_type", 0, "missing_key"),
    (("vote_type;approval", "vote_type;shouting"), "vote_type", 10, "unknown_vote_type"),
    (("rule;greedy\n", "rule;greedy\nrule;greedy\n"), "rule", 12, "repeated_key"),
    (("unit;Тестівка", "unit;Тестівка;ще"), "unit", 5, "wrong_number_of_fields"),
    (("budget;1000", "budget;багато"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;-1000"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;1e6"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;1000,50"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;١٠٠٠"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;1.1234567"), "budget", 9, "bad_amount"),
    (("budget;1000", "budget;99999999999999999"), "budget", 9, "too_large"),
    (("num_votes;4", "num_votes;5"), "num_votes", 8, "count_differs"),
    (("num_votes;4", "num_votes;four"), "num_votes", 8, "bad_number"),
    (("num_projects;3", "num_projects;4"), "num_projects", 7, "count_differs"),
    (("rule;greedy", "min_project_score_threshold;x"), "min_project_score_threshold", 11, "bad_number"),
    (("project_id;cost", "id;cost"), "project_id", 14, "missing_column"),
    (("project_id;cost", "project_id;price"), "cost", 14, "missing_column"),
    (("votes;name;selected", "name;name;selected"), "name", 14, "repeated_column"),
    (("A-3;400;1;", "P/2;400;1;"), "project_id", 17, "repeated_project"),
    (("A-3;400;1;", ";400;1;"), "project_id", 17, "empty_id"),
    (("A-3;400;1;", '"A,3";400;1;'), "project_id", 17, "bad_id"),
    (("A-3;400;1;", "A-3;free;1;"), "cost", 17, "bad_amount"),
    (("A-3;400;1;", "A-3;;1;"), "cost", 17, "bad_amount"),
    (("A-3;400;1;", "A-3;400;one;"), "votes", 17, "bad_number"),
    (("Лавки;1", "Лавки;yes"), "selected", 17, "bad_number"),
    (("Лавки;1", "Лавки"), "name", 17, "wrong_number_of_fields"),
    (("Лавки;1", "Лавки;1;2"), "selected", 17, "wrong_number_of_fields"),
    (("Лавки;1", '"Лавки;1'), "", 17, "unclosed_quote"),
    (("voter_id;age;vote", "voter_id;age;choice"), "vote", 19, "missing_column"),
    (("voter_id;age;vote", "who;age;vote"), "voter_id", 19, "missing_column"),
    (("3;41;A-3,P/1", "3;41"), "age", 22, "wrong_number_of_fields"),
    (("3;41;A-3,P/1", "3;41;A-3,P/7"), "vote", 22, "unknown_project"),
    (("3;41;A-3,P/1", "3;41;A-3,,P/1"), "vote", 22, "unknown_project"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "line", "code"), MALFORMED)
def test_a_malformed_file_names_the_line_the_field_and_what_is_wrong(change, field, line, code):
    with pytest.raises(PabulibError) as caught:
        read(changed(change))
    assert (caught.value.line, caught.value.field, caught.value.code) == (line, field, code)
    if line:
        assert str(caught.value).startswith(f"line {line}")


@pytest.mark.parametrize(
    ("change", "field", "line", "code"),
    [
        (("P/1,P/2;3,2", "P/1,P/2;3"), "points", 20, "points_do_not_match"),
        (("P/1,P/2;3,2", "P/1,P/2;3,-2"), "points", 20, "bad_points"),
        (("P/1,P/2;3,2", "P/1,P/2;3,1.5"), "points", 20, "bad_points"),
        (("P/1,P/2;3,2", "P/1,P/2;3,9999999999"), "points", 20, "bad_points"),
        (("2;;P/1;5", "2;;;5"), "points", 21, "points_without_projects"),
        (("vote;points", "vote;marks"), "points", 19, "missing_column"),
    ],
)
def test_malformed_points_are_named_too(change, field, line, code):
    with pytest.raises(PabulibError) as caught:
        read(CUMULATIVE.replace(*change, 1))
    assert (caught.value.line, caught.value.field, caught.value.code) == (line, field, code)


@pytest.mark.parametrize(
    ("change", "line", "column"),
    [
        (("budget;1000", "budget;багато"), 9, 2),
        (("rule;greedy\n", "rule;greedy\nrule;greedy\n"), 12, 1),
        (("A-3;400;1;", "A-3;free;1;"), 17, 2),
        (("Лавки;1", "Лавки;yes"), 17, 5),
        (("Лавки;1", "Лавки;1;2"), 17, 5),
        (("Лавки;1", '"Лавки;1'), 17, 4),
        (("3;41;A-3,P/1", "3;41;A-3,P/7"), 22, 3),
        (("3;41;A-3,P/1", '3;"4;1";A-3,P/7'), 22, 3),
        (("project_id;cost", "project_id;price"), 14, 0),
        (("budget;1000\n", ""), 0, 0),
    ],
)
def test_the_column_is_the_number_of_the_field_in_its_row(change, line, column):
    with pytest.raises(PabulibError) as caught:
        read(changed(change))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert ("column" in str(caught.value).split(":")[0]) == (column > 0)


def bare(projects="", votes="", *, budget="1000", vote_type="approval", header="voter_id;vote"):
    meta = f"META\nbudget;{budget}\nvote_type;{vote_type}\nrule;greedy\n"
    return f"{meta}PROJECTS\nproject_id;cost\n{projects}VOTES\n{header}\n{votes}"


class TestBadInput:
    """What docs/counting/pabulib.md says becomes of it."""

    def test_a_contest_without_projects_funds_nothing(self):
        outcome = count(read(bare(votes="1;\n")).dossier())
        assert (outcome.funded, outcome.voters) == ((), 1)

    def test_a_contest_without_ballots_is_counted(self):
        election = read(bare("a;600\nb;500\n"))
        assert (election.voters, dict(election.groups), election.columns["vote"]) == (0, {}, [])
        assert count(election.dossier()).totals == {"a": 0, "b": 0}

    def test_a_contest_without_anything_is_an_election_too(self):
        election = read(bare())
        assert count(election.dossier()).funded == ()
        assert read(write(election)).projects == ()

    def test_a_project_that_costs_nothing_is_funded_once_the_rule_comes_to_it(self):
        outcome = count(read(bare("a;1000\nb;0\n", "1;a\n2;a\n3;b\n")).dossier())
        assert set(outcome.funded) == {"a", "b"}

    def test_a_project_nobody_voted_for_is_funded_by_greedy_where_money_is_left(self):
        outcome = count(read(bare("a;600\nb;400\nc;1\n", "1;a\n")).dossier())
        assert outcome.totals["b"] == 0
        assert outcome.funded == ("a", "b")

    def test_a_budget_smaller_than_every_cost_funds_nothing(self):
        outcome = count(read(bare("a;600\nb;400\n", "1;a\n2;b\n", budget="399.99")).dossier())
        assert outcome.funded == ()
        assert {reason.code for reason in outcome.rejected.values()} == {"does_not_fit"}

    def test_a_ballot_that_names_an_unknown_project_is_an_error_with_its_place(self):
        with pytest.raises(PabulibError, match=r"^line 11, column 2, vote: there is no project 'x'$"):
            read(bare("a;600\n", "1;a\n2;a,x\n"))

    def test_negative_points_are_an_error_with_their_place(self):
        file = bare("a;6\n", "1;a;5\n2;a;-3\n", vote_type="scoring", header="voter_id;vote;points")
        with pytest.raises(PabulibError, match=r"^line 11, column 3, points: '-3' is not a whole number"):
            read(file)

    def test_a_project_twice_on_a_ballot_is_pointed_out_however_many_such_ballots_there_are(self):
        election = read(bare("a;6\nb;5\n", "".join(f"{n};b,a,b\n" for n in range(40_000))))
        assert election.groups == {(("a", 1), ("b", 1)): 40_000}
        [remark] = election.remarks
        assert (remark.code, remark.line) == ("repeated_on_ballot", 11)
        assert "(40000 such)" in remark.message


def test_a_large_file_is_read_as_a_small_one_whatever_stands_between_its_rows():
    rows = [f"{number};{'b,a' if number % 3 else 'a'}\n" for number in range(1, 60_001)]
    plain = read(bare("a;600\nb;500\n", "".join(rows)))
    assert plain.groups == {(("a", 1), ("b", 1)): 40_000, (("a", 1),): 20_000}
    rows[777] = '778;"b,a"\n\n'
    rows[44_443] = '"44\n444";"a, b"\r\n'
    odd = read(bare("a;600\nb;500\n", "".join(rows)))
    assert odd.groups == plain.groups
    assert odd.columns["voter_id"][44_443] == "44\n444"
    rows[50_000] = "50001;a,c\n"
    # a blank line and a field over two lines are before it
    with pytest.raises(PabulibError, match=r"^line 50013, column 2, vote: there is no project 'c'$"):
        read(bare("a;600\nb;500\n", "".join(rows)))


def test_half_a_letter_in_a_text_is_no_utf8():
    with pytest.raises(PabulibError) as caught:
        read(VALID.replace("Лавки", "Лав\ud800ки"))
    assert (caught.value.code, caught.value.line) == ("not_utf8", 17)


@pytest.mark.parametrize("text", ["", "\n\n", "META", "META\n", "hello\nworld\n", "\x00\n"])
def test_what_is_no_election_at_all_is_refused(text):
    with pytest.raises(PabulibError):
        read(text)


def test_bytes_that_are_not_utf8_name_their_line():
    with pytest.raises(PabulibError, match=r"^line 5: byte 0xd2"):
        read(VALID.encode("utf-8").replace("unit;Тестівка".encode(), "unit;Тестівка".encode("cp1251")))


@pytest.mark.parametrize("text", [VALID, CUMULATIVE, changed(("Лавки;1", '"Лавки\nта ""столи""";1'))])
def test_what_is_written_is_read_back_the_same(text):
    election = read(text)
    again = read(write(election))
    assert again.meta == election.meta
    assert again.columns == election.columns
    assert [p.values for p in again.projects] == [p.values for p in election.projects]
    assert again.dossier().digest == election.dossier().digest
    assert write(again) == write(election)


MUTANTS = [
    "",
    ";",
    ",",
    '"',
    "\n",
    "\r",
    "0",
    "-1",
    ".",
    "META\n",
    "VOTES\n",
    "PROJECTS\n",
    "\x00",
    "\ufeff",
    " ",
    "Ї",
]


def read_or_error(data):
    try:
        return read(data), None
    except PabulibError as error:
        return None, error


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([VALID, CUMULATIVE]),
    st.randoms(use_true_random=False),
    st.integers(1, 4),
    st.binary(max_size=2),
)
def test_any_damage_gives_an_election_or_a_plain_error(text, chance: random.Random, blows, noise):
    for _ in range(blows):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 1, 1, 5, 60]))
        text = text[:start] + chance.choice(MUTANTS) + text[end:]
    data = text.encode()
    place = chance.randrange(len(data) + 1)
    data = data[:place] + noise + data[place:]
    election, error = read_or_error(data)
    if election is None:
        assert error.message
        assert 0 <= error.line <= data.count(b"\n") + data.count(b"\r") + 1
        return
    outcome = count(election.dossier())
    assert outcome.voters + sum(outcome.invalid.values()) == election.voters
    assert outcome.spent["all"] <= election.budget
    assert len(outcome.digest) == 64
