"""Events of the body's website. Addresses, names of users and secrets stay out of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.connectors.website.models import TargetKind
from viche.journal.events import Event


@dataclass(frozen=True)
class PushTargetConnected(Event):
    """kind: a word of models.TargetKind."""

    sentence = gettext_noop("A site of the body was connected to which results are pushed: %(kind)s")
    about = "push:{target}"
    target: str
    kind: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        known = data["kind"] in TargetKind.values
        return {**data, "kind": str(TargetKind(data["kind"]).label) if known else data["kind"]}


@dataclass(frozen=True)
class PushTargetRemoved(PushTargetConnected):
    sentence = gettext_noop("Results are pushed no more to a site of the body: %(kind)s")


@dataclass(frozen=True)
class ResultsPushed(PushTargetConnected):
    """contest: its id. title: its address in the body's pages."""

    sentence = gettext_noop("The result of contest “%(title)s” was put on the site of the body: %(kind)s")
    contest: str
    title: str
