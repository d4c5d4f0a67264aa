"""The empty file of a contest, to be filled: its columns as the rules ask for them."""

import csv
import io

import xlsxwriter
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.channels.paper.importing.columns import NUMBERS
from viche.channels.paper.importing.wording import FIELDS
from viche.channels.paper.readings import ballot_lines
from viche.channels.paper.wording import REASONS
from viche.contests.models import Contest

SHAPES = ("cell", "columns")
ROWS = 5_000


def template_columns(contest: Contest, shape: str) -> list[tuple[str, str]]:
    """(name, hint) of every column. shape: "cell" has the choices in one, "columns" has a column a project."""
    paper, kind = contest.rules.paper, contest.rules.ballot.kind
    lines = ballot_lines(contest)
    projects = [
        (_("Project No. %(number)s") % {"number": number}, title[:200])
        for number, (_code, title) in lines.items()
    ]
    if paper.mode == TOTALS:
        numbers = [(str(FIELDS[each]), _("A number of the point’s protocol.")) for each in NUMBERS]
        point = (str(FIELDS["point"]), _("As the point is called here."))
        if shape == "columns":
            return [point, *numbers, *projects]
        project = (str(FIELDS["project"]), _("One row a point and project."))
        return [point, *numbers, project, (str(FIELDS["votes"]), _("How many voted for it at this point."))]
    who = (
        (_("Tax number"), _("Ten digits, as text. A passport’s number of whoever has refused a tax number."))
        if paper.is_named
        else (_("Ballot number"), _("As it is printed on the ballot."))
    )
    choices = projects if shape == "columns" else [(_("Projects"), _hint(kind))]
    return [who, *choices, (_("Why invalid"), _("Empty for a valid ballot."))]


def _hint(kind: str) -> str:
    if kind == "points":
        return _("Project numbers with points: 12:3, 7:2")
    if kind == "ranking":
        return _("Project numbers, the best first: 7, 12, 3")
    if kind == "plus-minus":
        return _("Project numbers, a minus before those voted against: 12, -7")
    return _("Project numbers with commas between: 7, 12")


def template_csv(contest: Contest, shape: str) -> bytes:
    """The heading alone, as Excel reads a CSV: semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(
        [name for name, _hint_ in template_columns(contest, shape)]
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def template_xlsx(contest: Contest, shape: str) -> bytes:
    """The heading over columns of text, so that no zero is eaten; hints at the cells, reasons to choose from."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(_("Ballots")[:31])
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    columns = template_columns(contest, shape)
    for place, (name, hint) in enumerate(columns):
        sheet.set_column(place, place, 16, text)
        sheet.write_string(0, place, name, bold)
        rule: dict[str, object] = {"validate": "any", "input_title": name[:32], "input_message": hint[:255]}
        if name == _("Why invalid"):
            # a list in the file itself holds 255 signs: the codes, which every language reads
            rule = {**rule, "validate": "list", "source": list(REASONS), "error_type": "warning"}
        sheet.data_validation(1, place, ROWS, place, rule)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
