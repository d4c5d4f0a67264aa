"""Money and counts are whole numbers: no float and no true division where they are computed."""

import pytest
from tests.architecture.house import inexact_places, name_of, sources

COMPUTING = sources(
    "rulebook", "viche/contests", "viche/projects", "viche/review", "viche/ballots", "viche/results",
    "viche/journal", "viche/connectors", "viche/foundation/money.py", "viche/foundation/numbers.py",
    "viche/foundation/figures.py",
)  # fmt: skip


@pytest.mark.parametrize("path", COMPUTING, ids=name_of)
def test_nothing_inexact_where_money_and_votes_are_counted(path):
    assert not list(inexact_places(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "line",
    ["share = 0.5", "share = float(votes)", "share = votes / total", "left /= 2", "half = (cost - spent) / 2",
     "rate = amount * 1e-2", "name = folder / 'a'"],
)  # fmt: skip
def test_a_planted_inexact_number_is_noticed(line):
    assert list(inexact_places(f"def tally(votes, total):\n    {line}\n"))


@pytest.mark.parametrize(
    "line",
    ["share = votes // total", "p = Path(__file__).parent / 'templates' / 'ui'", "t = 'a/b'", "n = 10**13"],
)
def test_whole_division_and_paths_are_allowed(line):
    assert not list(inexact_places(line))
