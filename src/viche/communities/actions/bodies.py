"""A body is connected; its face."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from rulebook.lifecycle import ADMINISTRATOR
from viche.communities.events import (
    CommunityArchived,
    CommunityBranded,
    CommunityConnected,
    CommunityReaddressed,
    CommunityRestored,
    StaffDoorClosed,
    StaffDoorOpened,
)
from viche.communities.latin import slug_of
from viche.communities.models import OWN_CATEGORIES, Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.models import Entry

_HOST = re.compile(r"(?=.{4,120}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
RESERVED_SLUGS = frozenset(
    [
        "ui",
        "static",
        "media",
        "en",
        "uk",
        "api",
        "demo",
        "login",
        "logout",
        "identity",
        "my",
        "theme",
        "pages",
        "office",
        "admin",
        "health",
        "journal",
        "log",
        "privacy",
        "accessibility",
        "cookies",
        "terms",
        "contact",
        "about",
        "brand",
        "bodies",
        "robots",
        "www",
        "widgets",
        "feeds",
        "data",
        "reports",
        "oembed",
        "oauth",
        "static-copies",
        "regions",
        "mail",
        "connect",
        "platform",
        "invitation",
    ]
)


def _default_name(territory: Territory) -> dict[str, str]:
    latin = slug_of(territory.name).replace("-", " ").title()
    with translation.override("en"):
        return {"uk": territory.full_name, "en": f"{latin} {territory.get_category_display()}"}


def connect_community(*, code: str, slug: str = "", by: Actor, **face: Any) -> Community:
    """Connect the self-government body of a territory; journal: CommunityConnected.

    code: КАТОТТГ code. face: name, short_name, host, emblem (PNG bytes), brand_colour, website,
    contact_email, contact_phone, address. Refused: unknown_code, already_connected, bad_slug, slug_taken,
    bad_value.
    """
    territory = Territory.objects.filter(pk=code.strip().upper()).first()
    if territory is None:
        raise Refused(
            "unknown_code", _("The codifier has no territory with the code “%s”.") % code, status=404
        )
    if territory.closed_at is not None or territory.category in OWN_CATEGORIES:
        raise Refused("unknown_code", _("%s has no self-government body.") % territory.full_name, status=404)
    if hasattr(territory, "community"):
        raise Refused("already_connected", _("%s is already connected.") % territory.full_name)
    slug = slug or slug_of(territory.name)
    if slug in RESERVED_SLUGS:
        raise Refused("bad_slug", _("The address “%s” is reserved.") % slug, fields={"slug": slug})
    emblem = face.pop("emblem", None)
    community = Community(
        territory=territory,
        code=territory.code,
        slug=slug,
        connected_at=clock.now(),
        **({"name": _default_name(territory)} | face),
    )
    community.short_name = community.short_name or community.name
    _check(community)
    try:
        with transaction.atomic():
            community.save(force_insert=True)
            if emblem:
                community.emblem.save(f"{community.slug}.png", ContentFile(emblem), save=True)
            journal.append(
                CommunityConnected(code=territory.code, slug=slug),
                community=territory.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("slug_taken", _("The address “%s” is taken by another community.") % slug) from None
    return community


def _check(community: Community) -> None:
    try:
        community.full_clean(exclude=["emblem"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        code = "bad_slug" if name == "slug" else "bad_value"
        raise Refused(code, f"{name}: {messages[0]}", fields=error.message_dict, status=422) from None


def brand_community(*, community: Community, by: Actor, **face: Any) -> Community:
    """Change name, emblem, colours, contacts; locks the row; journal: CommunityBranded.

    Refused: not_administrator, bad_slug, bad_value.
    """
    if not by.holds(ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    with transaction.atomic():
        held = Community.objects.select_for_update().get(pk=community.pk)
        emblem = face.pop("emblem", None)
        changed = sorted(name for name, value in face.items() if getattr(held, name) != value)
        for name, value in face.items():
            setattr(held, name, value)
        _check(held)
        if emblem:
            held.emblem.save(f"{held.slug}.png", ContentFile(emblem), save=False)
            changed.append("emblem")
        if changed:
            held.save()
            journal.append(
                CommunityBranded(code=held.code, changed=", ".join(changed)),
                community=held.code, year=clock.year(), by=by,
            )  # fmt: skip
    return held


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


def is_readdressable(community: Community) -> bool:
    """Whether the address on the platform may still change: no contest was announced under it."""
    return not Entry.objects.filter(log__community=community.code, kind="ContestCreated").exists()


def readdress_community(*, community: Community, slug: str, host: str, by: Actor) -> Community:
    """Change the address on the platform and the body's own domain; locks the row; journal: CommunityReaddressed
    for the first, CommunityBranded for the second.

    Links that were published must not die: the address on the platform changes only before the first contest.

    Refused: not_administrator, bad_slug, slug_fixed, slug_taken, host_taken, bad_value.
    """
    _administrator_only(community, by)
    slug, wanted = slug.strip().lower(), host.strip().lower() or None
    try:
        with transaction.atomic():
            held = Community.objects.select_for_update().get(pk=community.pk)
            if slug != held.slug:
                if slug in RESERVED_SLUGS:
                    message = _("The address “%s” is reserved.") % slug
                    raise Refused("bad_slug", message, fields={"slug": message}, status=422)
                if not is_readdressable(held):
                    message = _("A contest was announced under this address: it cannot change any more.")
                    raise Refused("slug_fixed", message, fields={"slug": message})
            changed = {
                name for name, value in (("slug", slug), ("host", wanted)) if getattr(held, name) != value
            }
            if wanted and not _HOST.fullmatch(wanted):
                message = _("Write the domain only, for example budget.example.gov.ua.")
                raise Refused("bad_value", message, fields={"host": message}, status=422)
            if wanted and wanted in settings.PLATFORM_HOSTS:
                message = _("This is the domain of the platform itself.")
                raise Refused("host_taken", message, fields={"host": message})
            held.slug, held.host = slug, wanted
            _check(held)
            held.save(update_fields=["slug", "host"])
            if "slug" in changed:
                journal.append(
                    CommunityReaddressed(code=held.code, slug=slug),
                    community=held.code,
                    year=clock.year(),
                    by=by,
                )
            if "host" in changed:
                journal.append(
                    CommunityBranded(code=held.code, changed="host"),
                    community=held.code,
                    year=clock.year(),
                    by=by,
                )
    except IntegrityError as error:
        if "host" in str(error):
            message = _("The domain “%s” belongs to another community.") % host
            raise Refused("host_taken", message, fields={"host": message}) from None
        message = _("The address “%s” is taken by another community.") % slug
        raise Refused("slug_taken", message, fields={"slug": message}) from None
    return held


def admit_staff_from_above(*, community: Community, is_open: bool, by: Actor) -> None:
    """Open or close the door to officials of the bodies above; locks the row; journal: StaffDoorOpened or
    StaffDoorClosed. Nothing where it stands so already.

    Refused: not_administrator.
    """
    _administrator_only(community, by)
    with transaction.atomic():
        held = Community.objects.select_for_update().get(pk=community.pk)
        if held.inherits_staff == is_open:
            return
        held.inherits_staff = is_open
        held.save(update_fields=["inherits_staff"])
        event = StaffDoorOpened if is_open else StaffDoorClosed
        journal.append(event(code=held.code), community=held.code, year=clock.year(), by=by)


def archive_community(*, community: Community, decision: str, by: Actor) -> None:
    """The body leaves: its pages stay, no act is possible any more; locks the row; journal: CommunityArchived, the
    last entry of its log (a trigger refuses any other).

    Who may, and when, is asked by connectors.export, which knows the contests. Refused: archived (already).
    """
    with transaction.atomic():
        held = Community.objects.select_for_update().get(pk=community.pk)
        if held.archived_at is not None:
            raise Refused("archived", _("This body has already left the platform."))
        journal.append(
            CommunityArchived(code=held.code, decision=decision),
            community=held.code,
            year=clock.year(),
            by=by,
        )
        held.archived_at = clock.now()
        held.save(update_fields=["archived_at"])


def restore_community(*, community: Community, by: Actor) -> None:
    """An archived body comes back as it was; locks the row; journal: CommunityRestored. Nothing where it is here.

    Refused: not_platform.
    """
    if not by.holds("platform", community="platform"):
        raise Refused("not_platform", _("Only an administrator of the platform may do this."), status=403)
    with transaction.atomic():
        held = Community.objects.select_for_update().get(pk=community.pk)
        if held.archived_at is None:
            return
        held.archived_at = None
        held.save(update_fields=["archived_at"])
        journal.append(CommunityRestored(code=held.code), community=held.code, year=clock.year(), by=by)
