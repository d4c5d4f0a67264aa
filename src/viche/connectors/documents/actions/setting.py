"""How a body makes its documents."""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.documents.events import RegistrySet
from viche.connectors.documents.guards import administrator_only
from viche.connectors.documents.models import Kind, Registry
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal


def held_registry(community: Community) -> Registry:
    """The registry of the body, locked: whoever holds it gives the next number. Only inside a transaction."""
    Registry.objects.get_or_create(community=community, defaults={"since": clock.now()})
    return Registry.objects.select_for_update(of=("self",)).get(community=community)


def set_registry(
    *, community: Community, organisation: str, executor: str, makes: Collection[str], since: datetime | None = None,
    revision: int, by: Actor,
) -> Registry:  # fmt: skip
    """Say how documents are made; locks the registry; journal: RegistrySet.

    makes: kinds that are made by themselves, from since (now) on. revision: that the official looked at, 0 for none
    yet. Refused: not_registrar, archived, bad_value (fields), changed_meanwhile.
    """
    administrator_only(community, by)
    faults = {}
    if not re.fullmatch(r"\d{8}", organisation.strip()):
        faults["organisation"] = _("The ЄДРПОУ of a body has eight digits.")
    if set(makes) - set(Kind.values):
        faults["makes"] = _("Choose from the kinds that are listed.")
    if faults:
        raise Refused("bad_value", _("Some fields need your attention."), fields=faults, status=422)
    with transaction.atomic():
        is_new = not Registry.objects.filter(community=community).exists()
        held = held_registry(community)
        if revision != (0 if is_new else held.revision):
            raise Refused(
                "changed_meanwhile",
                _("A colleague has changed these settings meanwhile: look at them again."),
            )
        if since is not None:
            held.since = since
        held.organisation, held.executor = organisation.strip(), " ".join(executor.split())[:200]
        held.makes, held.revision = [kind for kind in Kind.values if kind in set(makes)], held.revision + 1
        held.save()
        journal.append(
            RegistrySet(community=community.code, makes=held.makes), community=community.code,
            year=clock.year(), by=by,
        )  # fmt: skip
    return held
