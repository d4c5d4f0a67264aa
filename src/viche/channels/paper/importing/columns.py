"""What the columns of a file hold: the fields that a contest takes, guessed by the names of the columns."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.channels.paper.readings import ballot_lines
from viche.communities.codifier import search_form
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.foundation.tables import Row

PROJECT = "project:"
NUMBERS = ("issued", "valid", "invalid", "spoiled", "unused")
HEADING_ROWS = 15
# the first that fits counts: "недійсних" holds "дійсних"
_NAMES = (
    ("number", r"рнокпп|іпн|податков|ідентифікаційн|^tax"),
    ("passport", r"паспорт|passport"),
    ("issued", r"^отримано|^видано|^received|^issued"),
    ("spoiled", r"зіпсован|spoil"),
    ("unused", r"невикористан|погашен|unused"),
    ("reason", r"чому недійсн|причин|^why invalid|reason"),
    ("invalid", r"^недійсн|^invalid"),
    ("valid", r"^дійсн|^valid"),
    ("point", r"дільниц|пункт|місце голосув|polling|^point"),
    ("votes", r"^голосів|^голоси$|кількість голос|^votes"),
    ("choices", r"про[єе]кти|номери про[єе]ктів|вибір|^choices|^projects|^project numbers"),
    ("project", r"про[єе]кт|^project"),
    ("serial", r"бюлет|серійн|^ballot|^serial|^№$|^номер$"),
)
_NUMBERED = re.compile(r"^(?:про[єе]кт|project)?\s*(?:№|no\.?)?\s*0*(\d{1,6})(?:\D|$)")


def fields_of(contest: Contest) -> list[str]:
    """What a column may hold in this contest, projects last."""
    rules = contest.rules
    projects = [f"{PROJECT}{number}" for number in ballot_lines(contest)]
    if rules.paper.mode == TOTALS:
        return ["point", "project", "votes", *NUMBERS, *projects]
    own = ["number", "passport"] if rules.paper.is_named else ["serial", "number", "passport"]
    return [*own, "choices", "reason", *projects]


def guessed(contest: Contest, rows: Iterable[Row]) -> tuple[int, list[str], dict[str, str]]:
    """(number of the row with the names, the names, what the columns hold): where most columns are understood."""
    best: tuple[int, list[str], dict[str, str]] = (0, [], {})
    known = fields_of(contest)
    for row, _place in zip(rows, range(HEADING_ROWS), strict=False):
        found = _understood(row.cells, known)
        if len(found) > len(best[2]) and not _is_data(row, found):
            best = (row.number, [cell[:100] for cell in row.cells], found)
    return best


def _is_data(row: Row, found: Mapping[str, str]) -> bool:
    """Whether the row is a ballot that looks like numbers of projects: nothing but bare numbers in it."""
    return not any(re.search(r"[^\W\d]", cell) for cell in row.cells) and all(
        each.startswith(PROJECT) for each in found.values()
    )


def _understood(cells: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, cell in enumerate(cells):
        field = _field_of(search_form(cell), known)
        if field and field not in found.values():
            found[str(place)] = field
    return found


def _field_of(name: str, known: Sequence[str]) -> str:
    if not name:
        return ""
    numbered = _NUMBERED.match(name)
    if numbered and f"{PROJECT}{numbered[1]}" in known:
        return f"{PROJECT}{numbered[1]}"
    return next((field for field, names in _NAMES if field in known and re.search(names, name)), "")


def checked_columns(contest: Contest, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns that are used. Refused: bad_columns at each column: twice the same, what is needed is missing."""
    known = set(fields_of(contest))
    used = {place: field for place, field in columns.items() if field}
    fields: dict[str, str] = {}
    for place, field in used.items():
        if field not in known:
            fields[f"column_{place}"] = _("Choose from the list.")
        elif list(used.values()).count(field) > 1:
            fields[f"column_{place}"] = _("Two columns hold the same: choose one.")
    if not fields and (missing := _missing(contest, set(used.values()))):
        fields["columns"] = missing
    if fields:
        raise Refused("bad_columns", " ".join(fields.values()), fields=fields, status=422)
    return used


def _missing(contest: Contest, used: set[str]) -> str:
    """What the file must hold and does not, in words."""
    paper, has_projects = contest.rules.paper, any(each.startswith(PROJECT) for each in used)
    if paper.mode == TOTALS:
        if not {"issued", "valid", "invalid"} <= used:
            return _("Say which columns hold the ballots received, the valid and the invalid ones.")
        if not has_projects and not {"project", "votes"} <= used:
            return _("Say which columns hold the votes: project number and votes, or one column a project.")
        return ""
    if not paper.is_named and "serial" not in used:
        return _("Say which column holds the ballot number.")
    if paper.is_named and not used & {"number", "passport"}:
        return _("Say which column holds the voter’s number.")
    if has_projects == ("choices" in used):
        return _("Say where the choices are: in one column with project numbers, or in one column a project.")
    return ""
