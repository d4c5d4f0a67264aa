"""Reads of the communities room."""

import re

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from viche.communities.codifier import search_form
from viche.communities.models import SETTLEMENT_CATEGORIES, Community, Territory

# kinds of territories as people write them beside a name
_KIND_WORDS = re.compile(
    r"(?<!\w)(?:(?:міська|сільська|селищна)\s+)?(?:територіальна\s+)?(?:громада|отг|тг)(?!\w)"
    r"|(?<!\w)(?:область|обл|район|р-н|місто|м|село|с|селище міського типу|смт|селище|с-ще)(?:\.|(?!\w))"
    r"|(?<!\w)(?:city|village|community|region|oblast|district|hromada)(?!\w)"
)


def communities_named(text: str) -> list[Community]:
    """Connected bodies whose own name in any language holds the words."""
    words = text.strip()
    if len(words) < 2:
        return []
    return list(
        connected_communities().filter(
            Q(name__uk__icontains=words) | Q(name__en__icontains=words)
            | Q(short_name__uk__icontains=words) | Q(short_name__en__icontains=words)
        )
    )  # fmt: skip


def community_by_slug(slug: str) -> Community | None:
    return Community.objects.select_related("territory").filter(slug=slug).first()


def community_by_host(host: str) -> Community | None:
    return Community.objects.select_related("territory").filter(host=host).first()


def connected_communities() -> QuerySet[Community]:
    return Community.objects.select_related("territory").order_by("territory__path")


def codes_above(territory: Territory) -> list[str]:
    """Codes from the region down to the territory itself."""
    return [code for code in territory.path.split("/") if code]


def communities_of(territory: Territory) -> QuerySet[Community]:
    """Connected bodies whose member a resident of the territory is, the broadest first."""
    return connected_communities().filter(territory__in=codes_above(territory))


def territories_named(text: str, *, limit: int = 20) -> list[Territory]:
    """Territories whose name begins with the words, exact names first, larger units first.

    Kinds may be written beside the name («Мачухівська громада», «село Мачухи»); Latin letters do too.
    """
    words = _KIND_WORDS.sub(" ", search_form(text)).split()
    query = " ".join(words)
    if not query:
        return []
    named = Q(search_name__startswith=query) | Q(latin_name__startswith=query)
    exact = Q(search_name=query) | Q(latin_name=query)
    rank = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    order = Case(
        *(When(category=category, then=Value(place)) for place, category in enumerate("KMHOBTXCP")),
        default=Value(9),
        output_field=IntegerField(),
    )
    found = Territory.objects.filter(named).select_related("parent__parent__parent__parent")
    return list(found.order_by(rank, order, "search_name", "code")[:limit])


def areas_of(territory: Territory) -> list[Territory]:
    """Territories a project of this body may name as its place, itself first.

    A city: its districts. A hromada: its settlements. A region: its hromadas.
    """
    wanted = {"O": ["H"], "P": ["H"], "H": list(SETTLEMENT_CATEGORIES), "M": ["B"], "K": ["B"]}.get(
        territory.category, []
    )
    inside = Territory.objects.filter(path__startswith=territory.path, category__in=wanted).exclude(
        pk=territory.pk
    )
    return [territory, *inside.order_by("name")]


# what stands around the name of a region: «Полтавська область», «обл. Полтавська», «м. Київ»
_REGION_WORDS = re.compile(r"(?<!\w)(?:область|обл|місто|м)(?:\.|(?!\w))")


def territory_of_address(*, region: str, locality: str) -> Territory | None:
    """The one settlement of a written address, or None where the names fit none or several.

    region: «Полтавська», «Полтавська область», «м. Київ». locality: «Полтава», «м. Полтава», «с. Мачухи».
    """
    place = search_form(locality).replace("селище міського типу", "смт")
    kinds = {
        "м": ["M", "K"], "місто": ["M", "K"], "с": ["C"], "село": ["C"], "смт": ["T", "X"],
        "с-ще": ["X", "T"], "селище": ["X", "T"],
    }  # fmt: skip
    wanted = list(SETTLEMENT_CATEGORIES)
    first, _dot, rest = place.replace(".", ". ").partition(" ")
    if rest and first.rstrip(".") in kinds:
        wanted, place = kinds[first.rstrip(".")], rest.strip()
    oblast = _REGION_WORDS.sub(" ", search_form(region)).strip()
    top = Territory.objects.filter(Q(category="O") | Q(category="K"), search_name=oblast).first()
    if top is None or not place:
        return None
    if top.category == "K":
        return top if place in {"", top.search_name} else None
    found = list(
        Territory.objects.filter(path__startswith=top.path, category__in=wanted, search_name=place)[:2]
    )
    return found[0] if len(found) == 1 else None
