"""What the words of a ``.pb`` file mean in our terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulebook.options import (
    ADD1,
    ADD1_TOP_UP,
    NO_COMPLETION,
    SKIP,
    STOP,
    WITH_GREEDY,
)

KIND_OF_VOTE_TYPE: Mapping[str, str] = {
    "approval": "approval",
    "choose-1": "choose-1",
    "cumulative": "points",
    "scoring": "points",
    "ordinal": "ranking",
}
"""Pabulib's vote types and our kinds of ballot."""

META_RULES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "greedy": ("greedy-v1", {"fit": SKIP}),
    "greedy-threshold": ("greedy-v1", {"fit": SKIP}),
    "greedy-no-skip": ("greedy-v1", {"fit": STOP}),
    # the part of it that spends the pot; what the city adds from elsewhere it marks with 2 or 3
    "greedy-custom": ("greedy-v1", {"fit": STOP}),
    # which projects compete the files do not say, at most in a comment
    "greedy-exclusive": ("greedy-v1", {"fit": SKIP}),
    "equalshares": ("equal-shares-v1", {"completion": NO_COMPLETION}),
    "equalshares/add1": ("equal-shares-v1", {"completion": ADD1}),
    "equalshares/add1u": ("equal-shares-v1", {"completion": ADD1_TOP_UP}),
    "equalshares/add1-comparison": ("equal-shares-v1", {"completion": ADD1, "comparison": WITH_GREEDY}),
}
"""Rules named in META that a counting rule of ours reproduces, with its options."""

FALLBACK: tuple[str, Mapping[str, Any]] = ("greedy-v1", {"fit": SKIP})
"""What counts a file whose META names no rule, or one that is not in META_RULES."""

THRESHOLD_KEY = "min_project_score_threshold"

NOT_APPLIED = ("budget_per_category", "leftover_budget")
"""Keys of META that change who wins and that no counting rule here can follow yet."""
