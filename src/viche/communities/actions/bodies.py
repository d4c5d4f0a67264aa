"""A body is connected; its face."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from rulebook.lifecycle import ADMINISTRATOR
from viche.communities.events import CommunityBranded, CommunityConnected
from viche.communities.latin import slug_of
from viche.communities.models import OWN_CATEGORIES, Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal

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
        "mail",
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
