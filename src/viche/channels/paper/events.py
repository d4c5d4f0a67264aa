"""Events of paper that is entered; what is in the box is said by the box."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent


@dataclass(frozen=True)
class PaperRechecked(ContestEvent):
    """Every drawn sheet of a batch was looked at again."""

    sentence = gettext_noop(
        "Of a batch of paper ballots %(drawn)s drawn sheets were compared with the paper: %(same)s as entered, "
        "%(different)s not"
    )
    batch: str
    drawn: int
    same: int
    different: int
