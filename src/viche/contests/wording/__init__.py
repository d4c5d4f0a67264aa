"""Rules in words: what is wrong with them, how the ballots become winners."""

from viche.contests.wording.counting import (
    CHOICES,
    OPTION_SENTENCES,
    RULES,
    TIES,
    counting_text,
    key_names,
    quota_place,
    quoted,
    score_text,
    score_unit,
    tie_text,
)
from viche.contests.wording.problems import PROBLEMS, problem_text

__all__ = [
    "CHOICES", "OPTION_SENTENCES", "PROBLEMS", "RULES", "TIES", "counting_text", "key_names", "problem_text",
    "quota_place", "quoted", "score_text", "score_unit", "tie_text",
]  # fmt: skip
