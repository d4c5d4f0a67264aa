"""Two ballots of one person, found when two records of theirs are made one (identity.actions.merging)."""

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
