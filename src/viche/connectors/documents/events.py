"""Events of outgoing documents: which of them, never to whom they go or what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.connectors.documents.models import Kind
from viche.journal.events import Event


@dataclass(frozen=True)
class DocumentEvent(Event):
    """Base. kind: one of models.Kind; ours: our outgoing number."""

    document: str
    kind: str
    ours: str

    sentence = ""
    about = "document:{document}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "kind": Kind(data["kind"]).label}


@dataclass(frozen=True)
class DocumentMade(DocumentEvent):
    """digest: SHA-256 of the PDF."""

    sentence = gettext_noop("Document No. %(ours)s is made: %(kind)s; its hash is %(digest)s")
    digest: str


@dataclass(frozen=True)
class DocumentHandedOver(DocumentEvent):
    """way: one of Dispatch.Way."""

    sentence = gettext_noop("Document No. %(ours)s is handed over: %(kind)s")
    way: str


@dataclass(frozen=True)
class DocumentRegistered(DocumentEvent):
    sentence = gettext_noop(
        "Document No. %(ours)s is registered as No. %(register_number)s of %(register_date)s: %(kind)s"
    )
    register_number: str
    register_date: str


@dataclass(frozen=True)
class RegistrySet(Event):
    """makes: the kinds that are made by themselves from now on."""

    sentence = gettext_noop("How outgoing documents are made was changed; made by themselves: %(makes)s")
    about = "registry:{community}"
    community: str
    makes: list[str]

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "makes": ", ".join(str(Kind(each).label) for each in data["makes"]) or "–"}
