"""Legal texts published by a body, and consents given and withdrawn."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.consents.wording import CONSENT, KINDS, LANGUAGES
from viche.identity.events import LegalTextPublished
from viche.identity.models import Consent, LegalText, Person, Role
from viche.identity.queries import consent_of, text_in_force
from viche.journal import actions as journal

MAX_TEXT, MAX_CHANGES = 60_000, 500


def publish_text(
    *,
    community: Community,
    kind: str,
    text: Mapping[str, str],
    changes: str,
    asks_again: bool,
    seen: int,
    by: Actor,
) -> LegalText:
    """Publish a new version of a body's text. seen: the version it was written from. Journal: LegalTextPublished.

    Refused: not_administrator, unknown_kind, no_text (fields), no_changes, written_meanwhile, same_text.
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator publishes legal texts."), status=403)
    if kind not in KINDS:
        raise Refused("unknown_kind", _("There is no such text."), status=404)
    kept = {language: text.get(language, "").replace("\r\n", "\n").strip() + "\n" for language in LANGUAGES}
    faults = {
        language: [_("Write the text, at most %d characters.") % MAX_TEXT]
        for language, words in kept.items()
        if not 1 < len(words) <= MAX_TEXT
    }
    if not changes.strip() or len(changes) > MAX_CHANGES:
        faults["changes"] = [_("Say what is new: people read it.")]
    if faults:
        raise Refused("no_text", _("Some fields need your attention."), fields=faults, status=422)
    standing = text_in_force(community, kind)
    if standing is None or standing.version != seen:
        raise Refused(
            "written_meanwhile", _("Somebody has published another version meanwhile: look at it first.")
        )
    if digest(kept) == standing.digest:
        raise Refused("same_text", _("Nothing has changed in the text."), status=422)
    try:
        with transaction.atomic():
            made = LegalText.objects.create(
                community=community, kind=kind, version=seen + 1, text=kept, digest=digest(kept),
                changes=changes.strip(), asks_again=asks_again and kind == CONSENT, published_at=clock.now(),
                published_by_id=by.person_id,
            )  # fmt: skip
            journal.append(
                LegalTextPublished(text=kind, version=made.version, digest=made.digest),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "written_meanwhile", _("Somebody has published another version meanwhile: look at it first.")
        ) from None
    return made


def give_consent(*, person: Person, community: Community, channel: str, seen: int) -> Consent:
    """Record that the person agrees to the body's text of consent. seen: the version they read.

    The same version twice is once; a newer one ends the older consent. channel: "online", "desk". Locks the
    person. Refused: other_text.
    """
    text = text_in_force(community, CONSENT)
    if text is None or text.version != seen:
        raise Refused("other_text", _("The text has changed meanwhile: read it once more."))
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        standing = consent_of(person, community)
        if standing is not None:
            if standing.version == text.version:
                return standing
            standing.withdrawn_at = clock.now()
            standing.save(update_fields=["withdrawn_at"])
        return Consent.objects.create(
            person=person, community=community, version=text.version, digest=text.digest, channel=channel,
            given_at=clock.now(),
        )  # fmt: skip


def withdraw_consent(*, person: Person, community: Community) -> None:
    """Take the standing consent back; what was done before stays as the law says. Refused: no_consent."""
    changed = Consent.objects.filter(person=person, community=community, withdrawn_at=None).update(
        withdrawn_at=clock.now()
    )
    if not changed:
        raise Refused("no_consent", _("There is no consent to take back."), status=404)
