"""Events of official reports: which one, under what number, and the hash of each file; never who signed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from viche.identity.models import Role
from viche.journal.events import Event
from viche.reports.official.kinds import KINDS


@dataclass(frozen=True)
class ReportEvent(Event):
    """Base. kind: a key of official.kinds.KINDS; ours: its number."""

    report: str
    kind: str
    ours: str

    sentence = ""
    about = "report:{report}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = KINDS.get(data["kind"])
        return {**data, "kind": str(kind.title) if kind is not None else data["kind"]}


@dataclass(frozen=True)
class ReportIssued(ReportEvent):
    """contest: its id. language: uk or en. digests: SHA-256 of each file by its form. facts: SHA-256 of what stands in
    it. office: of whoever asked for it.
    """

    sentence = gettext_noop(
        "Report No. %(ours)s is issued by the %(office)s: %(kind)s; its hashes are %(digests)s"
    )
    contest: str
    language: str
    digests: dict[str, str]
    facts: str
    office: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        office, digests = data["office"], data["digests"]
        named = dict(Role.choices).get(office, gettext("platform"))
        told = ", ".join(f"{form} {digest}" for form, digest in sorted(digests.items()))
        return {**super().words(data), "office": str(named), "digests": told}


@dataclass(frozen=True)
class ReportShown(ReportEvent):
    """is_public: whether everybody may read it from now on."""

    sentence = gettext_noop("Report No. %(ours)s is %(is_public)s: %(kind)s")
    is_public: bool

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        said = gettext("shown to everybody") if data["is_public"] else gettext("kept internal")
        return {**super().words(data), "is_public": said}


@dataclass(frozen=True)
class ReportSigned(ReportEvent):
    """digest: SHA-256 of the signed copy."""

    sentence = gettext_noop(
        "Report No. %(ours)s is signed by an official: %(kind)s; the hash of the copy is %(digest)s"
    )
    digest: str


@dataclass(frozen=True)
class ReportWithdrawn(ReportEvent):
    sentence = gettext_noop("Report No. %(ours)s is withdrawn: %(kind)s. %(reason)s")
    reason: str


@dataclass(frozen=True)
class LetterheadSet(Event):
    sentence = gettext_noop("The letterhead of the reports was changed; edition %(revision)s")
    about = "letterhead:{community}"
    community: str
    revision: int
