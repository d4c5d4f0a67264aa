"""Pabulib's ``.pb`` exchange format: real elections in, ours out.

A file has three sections, META, PROJECTS and VOTES, of fields separated by ";" (a field in double quotes
may hold one; a quote inside is doubled). ``read`` refuses a malformed file naming the line, the field and
what is wrong; ``Election.dossier`` makes what a count needs; ``write`` gives the text back and
``write_contest`` makes one of a contest of our own. The format is
described at https://pabulib.org/format; how its rules map to ours is docs/counting/pabulib.md.
"""

from rulebook.pabulib.election import Election, PbProject
from rulebook.pabulib.faults import PabulibError, Remark
from rulebook.pabulib.mapping import META_RULES
from rulebook.pabulib.reading import read
from rulebook.pabulib.writing import Heading, contest_lines, write, write_contest

__all__ = [
    "META_RULES",
    "Election",
    "Heading",
    "PabulibError",
    "PbProject",
    "Remark",
    "contest_lines",
    "read",
    "write",
    "write_contest",
]
