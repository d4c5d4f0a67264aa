"""Events of the open data's room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class DataTermsSet(Event):
    """community: the body's code. licence: the code of the licence that holds from now on."""

    sentence = gettext_noop("The body gives its open data away under the licence %(licence)s")
    about = "open-data:{community}"
    community: str
    licence: str
