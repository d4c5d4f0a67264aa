"""What the form of the booth can produce is accepted by the box exactly where the rulebook finds no defect."""

import secrets

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck
from hypothesis import given as any_of
from hypothesis import settings as limits
from hypothesis import strategies as st
from tests import given

from rulebook.ballot import BallotPaper, defects, longest_document
from rulebook.canonical import canonical
from rulebook.presets import preset, presets
from rulebook.rules import parse
from viche.ballots.actions import candidates_of, cast_ballot
from viche.ballots.models import Participation
from viche.ballots.wording import ballot_limits, choices_text, defects_text
from viche.channels.booth.page import ballot_context, names_of, preview_context, values_context, with_values
from viche.channels.booth.selection import VALUED, paper_of, paper_of_form
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.projects.queries import ballot_codes

KINDS = ("approval", "choose-1", "points", "ranking", "plus-minus")
small = st.none() | st.integers(1, 4)


@st.composite
def shapes(draw: st.DrawFn) -> dict:
    kind = draw(st.sampled_from(KINDS))
    shape = {
        "kind": kind, "min_choices": draw(st.integers(0, 3)), "max_choices": draw(small),
        "max_per_class": draw(st.dictionaries(st.sampled_from(["small", "large"]), st.integers(1, 3))),
        "max_per_category": draw(st.dictionaries(st.sampled_from(["parks", "sport"]), st.integers(1, 3))),
        "max_per_territory": draw(small), "max_cost": draw(st.none() | st.integers(10_000_000, 200_000_000)),
        "own_project": draw(st.booleans()),
    }  # fmt: skip
    if kind == "points":
        shape |= {"max_points": draw(st.none() | st.integers(1, 12)), "max_points_per_project": draw(small)}
    if kind == "plus-minus":
        shape |= {"max_minus": draw(small)}
    return {name: value for name, value in shape.items() if value is not None}


def with_ballot(contest: Contest, shape: dict) -> Contest:
    """The contest as if these had been its rules; frozen rules cannot change, so only here in memory."""
    changed = Contest.objects.get(pk=contest.pk)
    counting = {"rule": "greedy-v1", "options": {}, "ties": ["earlier"]}
    changed.__dict__["rules"] = parse({**given.RULES, "ballot": shape, "counting": counting})
    return changed


def sent(texts: dict[str, str], press: tuple[str, str] | None = None) -> QueryDict:
    form = QueryDict(mutable=True)
    form.update({f"value-{code}": text for code, text in texts.items()})
    if press:
        form[press[0]] = press[1]
    return form


@pytest.fixture
def ground(db):
    """A contest with four projects, one of them large; the second is the voter's own."""
    contest = given.contest()
    for number in range(1, 5):
        given.admitted_project(
            contest, f"Проєкт {number}", cost=100_000_000 if number == 4 else 10_000_000 * number,
            category="sport" if number == 3 else "parks",
            author=given.person("Петро") if number == 2 else given.person("Олена"),
        )  # fmt: skip
    return contest


PRESSES = st.sampled_from(["plus", "minus", "up", "down", "off"])


@any_of(st.data())
@limits(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_box_takes_what_the_form_makes_exactly_where_the_rulebook_finds_nothing_wrong(ground, data):
    contest = with_ballot(ground, data.draw(shapes()))
    kind = contest.rules.ballot.kind
    codes = data.draw(st.lists(st.sampled_from(["1", "2", "3", "4", "99"]), unique=True, max_size=5))
    picks = dict.fromkeys(codes, 1)
    if kind in VALUED and codes:
        texts = {code: data.draw(st.sampled_from(["1", "2", "3", "-1", "0", "5"])) for code in codes}
        press = data.draw(st.none() | st.tuples(PRESSES, st.sampled_from(codes)))
        picks, wrong = with_values(kind, picks, sent(texts, press), codes)
        assert wrong == {}
    shown = paper_of(kind, picks)
    values = dict(shown.choices)
    paper = paper_of_form(kind, list(values), [str(value) for value in values.values()])
    assert paper == shown, "the casting form carries what was shown"
    voter = given.person("Петро")
    found = defects(paper, contest.rules, candidates_of(contest, voter))
    refused = None
    with clock.at(given.day(45)):
        try:
            cast_ballot(
                contest=contest,
                voter=voter,
                paper=paper,
                channel="online",
                request_key=secrets.token_bytes(32),
            )
        except Refused as refusal:
            refused = refusal
    assert Participation.objects.filter(contest=contest).count() == (not found)
    if refused is None:
        longest = longest_document(contest.rules, ballot_codes(contest))
        assert len(canonical(paper.document())) <= longest, "a length would tell of the choices"
        Participation.objects.filter(contest=contest).delete()
        return
    assert refused.code == "bad_ballot"
    said = defects_text(found, names_of(contest.rules), kind=kind)
    assert len(refused.fields["choices"]) == len(said)
    assert not any("%(" in line or " " not in line for line in said)


@any_of(shape=shapes())
@limits(max_examples=100, deadline=None)
def test_any_ballot_can_be_drawn_before_there_is_a_contest(shape):
    counting = {"rule": "greedy-v1", "options": {}, "ties": ["earlier"]}
    rules = parse({**given.RULES, "ballot": shape, "counting": counting})
    drawn = preview_context(rules)
    cards = [card for group in drawn["choose"]["groups"] for card in group["cards"]]
    assert len(cards) == 4
    assert all(rules.size_class(card["size_class"]).holds(card["cost"]) for card in cards)
    assert (drawn["values"] is not None) == (shape["kind"] in VALUED)
    assert all("%" not in line for line in ballot_limits(rules, {}))


class TestTheOrder:
    def moved(self, *presses: tuple[str, str]) -> list[str]:
        picks = dict.fromkeys(["1", "2", "3"], 1)
        for press in presses:
            picks, _texts = with_values("ranking", picks, sent({}, press), list(picks))
        return list(picks)

    def test_a_project_moves_up_and_down_by_one_place(self):
        assert self.moved(("up", "3")) == ["1", "3", "2"]
        assert self.moved(("up", "3"), ("up", "3")) == ["3", "1", "2"]
        assert self.moved(("down", "1")) == ["2", "1", "3"]

    def test_the_first_goes_no_higher_and_the_last_no_lower(self):
        assert self.moved(("up", "1")) == self.moved(("down", "3")) == ["1", "2", "3"]

    def test_what_is_not_on_the_ballot_moves_nothing(self):
        assert self.moved(("up", "77"), ("off", "77")) == ["1", "2", "3"]

    def test_what_was_chosen_in_another_window_stays_chosen(self):
        picks, _texts = with_values("ranking", {"1": 1, "2": 1, "9": 1}, sent({}, ("up", "2")), ["1", "2"])
        assert list(picks) == ["2", "1", "9"]


class TestThePoints:
    def test_a_button_adds_one_and_the_other_typed_numbers_stay(self):
        picks, texts = with_values(
            "points", {"1": 1, "2": 1}, sent({"1": "3", "2": "5"}, ("plus", "1")), ["1", "2"]
        )
        assert (picks, texts) == ({"1": 4, "2": 5}, {})

    def test_none_goes_below_nothing(self):
        assert with_values("points", {"1": 0}, sent({"1": "0"}, ("minus", "1")), ["1"])[0] == {"1": 0}

    @pytest.mark.parametrize("text", ["", "два", "1.5", "1e3", "99999", "٣٣٣٣٣"])
    def test_what_is_no_number_is_shown_again_as_it_was_typed(self, text):
        picks, texts = with_values("points", {"1": 1}, sent({"1": text}), ["1"])
        assert texts == {"1": text}
        rules = parse({**given.RULES, "ballot": {"kind": "points", "max_points": 5}})
        cards = [{"code": "1", "title": "Парк", "cost": 200_000}]
        context = values_context(rules, cards, picks=picks, texts=texts, is_judged=True)
        assert context["lines"][0]["value"] == text
        assert len(context["lines"][0]["errors"]) == 1
        assert context["is_wrong"]


@pytest.mark.parametrize(
    ("codes", "values"),
    [(["1"], []), (["1"], ["x"]), (["1"], ["1.5"]), ([], ["1"]), (["1"], ["9" * 30]), (["1"], [""])],
)
def test_a_damaged_casting_form_is_refused(codes, values):
    with pytest.raises(Refused, match="bad_form"):
        paper_of_form("points", codes, values)


def test_a_limit_of_money_is_said_in_money():
    rules = parse({**given.RULES, "ballot": {"kind": "approval", "max_cost": 45_000_000}})
    cards = [{"code": "1", "title": "Парк", "cost": 30_000_000, "size_class": "small"}]
    row = next(
        row for row in ballot_context(rules, cards, picks={"1": 1})["allowance"] if row["key"] == "cost"
    )
    assert (row["left"], row["whole"]) == ("150\u00a0000\u00a0₴", "450\u00a0000\u00a0₴")


@pytest.mark.parametrize(
    ("kind", "paper", "first"),
    [
        ("points", BallotPaper.points({"a": 1, "b": 3}), "b"), ("ranking", BallotPaper.ranking(["b", "a"]), "b"),
        ("plus-minus", BallotPaper.of("plus-minus", [("a", -1), ("b", 1)]), "b"),
        ("approval", BallotPaper.approval(["a", "b"]), "a"),
    ],
)  # fmt: skip
def test_choices_are_said_in_words_the_best_first(kind, paper, first):
    said = choices_text(kind, paper.choices, {})
    assert said[0][0] == first
    assert all(bool(value) == (kind != "approval") for _title, value in said)


@pytest.mark.parametrize("name", [each.id for each in presets()])
def test_the_ballot_of_each_preset_is_drawn_from_its_rules_alone(name):
    """No database: the same parts draw the preview and the ballot of a contest."""
    rules = preset(name).rules
    drawn = render_to_string("booth/preview.html", {"preview": preview_context(rules)})
    cards = max(len(rules.size_classes), 1) * 2
    lines = min(rules.ballot.choice_limit or 3, 3) if rules.ballot.kind in VALUED else 0
    assert drawn.count('name="choice"') == cards
    assert drawn.count("ballot-line-title") == lines
    assert drawn.count('type="radio"' if rules.ballot.kind == "choose-1" else 'type="checkbox"') == cards
    assert "<form" not in drawn
    assert "csrf" not in drawn


def test_every_kind_with_values_is_drawn_in_the_preview():
    for kind in VALUED:
        rules = parse({**given.RULES, "ballot": {"kind": kind, "max_choices": 3}})
        drawn = render_to_string("booth/preview.html", {"preview": preview_context(rules)})
        assert drawn.count("ballot-line-title") == 3
        assert 'type="hidden"' not in drawn
