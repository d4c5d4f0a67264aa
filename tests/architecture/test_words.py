"""Every code that the rulebook may give has words for a person, with the values the words need."""

import ast
import re
from collections.abc import Iterator

import pytest
from tests.architecture.house import sources

from rulebook.counting import outcome
from rulebook.problem import Problem
from viche.ballots.wording import DEFECTS
from viche.contests.wording import PROBLEMS, problem_text
from viche.results.wording import reason_text

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
    for scope, call in calls_of("Problem", "rulebook/rules", "rulebook/calendar.py", "rulebook/options.py"):
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
    assert len(defect_codes()) == 16
    assert set(DEFECTS) == defect_codes()


REASONS = {
    "below_threshold": {"score": 1, "threshold": 5, "missing": 4},
    "does_not_fit": {"cost": 300, "left": 100, "short": 200},
    "stopped": {"after": "7"},
}


def test_every_reason_not_to_fund_has_words():
    named = {
        argument.id.lower()
        for path in sources("rulebook/counting")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_reject"
        for argument in node.args
        if isinstance(argument, ast.Name) and argument.id.isupper() and hasattr(outcome, argument.id)
    } - set(outcome.STEP_KINDS)
    assert named == set(REASONS)
    for code, params in REASONS.items():
        text = reason_text({"code": code, "params": params}, "UAH")
        assert text != code
        assert "%(" not in text
