"""Every code that the rulebook may give has words for a person, with the values the words need."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import override
from tests.architecture.house import sources

from rulebook.counting import outcome
from rulebook.options import OPTIONS, SCORES, TIES
from rulebook.problem import Problem
from rulebook.rules import Rules, parse
from viche.ballots.wording import DEFECTS
from viche.contests.wording import (
    CHOICES,
    OPTION_SENTENCES,
    PROBLEMS,
    RULES,
    counting_text,
    problem_text,
    tie_text,
)
from viche.contests.wording import TIES as TIE_WORDS
from viche.results.wording import REASONS as REASON_WORDS
from viche.results.wording import Speech, funding_text, reason_text

NEEDED = re.compile(r"%\((\w+)\)s")


def calls_of(name: str, *folders: str) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Every call of a class, with the function it stands in."""
    for path in sources(*folders):
        for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(scope, ast.FunctionDef):
                for node in ast.walk(scope):
                    if (
                        isinstance(node, ast.Call)
                        and isinstance(node.func, ast.Name)
                        and node.func.id == name
                    ):
                        yield scope, node


def assignments(scope: ast.FunctionDef, name: str) -> list[ast.Assign | ast.AnnAssign]:
    """Where the function writes the name as a dict."""
    return [
        node
        for node in ast.walk(scope)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, ast.Dict)
        and name
        in {ast.unparse(t) for t in (node.targets if isinstance(node, ast.Assign) else [node.target])}
    ]


def keys_given(scope: ast.FunctionDef, call: ast.Call, place: int) -> set[str] | None:
    """Names of the values given with a code; None where they are passed on from elsewhere."""
    given = call.args[place] if len(call.args) > place else None
    if given is None:
        return set()
    if isinstance(given, ast.Name):
        before = [node for node in assignments(scope, given.id) if node.lineno <= call.lineno]
        given = max(before, key=lambda node: node.lineno).value if before else None
    if not isinstance(given, ast.Dict) or not all(isinstance(key, ast.Constant) for key in given.keys):
        return None
    return {key.value for key in given.keys}


def problems() -> dict[str, list[set[str]]]:
    """Codes of problems of rules and schedules, each with the values given at every place that names it."""
    found: dict[str, list[set[str]]] = {}
    for scope, call in calls_of(
        "Problem",
        "rulebook/rules",
        "rulebook/calendar.py",
        "rulebook/options.py",
        "rulebook/presets/__init__.py",
    ):
        code, keys = call.args[1], keys_given(scope, call, 2)
        if isinstance(code, ast.Constant):
            assert keys is not None, f"{code.value} in {scope.name}: its values are not written out"
            found.setdefault(code.value, []).append(keys)
    return found


def test_every_problem_of_rules_and_schedules_has_words():
    codes = problems()
    assert len(codes) > 30
    assert set(PROBLEMS) == set(codes)


@pytest.mark.parametrize("code", sorted(problems()))
def test_the_words_of_a_problem_use_only_values_that_come_with_it(code):
    needed = set(NEEDED.findall(PROBLEMS[code])) - {"place"}
    for given in problems()[code]:
        assert needed <= given
        text = problem_text(Problem("/pots/0", code, dict.fromkeys(given, "значення")))
        assert code not in text
        assert "%(" not in text


def test_an_unknown_code_is_shown_rather_than_lost():
    assert problem_text(Problem("/pots/0", "brand_new")) == "/pots/0: brand_new"


def defect_codes() -> set[str]:
    """Codes of defects: constants of ``Defect(…)`` and the table of limits by group."""
    found = {
        call.args[0].value
        for _, call in calls_of("Defect", "rulebook/ballot.py")
        if isinstance(call.args[0], ast.Constant)
    }
    return found | {"too_many_in_class", "too_many_in_category", "too_many_in_territory"}


def test_every_defect_of_a_ballot_has_words():
    assert len(defect_codes()) == 17
    assert set(DEFECTS) == defect_codes()


REASONS = {
    "below_threshold": {"score": 1, "threshold": 5, "missing": 4},
    "does_not_fit": {"cost": 300, "left": 100, "short": 200},
    "stopped": {"after": "7"},
    "rival_won": {"rival": "7"},
    "enough_winners": {"dimension": "category", "key": "parks", "limit": 2},
    "no_votes": {},
    "supporters_cannot_pay": {"cost": 300, "money": 100, "short": 200},
    "outweighed": {"cost": 300, "satisfaction": 12},
    "eliminated": {"cost": 300, "money": 100, "short": 200, "round": 3},
}
SAY = Speech("UAH", "votes", {"7": "Сквер"}, {("category", "parks"): "Парки"})
BEHIND = {"behind": 3, "last_winner": "7"}


def is_said(text: str) -> bool:
    return bool(text.strip()) and "%(" not in text and "{" not in text


def test_every_reason_not_to_fund_is_looked_at_here():
    assert set(REASONS) == set(outcome.REJECTIONS) == set(REASON_WORDS)


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_not_to_fund_has_words(code, language):
    with override(language):
        text = reason_text({"code": code, "params": REASONS[code]}, SAY)
        behind = reason_text({"code": code, "params": {**REASONS[code], **BEHIND}}, SAY)
    assert is_said(text)
    assert text != code
    assert behind.startswith(text)
    assert is_said(behind[len(text) :])


@pytest.mark.parametrize("code", sorted(code for code in REASONS if "short" in REASONS[code]))
def test_money_in_a_reason_is_money(code):
    with override("en"):
        text = reason_text({"code": code, "params": REASONS[code]}, SAY)
    assert "₴3" in text
    assert "₴2" in text


@pytest.mark.parametrize("dimension", ["pot", "class", "category", "territory"])
@pytest.mark.parametrize("key", ["parks", "*"])
def test_a_limit_of_winners_has_words_for_every_dimension(dimension, key):
    reason = {"code": "enough_winners", "params": {"dimension": dimension, "key": key, "limit": 1}}
    assert is_said(reason_text(reason, SAY))


# steps of funded projects as each rule writes them: (code, params, what it gets of a cost of 300)
FUNDED = [
    ("fits", {}, 300),
    ("fits_partly", {"amount": 100}, 100),
    ("paid_by_supporters", {"round": 1, "supporters": 5, "payers": 4, "in_full": 3, "price": 60}, 300),
    ("paid_by_supporters", {"supporters": 5}, 300),
    ("topped_up", {"supporters": 5}, 300),
    ("greedy_preferred", {"supporters": 5}, 300),
    ("fits", {"round": 2, "supporters": 5, "load": 60}, 300),
    ("fits", {"round": 2, "money": 350}, 300),
    ("fits", {"eliminated_in": 2, "money": 250}, 300),
    ("fits", {"satisfaction": 12}, 300),
]


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_way_to_win_has_words_of_its_own(language):
    with override(language):
        said = [
            funding_text({"code": code, "params": params, "left_before": 400}, amount, 300, SAY)
            for code, params, amount in FUNDED
        ]
    assert all(is_said(text) for text in said)
    assert len(set(said)) == len(said)


def test_under_equal_shares_it_is_said_who_paid():
    step = {"code": "paid_by_supporters", "params": FUNDED[2][1], "left_before": 400}
    with override("en"):
        assert funding_text(step, 300, 300, SAY) == "Won: 4 of 5 supporters paid for it, at most ₴0.60 each."


def test_partial_funding_says_how_much_of_what():
    step = {"code": "fits_partly", "params": {"amount": 10_000}, "left_before": 10_000}
    with override("en"):
        text = funding_text(step, 10_000, 30_000, SAY)
    assert text == "Won with part of its cost: it gets ₴100 of ₴300, all that was left."


def rules_with(
    rule: str, options: dict, ties: tuple[str, ...] = ("refuse",), kind: str = "approval"
) -> Rules:
    return parse(
        {
            "schema": 1, "title": {"uk": "Бюджет"}, "ballot": {"kind": kind},
            "size_classes": [{"id": "small", "name": {"uk": "Малі"}, "min_cost": 1}],
            "pots": [{"id": "a", "name": {"uk": "Перший"}, "amount": 100}],
            "counting": {"rule": rule, "options": options, "ties": list(ties)},
        }
    )  # fmt: skip


def test_every_counting_rule_has_words():
    assert set(RULES) == set(OPTIONS)
    for rule in OPTIONS:
        assert is_said(counting_text(rules_with(rule, {}))), rule


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("rule", OPTIONS)
def test_every_option_of_every_counting_rule_has_words(rule, language):
    """Each value changes what is said of the count; only doing nothing may be passed over in silence."""
    with override(language):
        for option in OPTIONS[rule]:
            if option.values:
                assert set(option.values) <= set(CHOICES[option.name])
                said = [counting_text(rules_with(rule, {option.name: value})) for value in option.values]
                assert len(set(said)) == len(said), option.name
                continue
            values: list[object] = [{"small": 5}, {"*": 5}] if option.table else [5]
            if option.moves:
                values = [[{"from": sources, "to": to}] for sources in (["a"], ["*"]) for to in ("b", "*")]
            for value in values:
                others = {"completion": "add1"} if option.name == "increment" else {}
                with_it = counting_text(rules_with(rule, {**others, option.name: value}))
                assert is_said(with_it)
                assert with_it != counting_text(rules_with(rule, others)), (option.name, value)
    assert set(OPTION_SENTENCES) == {
        option.name for options in OPTIONS.values() for option in options if not option.values
    }


def test_every_score_has_words():
    assert set(CHOICES["score"]) == set(SCORES)


def test_every_way_to_decide_a_tie_has_words():
    assert set(TIE_WORDS) == set(TIES)
    for way in TIES:
        with override("uk"):
            said = tie_text(rules_with("greedy-v1", {}, (way,)))
        assert is_said(said)
        assert "комісі" in said  # whatever the list says, the commission is asked last
