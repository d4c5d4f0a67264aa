"""Votes on paper that came in as a polling point's protocol: counted by their sums, and in no figure about voters."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, approvals, one_pot, projects_costing

from rulebook import pabulib
from rulebook.__main__ import main
from rulebook.ballot import BallotPaper, defects
from rulebook.canonical import canonical, digest
from rulebook.counting import count
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.explaining import comparison_lines, explain, page
from rulebook.explaining.losers import losses
from rulebook.pabulib import Heading, PabulibError
from rulebook.protocols import Protocol
from rulebook.rehearsal import note_text, recount
from rulebook.rules import Category, Counting, SizeClass, Text

PARK_FIRST = Protocol("point-1", 10, (("park", 6), ("slide", 4)))


def with_protocols(rules, projects, papers, *protocols):
    return replace_protocols(a_dossier(rules, projects, papers), *protocols)


def replace_protocols(dossier, *protocols):
    return Dossier.build(
        contest=dossier.contest, rules=dossier.rules, projects=dossier.projects, protocols=protocols,
        groups=[tuple(group) for group in dossier.ballots], lot=dossier.lot, decisions=dossier.decisions,
    )  # fmt: skip


def the_village(*protocols, **options):
    rules = one_pot(100, options=options, max_choices=2)
    papers = [BallotPaper.approval(["slide"])] * 3
    return with_protocols(rules, projects_costing(park=80, slide=50), papers, *protocols)


def test_the_votes_of_a_protocol_are_added_to_those_of_single_ballots():
    outcome = count(the_village(PARK_FIRST))
    assert (outcome.totals, outcome.votes) == ({"park": 6, "slide": 7}, {"park": 6, "slide": 7})
    assert (outcome.voters, outcome.on_protocols) == (13, 10)
    assert outcome.funded == ("slide",)
    assert count(the_village(PARK_FIRST, Protocol("point-2", 4, (("park", 4),)))).funded == ("park",)


def test_a_threshold_in_percent_is_of_all_valid_ballots():
    assert count(the_village(PARK_FIRST, threshold_share={"*": 5000})).funded == ("slide",)
    more = Protocol("point-2", 2, (("park", 2),))
    below = count(the_village(PARK_FIRST, more, threshold_share={"*": 5000})).rejected["slide"]
    assert (below.code, below.params["threshold"]) == ("below_threshold", 8)


def test_points_on_protocols_are_points_and_nobody_knows_on_how_many_ballots():
    rules = one_pot(100, kind="points", options={"score": "points"}, max_points=5)
    papers = [BallotPaper.points({"park": 3, "slide": 2})]
    outcome = count(
        with_protocols(rules, projects_costing(park=80, slide=50), papers, Protocol("p", 2, (("slide", 9),)))
    )
    assert outcome.totals == {"park": 3, "slide": 11}
    assert outcome.votes == {"park": 1, "slide": 1}


def test_without_protocols_the_document_and_the_outcome_are_as_they_always_were():
    dossier = the_village()
    assert "protocols" not in dossier.document()
    assert "on_protocols" not in count(dossier).document()
    assert digest({**dossier.document()}) == dossier.digest


def test_the_document_with_protocols_comes_back():
    dossier = the_village(
        Protocol("b", 1, (("slide", 1),)), PARK_FIRST, Protocol("a", 2, (("slide", 1), ("park", 2)))
    )
    assert [each.id for each in dossier.protocols] == ["a", "b", "point-1"]
    assert dossier.canonical() == canonical(dossier.document())
    assert Dossier.from_json(dossier.canonical()) == dossier
    assert count(dossier).document()["on_protocols"] == 13


def test_a_project_without_votes_need_not_be_named():
    named = the_village(Protocol("p", 3, (("park", 0), ("slide", 3))))
    assert named.digest == the_village(Protocol("p", 3, (("slide", 3),))).digest


def test_the_lot_falls_by_the_protocols_too():
    assert the_village(PARK_FIRST).ballots_digest != the_village().ballots_digest
    assert (
        the_village(PARK_FIRST).ballots_digest
        != the_village(PARK_FIRST._replace(id="point-9")).ballots_digest
    )


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        (("p", 10, (("well", 1),)), "'well' is no project"),
        (("p", 10, (("park", 1), ("park", 2))), "'park' is no project, or is there twice"),
        (("p", 10, (("park", -1),)), "negative"),
        (("p", -1, ()), "negative or too large"),
        (("p", 2**53, ()), "negative or too large"),
        (("p", 10, (("park", 11),)), "10 ballots hold at most 10"),
        (("p", 10, (("park", 10), ("slide", 10), ("well", 1))), "'well' is no project"),
        (("", 10, ()), "it has no id"),
        (("p", 0, (("park", 1),)), "0 ballots hold at most 0"),
    ],
)
def test_a_protocol_that_cannot_be_is_refused(protocol, said):
    with pytest.raises(DossierError, match=said):
        the_village(Protocol(*protocol))


def test_two_protocols_of_one_id_are_refused():
    with pytest.raises(DossierError, match="the id is there twice"):
        the_village(PARK_FIRST, PARK_FIRST)


LIMITS = [
    ({"max_choices": 1}, (("a", 3), ("b", 2)), 4, "4 ballots hold at most 4"),
    ({"max_per_class": {"small": 1}}, (("a", 3), ("b", 2)), 4, "5 votes in 'small'"),
    ({"max_per_category": {"parks": 1}}, (("a", 3), ("c", 2)), 4, "5 votes in 'parks'"),
    ({"max_per_territory": 1}, (("b", 3), ("c", 2)), 4, "5 votes in 'UA53'"),
    ({"max_cost": 10}, (("c", 3),), 4, "cost more than 4 ballots may name"),
    ({"min_choices": 2}, (("a", 4), ("b", 3)), 4, "4 ballots hold at least 8"),
]


@pytest.mark.parametrize(("shape", "votes", "ballots", "said"), LIMITS)
def test_sums_that_no_valid_ballots_have_are_refused(shape, votes, ballots, said):
    rules = replace(
        one_pot(100, **shape),
        size_classes=(SizeClass("small", Text({"uk": "малі"}), 1),),
        categories=(Category("parks", Text({"uk": "парки"})),),
    )
    projects = [
        DossierProject("a", 5, "all", size_class="small", category="parks", order=0),
        DossierProject("b", 5, "all", size_class="small", territory="UA53", order=1),
        DossierProject("c", 20, "all", category="parks", territory="UA53", order=2),
    ]
    with pytest.raises(DossierError, match=said):
        with_protocols(rules, projects, [], Protocol("p", ballots, votes))


def test_more_points_than_ballots_hold_are_refused():
    rules = one_pot(100, kind="points", options={"score": "points"}, max_points=5, max_points_per_project=3)
    for votes, said in (((("a", 7),), "7 points for 'a'"), ((("a", 6), ("b", 5)), "11 points")):
        with pytest.raises(DossierError, match=said):
            with_protocols(rules, projects_costing(a=1, b=2), [], Protocol("p", 2, votes))


def test_rankings_do_not_come_in_as_totals():
    rules = one_pot(100, kind="ranking", options={"score": "borda"})
    with pytest.raises(DossierError, match="'ranking' cannot be counted"):
        with_protocols(rules, projects_costing(a=1), [], Protocol("p", 2, (("a", 2),)))


def test_a_document_of_another_shape_is_refused_with_its_place():
    document = the_village(PARK_FIRST).document()
    for protocols, said in (
        ({}, "/protocols: a list"),
        ([[]], "/protocols/0: an object"),
        ([{"id": "p", "ballots": 1}], "/protocols/0: missing"),
        ([{"id": "p", "ballots": 1, "votes": [["park"]]}], "/protocols/0/votes/0"),
        ([{"id": "p", "ballots": 1, "votes": [["park", True]]}], "/protocols/0/votes/0"),
        ([{"id": 5, "ballots": 1, "votes": []}], "/protocols/0/id"),
        ([{"id": "p", "ballots": 1.0, "votes": []}], "/protocols/0/ballots"),
    ):
        with pytest.raises(DossierError, match=said):
            Dossier.from_document({**document, "protocols": protocols})


@pytest.mark.parametrize("rule", ["equal-shares-v1", "phragmen-v1", "max-satisfaction-v1", "cstv-v1"])
def test_a_rule_that_needs_single_ballots_refuses_protocols(rule):
    dossier = the_village(PARK_FIRST)
    with pytest.raises(DossierError, match=f"10 ballots came in on protocols, and {rule} cannot count them"):
        count(dossier, rule)
    own = replace(dossier, rules=replace(dossier.rules, counting=Counting(rule)))
    with pytest.raises(DossierError, match="cannot count them"):
        count(own)


def test_votes_cannot_be_told_from_sums_of_points():
    rules = one_pot(100, kind="points", options={"score": "votes"})
    dossier = with_protocols(rules, projects_costing(a=1), [], Protocol("p", 2, (("a", 2),)))
    with pytest.raises(DossierError, match="cannot count them"):
        count(dossier)


# --- the same ballots, partly as protocols ---------------------------------------------------------------

NAMES = "abcdef"


@st.composite
def split_elections(draw):
    """An election, and the same one with some of its ballots moved into protocols of up to three points."""
    kind = draw(st.sampled_from(["approval", "choose-1", "points"]))
    costs = draw(st.lists(st.integers(0, 12), min_size=1, max_size=len(NAMES)))
    names = NAMES[: len(costs)]
    most = 1 if kind == "choose-1" else draw(st.none() | st.integers(1, 3))
    classes = draw(
        st.lists(st.sampled_from(["small", "large", None]), min_size=len(costs), max_size=len(costs))
    )
    options = {
        "fit": draw(st.sampled_from(["skip", "stop"])),
        "threshold": draw(st.dictionaries(st.sampled_from(["small", "*"]), st.integers(0, 3), max_size=2)),
        "threshold_share": draw(st.sampled_from([{}, {"*": 2500}, {"large": 5000}])),
        "winners_per_class": draw(st.sampled_from([{}, {"*": 1}])),
    }
    options["score"] = "points" if kind == "points" else draw(st.sampled_from(["votes", "votes-per-cost"]))
    shape = {"max_choices": None if kind == "choose-1" else most}
    if kind == "points":
        shape["max_points"] = draw(st.none() | st.integers(3, 9))
    ties = draw(st.sampled_from([("refuse",), ("cheaper", "earlier"), ("earlier",)]))
    rules = replace(
        one_pot(draw(st.integers(0, 30)), kind=kind, options=options, ties=ties, **shape),
        size_classes=tuple(SizeClass(name, Text({"uk": name}), 0) for name in ("small", "large")),
    )
    projects = [
        DossierProject(name, cost, "all", size_class=size_class, order=n)
        for n, (name, cost, size_class) in enumerate(zip(names, costs, classes, strict=True))
    ]
    values = st.integers(1, 3) if kind == "points" else st.just(1)
    chosen = st.dictionaries(st.sampled_from(names), values, max_size=most or len(names))
    candidates = {project.id: project.candidate() for project in projects}
    papers = [
        paper
        for each in draw(st.lists(chosen, max_size=14))
        if not defects(paper := BallotPaper.of(kind, each.items()), rules, candidates)
    ]
    points = draw(
        st.lists(st.sampled_from([None, "p1", "p2", "p3"]), min_size=len(papers), max_size=len(papers))
    )
    return rules, projects, papers, points


def as_protocols(papers, points):
    for point in sorted({each for each in points if each is not None}):
        mine = [paper for paper, where in zip(papers, points, strict=True) if where == point]
        votes = Counter()
        for paper in mine:
            votes.update(dict(paper.choices))
        yield Protocol(point, len(mine), tuple(votes.items()))


@settings(max_examples=300, deadline=None)
@given(split_elections())
def test_ballots_give_the_same_result_one_by_one_and_as_protocols(election):
    rules, projects, papers, points = election
    single = count(a_dossier(rules, projects, papers))
    rest = [paper for paper, where in zip(papers, points, strict=True) if where is None]
    summed = count(with_protocols(rules, projects, rest, *as_protocols(papers, points)))
    left_out = ("dossier", "on_protocols", *(("votes",) if rules.ballot.kind == "points" else ()))
    one, other = single.document(), summed.document()
    assert {key: one[key] for key in one if key not in left_out} == {
        key: other[key] for key in other if key not in left_out
    }
    assert summed.on_protocols == len(papers) - len(rest)


# --- what is said about them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "10 of them on protocols",
                "are not in these figures",
                "whether a group was passed over cannot be",
            ],
        ),
        ("uk", ["з них за протоколами: 10", "як заповнено кожен із них, невідомо", "групу, не можна"]),
    ],
)
def test_the_page_says_what_is_known_of_protocols_and_what_is_not(language, sentences):
    dossier = the_village(PARK_FIRST)
    said = page(dossier, count(dossier), language).replace("\u00a0", " ")
    assert [each for each in sentences if each not in said] == []
    without = the_village()
    said = page(without, count(without), language)
    assert [each for each in sentences if each in said] == []


def test_the_lines_say_how_many_came_in_as_sums():
    dossier = the_village(PARK_FIRST)
    assert "  10 of those counted came in on protocols, as sums of votes" in explain(dossier, count(dossier))


def test_what_a_loser_lacked_is_told_from_the_sums():
    """The slide has 7 votes and the park 6: one more makes a tie that nothing decides, two put the park first."""
    dossier = the_village(PARK_FIRST)
    loss = losses(dossier, count(dossier))["park"]
    assert loss.missing_votes == 2
    more = replace_protocols(dossier, PARK_FIRST, Protocol("more", 2, (("park", 2),)))
    assert "park" in count(more).amounts
    less = replace_protocols(dossier, PARK_FIRST, Protocol("more", 1, (("park", 1),)))
    assert "park" not in count(less).amounts


@pytest.mark.parametrize("quota", [{}, {"winners": {"all": 1}}])
def test_what_a_loser_lacked_is_told_from_the_sums_by_recounting_too(quota):
    dossier = the_village(PARK_FIRST, threshold_share={"*": 100}, **quota)
    votes = losses(dossier, count(dossier))["park"].missing_votes
    for number, wins in ((votes, True), (votes - 1, False)):
        more = replace_protocols(dossier, PARK_FIRST, Protocol("more", number, (("park", number),)))
        assert ("park" in count(more).amounts) == wins


def test_rules_that_cannot_count_protocols_are_not_compared_and_it_is_said():
    said = "\n".join(comparison_lines(the_village(PARK_FIRST)))
    assert said.startswith("village-2026: greedy-v1\n")
    assert "Rules that need single ballots are not compared here" in said
    assert "equal-shares-v1" in "\n".join(comparison_lines(the_village()))


def test_a_rehearsal_carries_the_sums_or_says_that_it_cannot():
    past = the_village(PARK_FIRST)
    kept = recount(past, one_pot(100))
    assert kept.outcome.totals == {"park": 6, "slide": 7}
    assert {note.code: note.params for note in kept.notes}["protocols_as_sums"] == {"ballots": 10}
    other = replace(one_pot(100), counting=Counting("equal-shares-v1"))
    dropped = recount(past, other)
    assert dropped.outcome.voters == 3
    [note] = [note for note in dropped.notes if note.code == "protocols_dropped"]
    assert "10" in note_text(note)
    assert "13" in note_text(note, "en")


def test_votes_for_projects_without_a_place_are_left_out_of_the_sums():
    rules = replace(one_pot(100), size_classes=(SizeClass("small", Text({"uk": "малі"}), 0, 60),))
    assert recount(the_village(PARK_FIRST), rules).outcome.totals == {"slide": 7}


def test_a_pb_file_lists_single_ballots_and_takes_no_protocols():
    heading = Heading("Ukraine", "Тестівка", "2026", date(2026, 4, 1), date(2026, 4, 30))
    with pytest.raises(PabulibError, match="10 ballots are known from protocols only"):
        pabulib.write_contest(the_village(PARK_FIRST), heading)


def test_the_command_line_counts_a_dossier_with_protocols(tmp_path, capsys):
    file = tmp_path / "dossier.json"
    file.write_bytes(the_village(PARK_FIRST).canonical())
    assert main(["count", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on_protocols"] == 10
    assert main(["count", str(file), "--rule", "phragmen-v1"]) == 2
    assert "cannot count them" in capsys.readouterr().err
    assert main(["compare", str(file)]) == 0


def test_single_ballots_in_any_order_beside_protocols_give_one_hash():
    papers = approvals("a", "b", "ab")
    rules, projects = one_pot(100), projects_costing(a=1, b=2)
    protocols = [Protocol("p", 1, (("a", 1),)), Protocol("q", 2, (("b", 2),))]
    one = with_protocols(rules, projects, papers, *protocols)
    assert with_protocols(rules, projects, papers[::-1], *protocols[::-1]).digest == one.digest
