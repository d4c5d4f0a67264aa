"""Events of leaving."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class LeavingAsked(Event):
    sentence = gettext_noop("An administrator asked to leave the platform by the decision %(decision)s")
    about = "leaving:{leaving}"
    leaving: str
    decision: str


@dataclass(frozen=True)
class LeavingCancelled(LeavingAsked):
    sentence = gettext_noop("The body stays: leaving by the decision %(decision)s was taken back")


@dataclass(frozen=True)
class ExportAgreed(Event):
    sentence = gettext_noop("A second official agreed that the archive of all data of the body is taken")
    about = "export:{export}"
    export: str


@dataclass(frozen=True)
class DataExported(Event):
    sentence = gettext_noop("An archive of all data of the body was made; its hash is %(digest)s")
    about = "export:{export}"
    export: str
    digest: str
