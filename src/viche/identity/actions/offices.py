"""Offices: given and ended."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import OfficeEnded, OfficeGranted
from viche.identity.models import PLATFORM, Office, Person, Role
from viche.journal import actions as journal

MAX_UNIT = 200


def grant_office(
    *, person: Person, community: Community | None, role: str, by: Actor, unit: str = ""
) -> Office:
    """Give an office; a second grant of the same is the same office; journal: OfficeGranted.

    community: None for the office of a platform administrator, and only for that. unit: the department or the
    service point, in words. Refused: not_administrator, not_platform, wrong_place (the role is not one of this
    place), bad_unit (too long).
    """
    if (community is None) != (role == Role.PLATFORM):
        raise Refused("wrong_place", _("This office is not given here."), status=422)
    if community is None:
        if not by.holds(Role.PLATFORM, community=PLATFORM):
            raise Refused("not_platform", _("Only an administrator of the platform may do this."), status=403)
    elif not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator gives offices."), status=403)
    check_unit(unit)
    with transaction.atomic():
        return write_office(
            person=person, community=community, role=role, unit=unit, granted_by=by.person_id, by=by
        )


def check_unit(unit: str) -> None:
    """Refused: bad_unit."""
    if len(unit.strip()) > MAX_UNIT:
        message = _("No more than %(limit)d letters, please.") % {"limit": MAX_UNIT}
        raise Refused("bad_unit", message, fields={"unit": message}, status=422)


def write_office(
    *,
    person: Person,
    community: Community | None,
    role: str,
    unit: str,
    granted_by: UUID | None,
    by: Actor | None,
) -> Office:
    """Write the office and its entry inside the caller's transaction; the right to give it was asked before."""
    office, is_new = Office.objects.get_or_create(
        person=person, community=community, role=Role(role).value, until=None,
        defaults={"granted_by_id": granted_by, "since": clock.now(), "unit": unit.strip()},
    )  # fmt: skip
    if is_new:
        journal.append(
            OfficeGranted(office=str(office.id), role=office.role),
            community=office.body_code, year=clock.year(), by=by,
        )  # fmt: skip
    return office


def _same_body(office: Office) -> dict[str, object]:
    return {"community": office.community_id} if office.community_id else {"community__isnull": True}


def end_office(*, office: Office, by: Actor) -> None:
    """End an office; locks the offices of its body; journal: OfficeEnded. An ended one stays as it is.

    Refused: not_administrator, not_platform, last_administrator (no body, nor the platform, is ever left without
    one).
    """
    if office.community is None:
        if not by.holds(Role.PLATFORM, community=PLATFORM):
            raise Refused("not_platform", _("Only an administrator of the platform may do this."), status=403)
    elif not by.holds(Role.ADMINISTRATOR, community=office.community.code):
        raise Refused("not_administrator", _("Only an administrator ends offices."), status=403)
    with transaction.atomic():
        # in the order of the key: two who end offices at once wait for each other and do not cross
        live = (
            Office.objects.select_for_update().filter(**_same_body(office), until__isnull=True).order_by("pk")
        )
        held = {each.id: each for each in live}
        if office.id not in held:
            return
        last = (Role.ADMINISTRATOR, Role.PLATFORM)
        if office.role in last and sum(each.role == office.role for each in held.values()) == 1:
            message = (
                _("The last administrator of the platform cannot be removed.")
                if office.role == Role.PLATFORM
                else _("The last administrator of a community cannot be removed.")
            )
            raise Refused("last_administrator", message)
        Office.objects.filter(pk=office.pk).update(until=clock.now())
        journal.append(
            OfficeEnded(office=str(office.id), role=office.role),
            community=office.body_code, year=clock.year(), by=by,
        )  # fmt: skip
