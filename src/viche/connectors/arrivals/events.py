"""Events of arrivals."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class BodyArrived(Event):
    sentence = gettext_noop(
        "The body moved here from %(platform)s with %(contests)s contests; the hash of its archive is %(digest)s"
    )
    about = "arrival:{arrival}"
    arrival: str
    platform: str
    contests: int
    digest: str


@dataclass(frozen=True)
class ProjectsBrought(Event):
    sentence = gettext_noop(
        "%(number)s projects were brought from another platform (%(layout)s); the hash of the file is %(digest)s"
    )
    about = "contest:{contest}"
    contest: str
    layout: str
    number: int
    digest: str
