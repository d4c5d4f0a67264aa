"""The words of a sheet in one language or two, and what to do with it, from the rules."""

from collections.abc import Callable, Sequence
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from rulebook.rules import Rules
from viche.ballots.actions import names_in
from viche.ballots.wording import ballot_limits
from viche.channels.paper.sheets.layout import MOST_IN_A_ROW, Words
from viche.communities.models import localised
from viche.contests.models import Contest


def words_of(contest: Contest, languages: Sequence[str], most: int) -> Words:
    """Everything that a sheet says beside the projects. languages: one or two, the first leads."""

    def each(say: Callable[[], str]) -> str:
        return " / ".join(dict.fromkeys(_in(languages, say)))

    classes = [group.id for group in contest.rules.size_classes]
    return Words(
        community=each(lambda: contest.community.title),
        contest=each(lambda: contest.name),
        heading=each(lambda: _("Ballot")),
        instructions=tuple(_in(languages, lambda: " ".join(instructions(contest, most)))),
        groups=tuple((name, each(partial(_group, contest.rules, name))) for name in classes),
        page=each(lambda: _("page {page} of {pages}")),
        specimen=each(lambda: _("Specimen")),
        stub=each(lambda: _("Control stub")),
        stub_signature=each(lambda: _("Given out by (name, signature)")),
        name=each(lambda: _("Name")),
        number=each(lambda: _("Tax number")),
        signature=each(lambda: _("Signature")),
        stand=(
            each(lambda: pgettext("on a printed ballot", "for")),
            each(lambda: pgettext("on a printed ballot", "against")),
        ),
    )  # fmt: skip


def _in(languages: Sequence[str], say: Callable[[], str]) -> list[str]:
    found = []
    for language in languages:
        with override(language):
            found.append(str(say()))
    return found


def _group(rules: Rules, name: str) -> str:
    """The title of a size class, with its own limit where there is one."""
    title = next(localised(dict(each.name)) for each in rules.size_classes if each.id == name)
    limit = rules.ballot.max_per_class.get(name)
    return title if limit is None else _("%(name)s: at most %(limit)d") % {"name": title, "limit": limit}


def instructions(contest: Contest, most: int) -> list[str]:
    """How to fill the sheet in, and what the rules allow, sentence by sentence, in the active language."""
    rules = contest.rules
    said = [_how(rules, most)]
    if limits := ballot_limits(rules, names_in(contest), currency=contest.currency):
        said.append(_("On one ballot: %s.") % "; ".join(limits))
    said.append(_("Use a pen and stay inside the box."))
    if rules.paper.is_named:
        said.append(_("Write your name and tax number and sign: a ballot without them is not counted."))
    else:
        said.append(
            _("Do not write your name. If you made a mistake, ask for another ballot and give this one back.")
        )
    return said


def _how(rules: Rules, most: int) -> str:
    kind = rules.ballot.kind
    if kind == "choose-1":
        return _("Put a mark in the box of the one project that you choose.")
    if kind == "plus-minus":
        return _("Mark “for” or “against” beside the projects that you have chosen; leave the others empty.")
    if kind == "ranking":
        if most <= MOST_IN_A_ROW:
            return _(
                "Mark 1 beside the project that you want most, 2 beside the next, and so on; each place once."
            )
        return _(
            "Mark the place of each project that you choose, 1 is best: one box for the tens, one for the units."
        )
    if kind == "points":
        if most <= MOST_IN_A_ROW:
            return _(
                "Beside each project that you choose, mark the box under the number of points that you give it."
            )
        return _(
            "Beside each project that you choose, mark its points: one box in each row, which are added up."
        )
    return _("Put a mark, such as a tick or a cross, in the box of each project that you choose.")
