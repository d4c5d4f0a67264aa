"""Territories and connected bodies: by name, by code, one above the other."""

import re
from collections.abc import Collection

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Left

from viche.communities.codifier import search_form
from viche.communities.latin import alphabetical
from viche.communities.models import OWN_CATEGORIES, SETTLEMENT_CATEGORIES, Community, FormerName, Territory

# kinds of territories as people write them beside a name
_KIND_WORDS = re.compile(
    r"(?<!\w)(?:(?:міська|сільська|селищна)\s+)?(?:територіальна\s+)?(?:громада|отг|тг)(?!\w)"
    r"|(?<!\w)(?:старостинський\s+округ|мікрорайон)(?!\w)"
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


def community_by_code(code: str) -> Community | None:
    """The body that was connected under this code of the codifier."""
    return Community.objects.select_related("territory").filter(code=code).first()


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

    Kinds may be written beside the name («Мачухівська громада», «село Мачухи»); Latin letters do too, and so does a
    former name. A territory that was merged into another leads to the other.
    """
    words = _KIND_WORDS.sub(" ", search_form(text)).split()
    query = " ".join(words)
    if not query:
        return []
    begins = Q(search_name__startswith=query) | Q(latin_name__startswith=query)
    exact = Q(search_name=query) | Q(latin_name=query)
    former = FormerName.objects.filter(begins).values("territory_id")
    formerly_exact = FormerName.objects.filter(exact).values("territory_id")
    rank = Case(
        When(exact, then=Value(0)),
        When(pk__in=formerly_exact, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    order = Case(
        *(When(category=category, then=Value(place)) for place, category in enumerate("KMHOBTXCPSN")),
        default=Value(11),
        output_field=IntegerField(),
    )
    found = Territory.objects.filter(begins | Q(pk__in=former)).exclude(
        closed_at__isnull=False, successor__isnull=True
    )
    chain = "parent__parent__parent__parent__parent"
    rows = found.select_related(chain, f"successor__{chain}").order_by(rank, order, "search_name", "code")
    living = {each.pk: each for each in map(_living, rows[:limit])}
    return list(living.values())


def _living(territory: Territory) -> Territory:
    """The territory that took this one's place; itself while it is not closed."""
    while territory.successor is not None:
        territory = territory.successor
    return territory


def areas_of(territory: Territory) -> list[Territory]:
    """Territories a project of this body may name as its place, itself first.

    A city: its districts and its own parts. A hromada: its districts, each before its settlements, then the
    settlements that lie in none. A district: its settlements. A region: its hromadas.
    """
    wanted = {
        "O": ["H"], "P": ["H"], "H": ["S", *SETTLEMENT_CATEGORIES], "M": ["B", "N"], "K": ["B", "N"],
        "S": list(SETTLEMENT_CATEGORIES),
    }.get(territory.category, [])  # fmt: skip
    every = sorted(
        living_inside(territory).filter(category__in=wanted),
        key=lambda each: (alphabetical(each.name), each.code),
    )
    if territory.category != "H":
        return [territory, *every]
    found = [territory]
    for district in [each for each in every if each.category == "S"]:
        found += [district, *(each for each in every if each.parent_id == district.code)]
    placed = {each.code for each in found}
    return [*found, *(each for each in every if each.code not in placed)]


def territories_coded(codes: Collection[str]) -> dict[str, Territory]:
    """The territories of these codes, by code; what is none is left out."""
    return Territory.objects.in_bulk([code for code in codes if code])


def parts_of(territory: Territory) -> list[Territory]:
    """What the territory consists of, side by side: areas_of without itself and what lies in another of them."""
    inside = areas_of(territory)[1:]
    return [each for each in inside if not any(each != other and each.is_inside(other) for other in inside)]


def living_inside(territory: Territory) -> QuerySet[Territory]:
    """Everything that lies in the territory and is not closed, without itself."""
    return Territory.objects.filter(path__startswith=territory.path, closed_at__isnull=True).exclude(
        pk=territory.pk
    )


def own_districts(body: Territory) -> list[Territory]:
    """The districts that the body has drawn, with their settlements read along."""
    drawn = Territory.objects.filter(parent=body, category__in=OWN_CATEGORIES, closed_at__isnull=True)
    return list(drawn.prefetch_related("children").order_by("name", "code"))


def free_settlements(body: Territory) -> list[Territory]:
    """Settlements of the body that lie in none of its districts."""
    free = Territory.objects.filter(parent=body, category__in=SETTLEMENT_CATEGORIES, closed_at__isnull=True)
    return sorted(free, key=lambda each: (alphabetical(each.name), each.code))


def codes_from(territory: Territory) -> list[str]:
    """Codes by which rules may name the place, from the territory itself up to the region.

    After each code those of the closed territories whose place it took: frozen rules keep the codes of their day.
    """
    upwards = codes_above(territory)[::-1]
    before: dict[str, list[str]] = {}
    taken = (
        Territory.objects.filter(successor__in=upwards).order_by("code").values_list("successor_id", "code")
    )
    for heir, code in taken:
        before.setdefault(heir, []).append(code)
    return list(dict.fromkeys(each for code in upwards for each in (code, *before.get(code, []))))


LEVELS = {
    "region": "OK", "district": "P", "hromada": "H", "city": "MK", "city-district": "BN", "starosta-district": "S",
    "settlement": "MKTXC",
}  # fmt: skip
"""Categories of the levels that a class of projects may be for (rulebook SCOPES)."""


def is_of_level(territory: Territory, level: str) -> bool:
    """Whether the territory is of the level, or lies in one of it."""
    return Territory.objects.filter(pk__in=codes_above(territory), category__in=LEVELS[level]).exists()


def regions() -> list[Territory]:
    """The regions and the two special cities, by name."""
    found = Territory.objects.filter(parent=None, closed_at__isnull=True)
    return sorted(found, key=lambda each: alphabetical(each.name))


def region_at(code: str) -> Territory | None:
    return Territory.objects.filter(parent=None, closed_at__isnull=True, pk=code).first()


def bodies_inside(territory: Territory) -> QuerySet[Community]:
    """Connected bodies below this one, the broadest first, with those that have left."""
    return (
        connected_communities()
        .filter(territory__path__startswith=territory.path)
        .exclude(territory=territory)
    )


def bodies_by_region() -> dict[str, int]:
    """How many bodies are connected and have not left, by the code of their region."""
    rows = (
        Community.objects.filter(archived_at__isnull=True)
        .annotate(region=Left("territory__path", REGION_CODE))
        .values_list("region")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(rows)


BODY_LEVELS = {"region": "O", "district": "P", "hromada": "H", "city": "MK", "city-district": "B"}
"""Levels of connected bodies, and their categories."""

REGION_CODE = 19


def bodies_found(*, text: str = "", region: str = "", level: str = "") -> QuerySet[Community]:
    """Connected bodies that have not left, by the words of their own name or their territory's, region and level."""
    found = connected_communities().filter(archived_at__isnull=True)
    if region:
        found = found.filter(territory__path__startswith=f"{region}/")
    if level:
        found = found.filter(territory__category__in=BODY_LEVELS[level])
    if words := text.strip():
        query = search_form(words)
        named = (
            Q(name__uk__icontains=words)
            | Q(name__en__icontains=words)
            | Q(territory__search_name__contains=query)
        )
        former = FormerName.objects.filter(search_name__startswith=query).values("territory_id")
        found = found.filter(named | Q(territory__latin_name__contains=query) | Q(territory__in=former))
    return found


def hromadas_of(region: Territory) -> list[Territory]:
    """The hromadas of a region by raion and name, each with its raion and its connected body, where it has one."""
    found = living_inside(region).filter(category="H").select_related("parent", "community")
    return sorted(found, key=lambda each: (alphabetical(each.parent.name), alphabetical(each.name)))
