"""The forms of a polling point as PDF: its protocol and its sign-in list, to be filled in by hand.

PDF/UA-1: tables with headers, a title, a language, so that they can be read aloud before they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.channels.paper.sheets import measure
from viche.contests.models import Contest
from viche.foundation.typesetting import ACCESSIBLE, pdf_of, quoted
from viche.projects.queries import admitted_projects

MOST_LINES = 2_000
_PREAMBLE = f"""
#set page(paper: "a4", margin: (x: 18mm, y: 15mm), numbering: "1 / 1")
#set text(font: "{measure.FAMILY}", size: 10pt, hyphenate: false)
#show heading: set text(size: 14pt)
#set table(stroke: 0.5pt, inset: 6pt)
#let blank(label) = [#text(label) #box(width: 1fr, stroke: (bottom: 0.5pt), height: 1em)]
"""


@dataclass(frozen=True)
class Place:
    """A polling point as its forms name it."""

    name: str = ""
    address: str = ""


def protocol_pdf(contest: Contest, place: Place) -> bytes:
    """The protocol of a point: received, given out, spoiled, left over, valid and invalid sheets; votes by project;
    the members with their signatures. In the active language, its figures to be written by hand.
    """
    counts = (
        _("Ballots received"), _("Ballots given out"), _("Ballots spoiled and replaced"), _("Ballots left over"),
        _("Ballots in the box"), _("Of them valid"), _("Of them invalid"),
    )  # fmt: skip
    rule = _("Received = given out + spoiled + left over. In the box = valid + invalid.")
    unit = _("Points") if contest.rules.ballot.kind == "points" else _("Number of votes")
    projects = [(str(each.number), each.title) for each in admitted_projects(contest).prefetch_related(None)]
    members = [(str(number), "", "") for number in range(1, 6)]
    return _pdf(
        contest, _("Protocol of a polling point"), place,
        _table((_("What is counted"), _("How many")), [(each, "") for each in counts], "1fr, 30mm"),
        _said(rule),
        _table((_("No."), _("Project"), unit), [(number, title, "") for number, title in projects], "14mm, 1fr, 30mm"),
        _said(_("Remarks and complaints")), "#v(30mm)\n",
        _table((_("No."), _("Member: name and office"), _("Signature")), members, "14mm, 1fr, 45mm"),
        f"#v(4mm)\n#blank({quoted(_('Date and time'))})\n",
    )  # fmt: skip


def sign_in_pdf(contest: Contest, place: Place, lines: int = 60) -> bytes:
    """The list in which voters sign for the ballot that they are given. It holds no number of a ballot on purpose: with
    it the list would say who voted how. ValueError for more than MOST_LINES.
    """
    if not 1 <= lines <= MOST_LINES:
        raise ValueError(f"from 1 to {MOST_LINES} lines")
    rows = [(str(number), "", "", "") for number in range(1, lines + 1)]
    head = (_("No."), _("Surname, name, patronymic"), _("Document: kind and last four signs"), _("Signature"))
    return _pdf(
        contest, _("Sign-in list of voters"), place,
        _said(_("The voter signs for the ballot. Its number is not written here: nobody may learn who voted how.")),
        _table(head, rows, "12mm, 1fr, 45mm, 40mm", height="11mm"),
    )  # fmt: skip


def _pdf(contest: Contest, title: str, place: Place, *parts: str) -> bytes:
    language = (get_language() or "uk")[:2]
    name = f"{title}. {contest.name}"
    where = ", ".join(each for each in (place.name, place.address) if each)
    point = _("Polling point: %s") % where
    source = "".join(
        (
            _PREAMBLE, f'#set text(lang: "{language}")\n#set document(title: {quoted(name)})\n',
            f"#heading(level: 1, {quoted(title)})\n",
            _said(contest.community.title), _said(contest.name),
            f"#blank({quoted(point)})\n\n",
            *parts,
        )
    )  # fmt: skip
    return pdf_of(source, standard=ACCESSIBLE)


def _said(text: str) -> str:
    return f"#par(text({quoted(text)}))\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: str, height: str = "auto") -> str:
    cells = "".join(f"text({quoted(each)}), " for row in rows for each in row)
    titles = ", ".join(f"text(weight: 700, {quoted(each)})" for each in head)
    count = columns.count(",") + 1
    sizes = "auto" if height == "auto" else f"(auto,) + ({height},) * {len(rows)}"
    assert count == len(head)
    return f"#table(columns: ({columns}), rows: {sizes}, table.header({titles}), {cells})\n"
