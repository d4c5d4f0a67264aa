"""A body draws its own districts: starosta districts of a hromada, parts of a city."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from rulebook.lifecycle import ADMINISTRATOR
from viche.communities.codifier import search_form
from viche.communities.events import DistrictClosed, DistrictDrawn, DistrictRedrawn
from viche.communities.holding import held_by
from viche.communities.latin import latin_form
from viche.communities.models import (
    OWN_CATEGORIES,
    SETTLEMENT_CATEGORIES,
    Category,
    Community,
    Territory,
)
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event

DRAWN_BY = {
    Category.HROMADA: Category.STAROSTA_DISTRICT,
    Category.CITY: Category.CITY_PART,
    Category.SPECIAL_CITY: Category.CITY_PART,
}
"""What a body of each kind may draw: a hromada starosta districts of its settlements (Law 280/97-ВР, article 54-1),
a city parts of its own."""


def draw_district(*, community: Community, name: str, settlements: Collection[str], by: Actor) -> Territory:
    """Draw a district; its settlements lie in it from now on, and so does everybody who belongs to them.

    settlements: their codes; a city's part has none. The code is the body's with "-1", "-2", … Locks the body's
    row and the settlements; journal: DistrictDrawn. Refused: not_administrator, no_districts, bad_district (fields).
    """
    _check_office(community, by)
    with transaction.atomic():
        body = _lock(community)
        category = DRAWN_BY[Category(body.category)]
        name = _checked_name(body, name)
        held = _free_settlements(body, category, settlements, None)
        number = Territory.objects.filter(code__startswith=f"{community.code}-").count() + 1
        code = f"{community.code}-{number}"
        district = Territory.objects.create(
            code=code, parent=body, category=category, name=name, search_name=search_form(name),
            latin_name=latin_form(name), path=f"{body.path}{code}/",
        )  # fmt: skip
        _put(held, district)
        _journal(
            community,
            by,
            DistrictDrawn(code=code, title=name, settlements=sorted(each.code for each in held)),
        )
    return district


def redraw_district(
    *, community: Community, district: Territory, name: str, settlements: Collection[str], by: Actor
) -> Territory:
    """Give a district another name or other settlements; the same locks; journal: DistrictRedrawn.

    Refused: not_administrator, no_districts, unknown_district, bad_district (fields).
    """
    _check_office(community, by)
    with transaction.atomic():
        body = _lock(community)
        drawn = _own_district(body, district.code)
        name = _checked_name(body, name, but=drawn.code)
        held = _free_settlements(body, Category(drawn.category), settlements, drawn)
        before = set(drawn.children.values_list("code", flat=True))
        after = {each.code for each in held}
        if drawn.name == name and before == after:
            return drawn
        _put(drawn.children.exclude(pk__in=after), body)
        _put([each for each in held if each.code not in before], drawn)
        drawn.name, drawn.search_name, drawn.latin_name = name, search_form(name), latin_form(name)
        drawn.save(update_fields=["name", "search_name", "latin_name"])
        _journal(community, by, DistrictRedrawn(code=drawn.code, title=name, settlements=sorted(after)))
    return drawn


def close_district(*, community: Community, district: Territory, by: Actor) -> Territory:
    """Close a district: its settlements lie in the body itself again. Its row and its code stay.

    The same locks; journal: DistrictClosed. Refused: not_administrator, no_districts, unknown_district, in_use
    (fields: pots of rules, projects, memberships that name it).
    """
    _check_office(community, by)
    with transaction.atomic():
        body = _lock(community)
        drawn = _own_district(body, district.code)
        if lines := held_by([drawn.code]).get(drawn.code):
            raise Refused(
                "in_use",
                _("%(name)s cannot be closed: something names it.") % {"name": drawn.full_name},
                fields={drawn.code: lines},
            )
        _put(drawn.children.all(), body)
        drawn.closed_at = clock.now()
        drawn.save(update_fields=["closed_at"])
        _journal(community, by, DistrictClosed(code=drawn.code, title=drawn.name))
    return drawn


def _check_office(community: Community, by: Actor) -> None:
    if not by.holds(ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


def _lock(community: Community) -> Territory:
    """The body's territory; its row and the body's are locked. An edition of the codifier waits, or is waited for."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE communities_territory IN ROW EXCLUSIVE MODE")
    held = Community.objects.select_for_update().get(pk=community.pk)
    body = Territory.objects.select_for_update(no_key=True).get(pk=held.territory_id)
    if held.archived_at is not None or body.category not in DRAWN_BY:
        raise Refused("no_districts", _("%s draws no districts of its own.") % body.full_name, status=404)
    return body


def _own_district(body: Territory, code: str) -> Territory:
    found = (
        Territory.objects.select_for_update()
        .filter(pk=code, parent=body, category__in=OWN_CATEGORIES, closed_at__isnull=True)
        .first()
    )
    if found is None:
        raise Refused("unknown_district", _("The community has no such district."), status=404)
    return found


def _refuse(**fields: str) -> Refused:
    return Refused("bad_district", _("Some fields need your attention."), fields=fields, status=422)


def _checked_name(body: Territory, name: str, *, but: str = "") -> str:
    name = " ".join(name.replace("'", "’").split())
    if not 2 <= len(name) <= 120:
        raise _refuse(name=_("Give the district a name of 2 to 120 letters."))
    same = Territory.objects.filter(
        parent=body, category__in=OWN_CATEGORIES, search_name=search_form(name), closed_at__isnull=True
    )
    if same.exclude(pk=but).exists():
        raise _refuse(name=_("Another district of the community bears this name."))
    return name


def _free_settlements(
    body: Territory, category: Category, codes: Collection[str], drawn: Territory | None
) -> list[Territory]:
    """The settlements, locked; each lies in the body itself or in the district that is being redrawn."""
    if category == Category.CITY_PART:
        if codes:
            raise _refuse(settlements=_("A part of a city has no settlements."))
        return []
    if not codes:
        raise _refuse(settlements=_("Choose at least one settlement."))
    found = list(
        Territory.objects.select_for_update()
        .filter(
            pk__in=codes,
            path__startswith=body.path,
            category__in=SETTLEMENT_CATEGORIES,
            closed_at__isnull=True,
        )
        .order_by("code")
    )
    if len(found) != len(set(codes)):
        raise _refuse(settlements=_("Choose settlements of the community."))
    allowed = {body.code} | ({drawn.code} if drawn else set())
    if taken := [each.full_name for each in found if each.parent_id not in allowed]:
        raise _refuse(settlements=_("Already in another district: %s.") % ", ".join(taken))
    return found


def _put(settlements: Any, under: Territory) -> None:
    """Move settlements and all that lies in them under another territory."""
    for settlement in list(settlements):
        before, after = settlement.path, f"{under.path}{settlement.code}/"
        inside = list(Territory.objects.select_for_update().filter(path__startswith=before))
        for each in inside:
            each.path = after + each.path[len(before) :]
            if each.pk == settlement.pk:
                each.parent = under
        Territory.objects.bulk_update(inside, ["path", "parent"])


def _journal(community: Community, by: Actor, event: Event) -> None:
    journal.append(event, community=community.code, year=clock.year(), by=by)
