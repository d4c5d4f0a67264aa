"""Events of neighbours. Addresses, titles and secrets stay out of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.connectors.systems.kinds import kind_named
from viche.journal.events import Event


@dataclass(frozen=True)
class SystemConnected(Event):
    sentence = gettext_noop("Another system of the body was connected: %(kind)s")
    about = "system:{system}"
    system: str
    kind: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        known = kind_named(str(data["kind"]))
        return {**data, "kind": str(known.title) if known is not None else data["kind"]}


@dataclass(frozen=True)
class SystemChanged(SystemConnected):
    sentence = gettext_noop("The settings of a connected system were changed: %(kind)s")


@dataclass(frozen=True)
class SystemStopped(SystemConnected):
    sentence = gettext_noop("A connected system was switched off: %(kind)s")


@dataclass(frozen=True)
class SystemStarted(SystemConnected):
    sentence = gettext_noop("A connected system was switched on again: %(kind)s")


@dataclass(frozen=True)
class SystemRemoved(SystemConnected):
    sentence = gettext_noop("A connected system was removed: %(kind)s")
