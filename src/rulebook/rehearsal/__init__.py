"""What would have happened: a past election, or an invented one, counted under rules that are only drafted.

``recount`` takes the projects and ballots of a dossier under other rules, ``simulate`` invents a dossier that obeys
the rules, ``compare_rules`` sets the outcomes under two regulations side by side. What cannot be carried over, and
what a regulation leaves without projects, money or winners, is said as notes; ``note_text`` has their words.
"""

from rulebook.rehearsal.comparing import Comparison, Fate, PotFigures, Side, compare_rules, side_of
from rulebook.rehearsal.issues import ISSUES
from rulebook.rehearsal.lines import lines
from rulebook.rehearsal.notes import LEFT_OUT, NOTES, Note
from rulebook.rehearsal.recounting import LeftOut, Rehearsed, recount
from rulebook.rehearsal.simulating import simulate
from rulebook.rehearsal.wording import fate_text, figures, note_text, why

__all__ = [
    "ISSUES", "LEFT_OUT", "NOTES", "Comparison", "Fate", "LeftOut", "Note", "PotFigures", "Rehearsed", "Side",
    "compare_rules", "fate_text", "figures", "lines", "note_text", "recount", "side_of", "simulate", "why",
]  # fmt: skip
