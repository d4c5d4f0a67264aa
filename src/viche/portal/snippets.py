"""What of a project's text answers a question, with the found words marked."""

import re

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from viche.projects.models import Project
from viche.projects.search import Question, lexemes_of

_PIECE = re.compile(r"[^\W_]+(?:[’'ʼ`‘-][^\W_]+)*|[\W_]+")
BEFORE, LENGTH = 60, 200


def _fits(piece: str, question: Question) -> bool:
    if not piece[0].isalnum():
        return False
    said, forms = lexemes_of(piece)
    return any(term.fits([*said, *forms]) for term in question.terms)


def marked(text: str, question: Question | None) -> SafeString | str:
    """The text, escaped, with the found words in <mark>."""
    if question is None:
        return text
    pieces = [(piece, _fits(piece, question)) for piece in _PIECE.findall(text)]
    said = [
        format_html("<mark>{}</mark>", each) if fits else conditional_escape(each) for each, fits in pieces
    ]
    return format_html_join("", "{}", ((each,) for each in said))


def snippet(project: Project, question: Question | None) -> SafeString | str:
    """The first place of summary or text where a word was found; empty where none is in them."""
    if question is None:
        return ""
    for text in (project.summary, project.text, project.author_name):
        flat = " ".join(text.split())
        for found in _PIECE.finditer(flat):
            if _fits(found[0], question):
                start = (
                    flat.rfind(" ", 0, max(0, found.start() - BEFORE)) + 1 if found.start() > BEFORE else 0
                )
                part = flat[start : start + LENGTH]
                if start + LENGTH < len(flat):
                    part = part.rpartition(" ")[0] or part
                after = " …" if start + len(part) < len(flat) else ""
                return format_html("{}{}{}", "… " if start else "", marked(part, question), after)
    return ""
