"""Words for the codes that rulebook gives about rules and schedules."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rulebook.problem import Problem

# every code of rulebook.rules and rulebook.calendar; a test compares this table with the codes in use
PROBLEMS: dict[str, str] = {
    "unknown_phase": gettext_noop("The schedule names an unknown phase: %(phase)s."),
    "ends_before_start": gettext_noop("The phase “%(phase)s” ends before it begins."),
    "same_phase_overlaps": gettext_noop("Two windows of the phase “%(phase)s” overlap."),
    "starts_before_earlier_phase": gettext_noop("The phase “%(phase)s” begins before “%(earlier)s”."),
    "overlaps_voting": gettext_noop("The phase “%(phase)s” overlaps the voting."),
}


def problem_text(problem: Problem) -> str:
    """The problem as a sentence in the person's language, with the place in the document."""
    sentence = PROBLEMS.get(problem.code)
    if sentence is None:
        return f"{problem.path}: {problem.code}"
    return _(sentence) % dict(problem.params)
