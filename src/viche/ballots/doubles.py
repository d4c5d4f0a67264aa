"""What the box says where two records of one person are made one, or one is erased (identity.actions)."""

from django.utils.translation import gettext as _

from viche.ballots.events import DoubleMarkFound
from viche.ballots.queries import mark_of, marks_of
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.models import Person
from viche.journal import actions as journal


def record_double_marks(*, kept: Person, gone: Person) -> None:
    """Say in the journal where two records of one person, about to be made one, have both a ballot in the box.

    A sealed ballot cannot be taken back without knowing whose it is: the commission learns of it and decides. Journal:
    DoubleMarkFound.
    """
    for mark in marks_of(gone):
        if mark_of(mark.contest, kept) is not None:
            journal.append(
                DoubleMarkFound(contest=str(mark.contest.id)),
                community=mark.contest.community.code, year=clock.year(), by=SYSTEM,
            )  # fmt: skip


def why_marks_keep(*, person: Person) -> list[str]:
    """While a voting in which the person has voted goes on, their numbers must stay: by them they vote once."""
    return [
        _("You have voted in “%(contest)s”: until the voting ends, your record keeps a second vote out.")
        % {"contest": mark.contest.name}
        for mark in marks_of(person)
        if not mark.contest.has_ended("voting")
    ]
