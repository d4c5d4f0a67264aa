"""Legal texts in force, and who has agreed to them."""

from dataclasses import dataclass
from datetime import datetime

from rulebook.canonical import digest
from viche.communities.models import Community
from viche.identity.consents.wording import CONSENT, LANGUAGES, default_source
from viche.identity.models import Consent, LegalText, Person


@dataclass(frozen=True)
class TextInForce:
    """version 0 is the default text. text: {"uk", "en"}, Markdown with places for facts."""

    kind: str
    version: int
    text: dict[str, str]
    digest: str
    since: datetime | None = None
    changes: str = ""

    def in_language(self, language: str) -> str:
        return self.text.get(language[:2]) or self.text["uk"]


def default_text(kind: str) -> TextInForce:
    text = {language: default_source(kind, language) for language in LANGUAGES}
    return TextInForce(kind, 0, text, digest(text))


def text_in_force(community: Community | None, kind: str, version: int | None = None) -> TextInForce | None:
    """A body's text of the kind: the newest, or the version asked for (None where there is none such)."""
    rows = LegalText.objects.filter(community=community, kind=kind) if community is not None else None
    row = None
    if rows is not None and version != 0:
        row = (rows if version is None else rows.filter(version=version)).order_by("-version").first()
    if row is not None:
        return TextInForce(kind, row.version, dict(row.text), row.digest, row.published_at, row.changes)
    return default_text(kind) if version in (None, 0) else None


def text_versions(community: Community, kind: str) -> list[LegalText]:
    """What the body has published, the newest first."""
    return list(LegalText.objects.filter(community=community, kind=kind).order_by("-version"))


def consent_of(person: Person, community: Community) -> Consent | None:
    """The person's standing consent in the body."""
    return Consent.objects.filter(person=person, community=community, withdrawn_at=None).first()


def needs_consent(person: Person, community: Community) -> bool:
    """Whether to ask the person: never asked, taken back, or asked before a version that asks everybody anew."""
    standing = consent_of(person, community)
    if standing is None:
        return True
    asking = LegalText.objects.filter(
        community=community, kind=CONSENT, asks_again=True, version__gt=standing.version
    )
    return asking.exists()


def consents_of(person: Person) -> list[Consent]:
    """Every consent of the person, standing and withdrawn, the newest first."""
    return list(Consent.objects.filter(person=person).select_related("community__territory"))
