"""A regulation as readable text, in Ukrainian and English: numbered sections and clauses, as a council prints them.

``text`` says every setting of the rules and nothing else. The result is structured, so that a page can render it;
``Regulation.plain`` is the same as lines of text.
"""

from rulebook.regulation.composing import text
from rulebook.regulation.phrases import LANGUAGES
from rulebook.regulation.shape import Clause, Regulation, Section

__all__ = ["LANGUAGES", "Clause", "Regulation", "Section", "text"]
