"""Offices: given and ended."""

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import OfficeEnded, OfficeGranted
from viche.identity.models import Office, Person, Role
from viche.journal import actions as journal


def grant_office(*, person: Person, community: Community, role: str, by: Actor) -> Office:
    """Give an office; a second grant of the same is the same office; journal: OfficeGranted.

    Refused: not_administrator.
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator gives offices."), status=403)
    with transaction.atomic():
        office, is_new = Office.objects.get_or_create(
            person=person, community=community, role=Role(role).value, until=None,
            defaults={"granted_by_id": by.person_id, "since": clock.now()},
        )  # fmt: skip
        if is_new:
            journal.append(
                OfficeGranted(office=str(office.id), role=office.role),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    return office


def end_office(*, office: Office, by: Actor) -> None:
    """End an office; locks the community's offices; journal: OfficeEnded.

    Refused: not_administrator, last_administrator (a community is never left without one).
    """
    if not by.holds(Role.ADMINISTRATOR, community=office.community.code):
        raise Refused("not_administrator", _("Only an administrator ends offices."), status=403)
    with transaction.atomic():
        live = Office.objects.select_for_update().filter(community=office.community_id, until__isnull=True)
        held = {each.id: each for each in live}
        if office.id not in held:
            return
        administrators = [each for each in held.values() if each.role == Role.ADMINISTRATOR]
        if office.role == Role.ADMINISTRATOR and len(administrators) == 1:
            raise Refused("last_administrator", _("The last administrator of a community cannot be removed."))
        Office.objects.filter(pk=office.pk).update(until=clock.now())
        journal.append(
            OfficeEnded(office=str(office.id), role=office.role),
            community=office.community.code, year=clock.year(), by=by,
        )  # fmt: skip
