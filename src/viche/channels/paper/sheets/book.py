"""The layouts of a contest: from its frozen rules and the projects admitted to the vote."""

import hashlib
import hmac
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from rulebook.rules import Rules
from viche.ballots.tokens import marks_key
from viche.channels.paper.sheets.code import short_contest
from viche.channels.paper.sheets.layout import FIXED, ORDERS, LayoutBook, Line, SheetLayout, Words
from viche.channels.paper.sheets.wording import words_of
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.money import money_text
from viche.foundation.refused import Refused
from viche.projects.models import Project
from viche.projects.queries import admitted_projects

__all__ = ["LANGUAGES", "LayoutBook", "layout_of", "most_of", "paper_key", "sheet_layout"]

LANGUAGES: Mapping[str, tuple[str, ...]] = {"uk": ("uk",), "en": ("en",), "uk-en": ("uk", "en")}
"""The languages that a sheet is printed in."""
UNLIMITED = 99
"""The most points for one project that a sheet has boxes for where the rules set no limit."""


def layout_of(contest: Contest) -> LayoutBook:
    """The book that scans are read by. Refused: no_paper_key."""
    layouts = [
        _layout(contest, is_large=is_large, is_tall=is_tall, order=order, words=Words())
        for is_large in (False, True)
        for is_tall in (False, True)
        for order in ORDERS
    ]
    return LayoutBook(
        short_contest(str(contest.id)), {each.digest: each for each in layouts}, paper_key(contest)
    )


def sheet_layout(
    contest: Contest, *, is_large: bool = False, languages: str = "uk", order: str = FIXED
) -> SheetLayout:
    """The layout to print: its digest is in layout_of. languages: a key of LANGUAGES. Refused: nothing_to_print."""
    spoken = LANGUAGES[languages]
    words = words_of(contest, spoken, most_of(contest.rules, admitted_projects(contest).count()))
    layout = _layout(
        contest, is_large=is_large, is_tall=len(spoken) > 1, order=order, words=words, language=spoken[0]
    )
    if not layout.lines:
        raise Refused(
            "nothing_to_print", _("No project is admitted to the vote yet: there is nothing to choose from.")
        )
    return layout


def paper_key(contest: Contest) -> bytes:
    """The contest's key of paper, from its key of marks: it dies with it. Refused: no_paper_key."""
    try:
        return hmac.digest(marks_key(contest), b"viche/paper/v1", hashlib.sha256)
    except keys.KeyMissing as error:
        raise Refused(
            "no_paper_key",
            _("This contest has no ballot box, or its keys are already destroyed: no sheet can be told."),
        ) from error


def most_of(rules: Rules, projects: int) -> int:
    """The greatest value that one project can be given on a sheet."""
    shape = rules.ballot
    if shape.kind == "points":
        return shape.max_points_per_project or min(shape.max_points or UNLIMITED, UNLIMITED)
    if shape.kind == "ranking":
        return max(min(shape.choice_limit or projects, projects), 1)
    return 1


def _layout(
    contest: Contest, *, is_large: bool, is_tall: bool, order: str, words: Words, language: str = "uk"
) -> SheetLayout:  # fmt: skip
    rules = contest.rules
    projects = list(admitted_projects(contest).prefetch_related(None))
    classes = [each.id for each in rules.size_classes]
    groups = [name for name in classes if any(each.size_class == name for each in projects)]
    is_grouped = len(groups) > 1
    with override(language):
        lines = tuple(_line(contest, each, each.size_class if is_grouped and each.size_class in groups else "")
                      for each in projects)  # fmt: skip
    return SheetLayout(
        contest=short_contest(str(contest.id)), kind=rules.ballot.kind, lines=lines,
        groups=("", *groups) if is_grouped else ("",), most=most_of(rules, len(projects)), is_large=is_large,
        is_tall=is_tall, order=order, is_named=rules.paper.is_named, words=words,
    )  # fmt: skip


def _line(contest: Contest, project: Project, group: str) -> Line:
    place = project.place_name or project.territory.full_name
    note = (
        f"{money_text(project.cost, contest.currency)} · {place}"
        if place
        else money_text(project.cost, contest.currency)
    )
    return Line(project.code, str(project.number), project.title, note, group)
