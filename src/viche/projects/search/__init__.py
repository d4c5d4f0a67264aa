"""Search over projects: what is stored of a text, and what a question means."""

from viche.projects.search.asking import Question, Term, question_of
from viche.projects.search.words import base_form, lexemes_of, stem, vector_of, words_of

__all__ = ["Question", "Term", "base_form", "lexemes_of", "question_of", "stem", "vector_of", "words_of"]
