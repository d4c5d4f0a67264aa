"""Every preset is played: a small contest that shows what is peculiar to the regulation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import rulebook.presets
from rulebook.ballot import BallotPaper, allowance, defects
from rulebook.counting import count
from rulebook.dossier import Dossier, DossierProject
from rulebook.presets import UnknownPreset, preset, presets
from rulebook.rules import parse, problems

HRYVNIA = 100
THOUSAND = 1_000 * HRYVNIA


class Contest:
    """A small contest under a preset; costs in thousands of hryvnias."""

    def __init__(self, preset_id, **projects):
        self.rules = preset(preset_id).rules
        self.projects = [self._project(n, name, said) for n, (name, said) in enumerate(projects.items())]
        self.papers = []

    def _project(self, order, name, said):
        cost, category = (said, None) if isinstance(said, int) else said
        found = self.rules.size_class_of(cost * THOUSAND)
        size_class = found.id if found else None
        pot = self.rules.pot_of(size_class=size_class, category=category)
        assert pot is not None, f"no pot pays for {name}"
        return DossierProject(
            id=name, cost=cost * THOUSAND, pot=pot.id, size_class=size_class, category=category, order=order
        )

    def candidates(self, own=()):
        return {
            project.id: replace(project.candidate(), is_own=project.id in own) for project in self.projects
        }

    def faults(self, *names, own=()):
        paper = BallotPaper.approval(names)
        return [fault.code for fault in defects(paper, self.rules, self.candidates(own))]

    def left(self, *names):
        return allowance(BallotPaper.approval(names), self.rules, self.candidates())

    def vote(self, *names, times=1):
        assert self.faults(*names) == []
        self.papers += [BallotPaper.approval(names)] * times

    def count(self):
        return count(
            Dossier.build(contest="played", rules=self.rules, projects=self.projects, papers=self.papers)
        )


# --- all presets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_a_preset_is_a_regulation_without_contradictions(each):
    # a card or a phone at Lutsk's terminals proves no age, and the preset is warned of it
    expected = ["age_not_proved"] if each.id == "lutsk" else []
    assert [problem.code for problem in problems(each.rules)] == expected
    assert parse(each.document()) == each.rules


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_a_preset_says_where_it_comes_from_and_what_was_taken_where_the_source_is_silent(each):
    assert each.source
    assert each.notes
    for text in (each.title, each.community, each.rules.title, *each.notes):
        assert set(text) == {"uk", "en"}
        assert text["uk"] != text["en"]


def test_every_file_is_a_preset_under_its_own_name():
    folder = Path(rulebook.presets.__file__).parent
    stored = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    assert {name: document["id"] for name, document in stored.items()} == {name: name for name in stored}
    assert [each.id for each in presets()] == sorted(stored)
    assert len(stored) >= 12
    for document in stored.values():
        assert set(document) == {"id", "title", "community", "year", "source", "notes", "rules"}


def test_every_preset_is_played():
    played = Path(__file__).read_text(encoding="utf-8")
    assert [each.id for each in presets() if f'"{each.id}"' not in played] == []


def test_an_unknown_preset_is_named_together_with_those_there_are():
    with pytest.raises(UnknownPreset, match=r"'atlantis'.*kyiv-2019"):
        preset("atlantis")


# --- each by itself -----------------------------------------------------------------------------------


def test_kyiv_2019_ranks_by_votes_for_cost():
    contest = Contest("kyiv-2019", cheap=100, middle=500, dear=900)
    contest.vote("cheap", "middle", times=3)
    contest.vote("dear", times=10)
    contest.vote("middle", times=2)
    outcome = contest.count()
    # 3 votes for 100 thousand, 10 for 900, 5 for 500
    assert outcome.ranks == {"cheap": 1, "dear": 2, "middle": 3}
    assert outcome.funded == ("cheap", "dear", "middle")


def test_kyiv_2019_asks_for_a_reserve_of_a_fifth_and_75_votes_of_support():
    rules = preset("kyiv-2019").rules
    assert rules.submission.reserve_share == 2000
    assert rules.support.needed("small") == rules.support.needed("large") == 75
    assert rules.author_max_projects == 5
    assert [(pot.id, pot.amount) for pot in rules.pots] == [
        ("small", 102_000_000 * HRYVNIA),
        ("large", 68_000_000 * HRYVNIA),
    ]


def test_kyiv_2019_gives_five_votes():
    contest = Contest("kyiv-2019", **{f"p{n}": 100 for n in range(6)})
    assert contest.faults(*[f"p{n}" for n in range(6)]) == ["too_many"]
    assert contest.left("p0", "p1").choices.left == 3


def test_kyiv_2021_gives_one_vote_in_each_of_ten_categories():
    contest = Contest(
        "kyiv-2021", **{f"p{n}": (100, f"c{n}") for n in range(1, 11)}, rival=(100, "c1"), other=(100, "c2")
    )
    everywhere = [f"p{n}" for n in range(1, 11)]
    assert contest.faults(*everywhere) == []
    assert contest.faults("p1", "rival") == ["too_many_in_category"]
    assert contest.left("p1").by_category["c1"].left == 0
    assert contest.left("p1").by_category["c2"].left == 1
    assert contest.rules.voter.may_use("work", "online")


def test_lviv_lets_the_unregistered_vote_at_a_service_centre_only():
    voter = preset("lviv-2020").rules.voter
    for basis in ("work", "study", "birth", "property"):
        assert voter.may_use(basis, "desk")
        assert not voter.may_use(basis, "online")
        assert not voter.may_use(basis, "terminal")
    assert voter.may_use("registered", "online")
    assert "stateless" in preset("lviv-2020").rules.author.citizenship


def test_lviv_does_not_let_authors_vote_for_their_own_project():
    contest = Contest("lviv-2020", lane=300, square=900, yard=200)
    assert contest.faults("lane", "square") == []
    assert contest.faults("lane", "square", own=["square"]) == ["own_project"]
    assert contest.faults("lane", "yard") == ["too_many_in_class"]


def test_dnipro_gives_six_different_projects_and_a_share_to_each_group():
    contest = Contest("dnipro", **{f"p{n}": (400, f"g{n % 5 + 1}") for n in range(7)})
    six = [f"p{n}" for n in range(6)]
    assert contest.faults(*six) == []
    assert contest.faults(*six, "p6") == ["too_many"]
    assert "duplicate_project" in contest.faults("p0", "p0")
    assert [pot.share for pot in contest.rules.pots] == [2667, 2667, 2666, 1000, 1000]
    assert sum(pot.amount for pot in contest.rules.pots) == 48_000 * THOUSAND
    assert contest.rules.pot("g5").amount == 4_800 * THOUSAND


def test_odesa_votes_online_for_twenty_days_with_five_votes():
    contest = Contest("odesa", **{f"p{n}": 300 for n in range(6)})
    [online] = contest.rules.channels
    assert (online.kind, online.is_open(20), online.is_open(21)) == ("online", True, False)
    assert contest.faults(*[f"p{n}" for n in range(6)]) == ["too_many"]
    contest.vote("p1", "p2", times=2)
    assert contest.count().left == {"small": (5_500 - 6 * 300) * THOUSAND, "large": 44_500 * THOUSAND}


def test_vinnytsia_gives_two_large_and_two_small_and_paper_in_the_second_half():
    contest = Contest("vinnytsia-2021", s1=100, s2=200, s3=300, l1=400, l2=500)
    assert contest.faults("s1", "s2", "l1", "l2") == []
    assert contest.faults("s1", "s2", "s3") == ["too_many_in_class"]
    online, paper = contest.rules.channels
    assert online.is_open(1)
    assert [day for day in (15, 16, 31) if paper.is_open(day)] == [16, 31]


def test_ternopil_2021_asks_300_votes_of_small_and_500_of_large_projects():
    contest = Contest("ternopil-2021", yard=300, swings=200, park=1450, stage=400)
    contest.vote("yard", "park", times=300)
    contest.vote("swings", "stage", times=299)
    contest.vote("park", times=200)
    outcome = contest.count()
    assert outcome.funded == ("yard", "park")
    assert outcome.rejected["swings"].params["missing"] == 1
    assert outcome.rejected["stage"].params["threshold"] == 500
    assert outcome.left == {"small": 2_700 * THOUSAND, "large": 5_550 * THOUSAND}


def test_ternopil_2021_splits_its_money_30_to_70_and_takes_one_project_of_each_size_from_an_author():
    rules = preset("ternopil-2021").rules
    assert [pot.amount * 10 for pot in rules.pots] == [rules.total * 3, rules.total * 7]
    assert rules.submission.max_per_class == {"small": 1, "large": 1}
    assert rules.voter.citizenship == ("citizen",)


def test_ternopil_2025_has_places_for_two_of_education_and_four_others():
    projects = {f"e{n}": (100, "education") for n in range(4)} | {f"o{n}": (100, "other") for n in range(6)}
    contest = Contest("ternopil-2025", **projects)
    for n in range(4):
        contest.vote(f"e{n}", times=900 - n)
    for n in range(6):
        contest.vote(f"o{n}", times=600 - n)
    outcome = contest.count()
    assert outcome.funded == ("e0", "e1", "o0", "o1", "o2", "o3")
    assert outcome.rejected["e2"].params["key"] == "education"
    assert contest.faults("e0", "o0") == ["too_many"]
    assert contest.rules.support.needed(None) == 15


def test_ternopil_2025_asks_five_hundred_votes():
    contest = Contest("ternopil-2025", a=(100, "other"), b=(100, "other"))
    contest.vote("a", times=500)
    contest.vote("b", times=499)
    assert contest.count().funded == ("a",)


def test_chernivtsi_admits_people_of_fourteen_with_one_vote_of_each_size():
    contest = Contest("chernivtsi", small=300, other=200, large=301)
    assert contest.rules.size_class_of(300 * THOUSAND).id == "small"
    assert contest.faults("small", "large") == []
    assert contest.faults("small", "other") == ["too_many_in_class"]
    assert contest.rules.voter.min_age == contest.rules.author.min_age == 14
    assert contest.rules.channels[1].identity_methods == ("terminal",)
    assert contest.rules.support is not None


def test_chernihiv_gives_three_large_and_three_small():
    contest = Contest("chernihiv", **{f"s{n}": 100 for n in range(4)}, **{f"l{n}": 900 for n in range(4)})
    assert contest.faults("s0", "s1", "s2", "l0", "l1", "l2") == []
    assert contest.faults("s0", "s1", "s2", "s3") == ["too_many_in_class"]
    assert contest.faults("l0", "l1", "l2", "l3") == ["too_many_in_class"]


def test_chernihiv_may_admit_with_a_correction_and_wants_signatures_on_paper():
    rules = preset("chernihiv").rules
    assert "admit-with-correction" in rules.review[0].outcomes
    assert rules.submission.paper_original
    assert rules.support.ways == ("paper",)
    assert rules.author_max_projects == 1
    assert [pot.amount for pot in rules.pots] == [2_200 * THOUSAND, 12_200 * THOUSAND]


def test_ivano_frankivsk_gives_one_vote_in_each_category():
    contest = Contest(
        "ivano-frankivsk-2023",
        lab=(500, "school"), gym=(400, "school"), nursery=(300, "pre-school"), club=(200, "out-of-school"),
        park=(900, "city"),
    )  # fmt: skip
    assert contest.faults("lab", "nursery", "club", "park") == []
    assert contest.faults("lab", "gym") == ["too_many_in_category"]
    contest.vote("lab", "nursery", times=3)
    contest.vote("gym", "park", times=2)
    assert contest.count().funded == ("lab", "nursery", "gym", "park", "club")


def test_ivano_frankivsk_rejects_a_project_whose_author_refuses_the_changes():
    [stage] = preset("ivano-frankivsk-2023").rules.review
    assert stage.reject_refusal
    assert preset("ivano-frankivsk-2023").rules.voter.min_age == 18


def test_kharkiv_admits_work_service_and_study_by_a_document():
    contest = Contest("kharkiv", a=50, b=1500)
    assert contest.rules.voter.evidence["work"] == ("employment-certificate",)
    assert contest.rules.size_class_of(49 * THOUSAND) is None
    assert contest.rules.size_class_of(1501 * THOUSAND) is None
    assert contest.left("a", "b").choices.left == 3


def test_lutsk_admits_only_projects_of_defence_in_wartime():
    contest = Contest("lutsk", drones=(250, "defence"), shelter=(250, "civil-protection"))
    assert contest.rules.submission.categories == ("defence", "civil-protection")
    assert contest.rules.category("public-space") is not None
    assert contest.rules.size_class_of(251 * THOUSAND) is None
    contest.vote("drones", times=2)
    contest.vote("shelter")
    assert contest.count().funded == ("drones", "shelter")


def test_khmilnyk_lets_the_unregistered_vote_on_paper_only_but_submit_anywhere():
    contest = Contest("khmilnyk", well=100, bridge=950)
    author, voter = contest.rules.author, contest.rules.voter
    for basis in ("displaced", "work", "study", "service", "property"):
        assert author.may_use(basis, "online")
        assert not voter.may_use(basis, "online")
        assert voter.may_use(basis, "paper")
    assert "foreigner" in voter.citizenship
    assert "residence-permit" in voter.evidence["registered"]
    assert voter.min_age == 14
    contest.vote("bridge", times=2)
    contest.vote("well")
    outcome = contest.count()
    assert outcome.funded == ("bridge",)
    assert outcome.rejected["well"].params["short"] == 50 * THOUSAND


def test_agronomichna_asks_15_signatures_without_the_authors():
    contest = Contest("agronomichna-2025", **{f"p{n}": 100 for n in range(5)})
    support = contest.rules.support
    assert (support.needed("all"), support.author_counts) == (15, False)
    assert contest.rules.review[0].days == 7
    assert contest.rules.approval[0].days == 8
    assert contest.rules.implementation.year_offset == 1
    for n in range(5):
        contest.vote(f"p{n}", times=9 - n)
    assert contest.count().funded == ("p0", "p1", "p2", "p3")


def test_stepanetska_fixes_one_large_winner_and_eight_small():
    contest = Contest("stepanetska-2020", **{f"s{n}": 40 for n in range(10)}, l0=100, l1=100)
    for n in range(10):
        contest.vote(f"s{n}", times=20 - n)
    contest.vote("l0", times=2)
    contest.vote("l1")
    outcome = contest.count()
    assert outcome.funded == (*(f"s{n}" for n in range(8)), "l0")
    # money is left for both, places are not
    assert outcome.rejected["s8"].code == outcome.rejected["l1"].code == "enough_winners"
    assert outcome.left == {"small": 80 * THOUSAND, "large": 200 * THOUSAND}
    assert [entry.scope for entry in contest.rules.size_classes] == ["starosta-district", "hromada"]


def test_poltava_oblast_asks_30_signatures_and_gives_at_most_three_projects():
    contest = Contest("poltava-oblast", a=100, b=200, c=300, d=400)
    assert contest.rules.support.needed(None) == 30
    assert contest.faults("a", "b", "c") == []
    assert contest.faults("a") == []
    assert contest.faults("a", "b", "c", "d") == ["too_many"]


def test_rivne_has_seven_large_places_three_of_education_and_twelve_small_four_of_education():
    projects = {
        f"{size}{kind}{n}": (cost, category)
        for size, cost in (("l", 900), ("s", 100))
        for kind, category in (("e", "education"), ("o", "other"))
        for n in range(9)
    }
    contest = Contest("rivne", **projects)
    for name in projects:
        contest.vote(name, times=500)
    funded = contest.count().funded
    places = {group: sum(name.startswith(group) for name in funded) for group in ("le", "lo", "se", "so")}
    assert places == {"le": 3, "lo": 4, "se": 4, "so": 8}
    assert contest.rules.approval[0].days == 30


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_the_steps_of_a_procedure_that_no_source_states_are_said_to_be_taken(each):
    rules, said = each.rules, " ".join(note.get("uk") for note in each.notes)
    assert (rules.submission.check, rules.submission.edits, rules.appeal, rules.comments) == (
        None, "never", None, "after",
    )  # fmt: skip
    assert "проєкт оприлюднюють одразу; змінюють лише на доопрацюванні; оскарження не передбачено" in said
    if rules.support is not None:
        assert (rules.support.withdrawal, rules.support.signatories) == (False, "number")
        assert "підпис на підтримку" in said
