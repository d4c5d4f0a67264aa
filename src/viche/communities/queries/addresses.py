"""The settlement of an address as banks and registers write it.

A wrong match would make somebody a member of a community they do not live in, so whatever fits several places fits
none: the candidates are told, and an operator decides.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz.distance import OSA

from viche.communities.codifier import search_form
from viche.communities.codifier.spellings import RUSSIAN_CITIES, RUSSIAN_REGIONS, outline
from viche.communities.models import SETTLEMENT_CATEGORIES, FormerName, Territory

EXACT, FORMER, RESPELLED, FUZZY = "exact", "former name", "respelled", "fuzzy"

ANY = "".join(SETTLEMENT_CATEGORIES)
# the word before or after a name, and the categories it may mean; banks still write смт for селище
KINDS = {
    "м": "MK", "місто": "MK", "г": "MK", "город": "MK", "с": "C", "село": "C", "смт": "TX", "пгт": "TX", "с-ще": "XT",
    "селище": "XT",
}  # fmt: skip
_KIND = "|".join(sorted(KINDS, key=len, reverse=True))
_BEFORE = re.compile(rf"({_KIND})(?:\.\s*|\s+)(\S.*)")
_AFTER = re.compile(rf"(\S.*?)\s+({_KIND})\.?")
_RAION = re.compile(r"(?:район|р-н)\.?\s+(\S.*)|(\S.*?)\s+(?:район|р-н)\.?")
_HROMADA = re.compile(
    r"(?:тг|отг|громада)\s+(\S.*)"
    r"|(\S.*?)\s+(?:(?:міська|сільська|селищна)\s+)?(?:територіальна\s+)?(?:громада|отг|тг|рада|с/р)"
)
_REGION = re.compile(r"(?:область|обл)\.?\s+(\S.*)|(\S.*?)\s+(?:область|обл)\.?")
_STREET = re.compile(
    r"(?:вул|вулиця|ул|просп|проспект|пр-т|пр|пров|провулок|бул|бульвар|б-р|пл|площа|буд|будинок|кв|квартира|узвіз)"
    r"(?:[.\s].*|)|україна|[\d\s/\-]+\w?"
)
_SHORT = re.compile(r"(\w{1,5})\.\s*(\S.*)")
_TOP_WORDS = re.compile(r"(?<!\w)(?:область|обл|місто|м|город|г)(?:\.|(?!\w))")
_DASH = re.compile(r"\s*[-‐‑‒–—−]\s*")
_LOOKALIKES = str.maketrans("aceiopxykmhtb", "асеіорхукмнтв")
SHORTEST_GUESS = 5


@dataclass(frozen=True)
class Match:
    """What an address names. territory: None where it fits none or several; these are the candidates.

    how: "exact", "former name", "respelled" (dashes, spaces, Russian or shortened spelling) or "fuzzy" (one letter
    amiss); empty where nothing fits.
    """

    territory: Territory | None = None
    candidates: tuple[Territory, ...] = ()
    how: str = ""


def territory_of_address(*, region: str, locality: str, district: str = "") -> Territory | None:
    """The one settlement of a written address, or None where the names fit none or several.

    region: «Полтавська», «Полтавська область», «м. Київ». locality: «Полтава», «м. Полтава», «с. Мачухи»; a district
    of the city may stand beside it, and is found then. district: the raion, also one of before 2020.
    """
    return address_match(region=region, locality=locality, district=district).territory


def address_match(*, region: str, locality: str, district: str = "") -> Match:
    """As territory_of_address, and how it was found, and what else it could be."""
    place = _fold(locality)
    written = _read(place)
    top = _region_named(_fold(region) or written.region)
    if top is None:
        return Match()
    hints = [*written.districts, *([_bare(_RAION, _fold(district))] if district.strip() else [])]
    if top.category == "K":
        own = [name for _kinds, name in written.names if name != top.search_name]
        russian = [RUSSIAN_CITIES.get(name) == top.search_name for name in own]
        if own and not any(russian) and len(own) == len(written.names):
            return Match()
        return Match(_part_of_city(top, hints), (), EXACT)
    for how, find in ((EXACT, _exactly), (FORMER, _formerly), (RESPELLED, _respelled), (FUZZY, _nearly)):
        for kinds, name in written.names:
            if found := find(top, kinds, name):
                return _settled(found, top, hints, written.hromadas, how)
    return Match()


def _fold(text: str) -> str:
    """Small letters, one apostrophe, one space; dashes without spaces; Latin letters that look Cyrillic are that."""
    text = _DASH.sub("-", search_form(text.replace("(", " ").replace(")", " ")))
    text = text.replace("селище міського типу", "смт")
    if re.search("[а-яіїєґ]", text):
        text = text.translate(_LOOKALIKES)
    return text.strip(" ,;.") if not _SHORT.fullmatch(text) else text


@dataclass
class _Written:
    """An address taken apart. names: (categories it may be, name), the likeliest first."""

    names: list[tuple[str, str]] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    hromadas: list[str] = field(default_factory=list)
    region: str = ""


def _bare(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text)
    return next((group for group in found.groups() if group), "") if found else text


def _read(place: str) -> _Written:
    written = _Written()
    plain: list[tuple[str, str]] = []
    for part in (part.strip() for part in re.split("[,;]", place)):
        if not part or _STREET.fullmatch(part):
            continue
        if found := _BEFORE.fullmatch(part):
            written.names.append((KINDS[found[1]], found[2]))
        elif _REGION.fullmatch(part):
            written.region = written.region or _bare(_REGION, part)
        elif _RAION.fullmatch(part):
            *before, last = _bare(_RAION, part).split(" ")
            written.districts.append(last if before else _bare(_RAION, part))
            if before:  # «Полтава Київський район»
                plain.append((ANY, " ".join(before)))
        elif _HROMADA.fullmatch(part):
            written.hromadas.append(_bare(_HROMADA, part))
            plain.append((ANY, part))
        else:
            plain.append((ANY, part))
            if found := _AFTER.fullmatch(part):
                plain.append((KINDS[found[2]], found[1]))
    written.names = written.names or plain
    # «Полтава, Київський район» written without its comma and with a kind before it
    for kinds, name in list(written.names):
        if (found := _RAION.fullmatch(name)) and " " in _bare(_RAION, name):
            city, _space, last = _bare(_RAION, name).rpartition(" ")
            written.names.append((kinds, city))
            written.districts.append(last)
    return written


def _region_named(text: str) -> Territory | None:
    name = " ".join(_TOP_WORDS.sub(" ", text).split())
    name = RUSSIAN_REGIONS.get(name, name)
    return (
        Territory.objects.filter(parent=None, category__in="OK", search_name=name).first() if name else None
    )


def _inside(top: Territory, kinds: str) -> Q:
    return Q(path__startswith=top.path, category__in=[*kinds])


def _exactly(top: Territory, kinds: str, name: str) -> list[Territory]:
    """Of the name; what was closed counts for its successor, so that two of a name stay two."""
    rows = Territory.objects.filter(_inside(top, kinds), search_name=name).select_related("successor")
    found = _alive(rows)
    if not found and kinds in {"C", "TX", "XT"}:  # «с.» is written for «селище» too
        found = _alive(
            Territory.objects.filter(_inside(top, "CTX"), search_name=name).select_related("successor")
        )
    return found


def _formerly(top: Territory, kinds: str, name: str) -> list[Territory]:
    # a village may have become a part of a city: the kind is that of its day
    found = Territory.objects.filter(
        _inside(top, ANY), pk__in=FormerName.objects.filter(search_name=name).values("territory_id")
    )
    return _alive(found.select_related("successor"))


def _respelled(top: Territory, kinds: str, name: str) -> list[Territory]:
    """Other dashes and spaces, a shortened first word, Latin letters, a city in its Russian spelling."""
    kept = _names_in(top)
    letters, outlined = _letters(name), outline(name)
    tests: list[Callable[[str, str, str], bool]] = [
        lambda own, latin, kind: kind in kinds and _letters(own) == letters
    ]
    if name.isascii():
        tests.append(lambda own, latin, kind: kind in kinds and latin == name)
    short = _SHORT.fullmatch(name)
    start, rest = (short[1], short[2]) if short else ("", "")
    if not short and kinds == "MK":  # «М. Перещепина» is no city, but «Мала Перещепина»
        start, rest = "м", name
    elif not short and kinds == "C":
        start, rest = "с", name
    if start:
        tests.append(lambda own, latin, kind: _is_short_for(own, start, rest))
    if "M" in kinds:
        russian = RUSSIAN_CITIES.get(name, "")
        tests.append(lambda own, latin, kind: kind == "M" and (own == russian or outline(own) == outlined))
    for fits in tests:
        codes = [code for code, own, latin, kind in kept if fits(own, latin, kind)]
        if codes:
            return _alive(Territory.objects.filter(pk__in=codes).select_related("successor"))
    former = FormerName.objects.filter(territory__path__startswith=top.path).values_list(
        "territory_id", "search_name"
    )
    codes = [
        code for code, own in former
        if _letters(own) == letters or ("M" in kinds and outline(own) == outlined)
    ]  # fmt: skip
    found = Territory.objects.filter(_inside(top, ANY), pk__in=codes)
    return _alive(found.select_related("successor"))


def _nearly(top: Territory, kinds: str, name: str) -> list[Territory]:
    """The one name a single letter away, where the next is three away; none where the name itself exists anywhere."""
    letters = _letters(name)
    if len(letters) < SHORTEST_GUESS:
        return []
    if Territory.objects.filter(search_name=name, category__in=ANY).exists():
        return []
    if FormerName.objects.filter(search_name=name).exists():
        return []
    near = {}
    for code, own, _latin, kind in _names_in(top):
        if kind in kinds and (away := OSA.distance(letters, _letters(own), score_cutoff=2)) <= 2:
            near.setdefault(_letters(own), (away, []))[1].append(code)
    if len(near) != 1:
        return []
    [(away, codes)] = near.values()
    return _alive(Territory.objects.filter(pk__in=codes).select_related("successor")) if away == 1 else []


def _names_in(top: Territory) -> list[tuple[str, str, str, str]]:
    inside = Territory.objects.filter(_inside(top, ANY))
    return list(inside.values_list("code", "search_name", "latin_name", "category"))


def _letters(name: str) -> str:
    return "".join(sign for sign in name if sign.isalnum())


def _is_short_for(own: str, start: str, rest: str) -> bool:
    first, space, others = own.replace("-", " ").partition(" ")
    return bool(space) and first.startswith(start) and first != start and others == rest.replace("-", " ")


def _alive(rows: Iterable[Territory]) -> list[Territory]:
    """Living territories: a closed one counts for its successor, or not at all."""
    living: dict[str, Territory] = {}
    for row in rows:
        end: Territory | None = row
        while end is not None and end.closed_at is not None:
            end = end.successor
        if end is not None:
            living[end.pk] = end
    return sorted(living.values(), key=lambda each: each.path)


def _settled(
    found: Sequence[Territory], top: Territory, districts: Sequence[str], hromadas: Sequence[str], how: str
) -> Match:
    fitting = list(found)
    if len(fitting) > 1:
        for path in _paths_meant(top, districts, hromadas):
            narrowed = [each for each in fitting if each.path.startswith(path)]
            fitting = narrowed or fitting
            if len(narrowed) == 1:
                break
    if len(fitting) != 1:
        return Match(None, tuple(fitting), how)
    only = fitting[0]
    return Match(_part_of_city(only, districts) if only.category in "MK" else only, (), how)


def _paths_meant(top: Territory, districts: Sequence[str], hromadas: Sequence[str]) -> list[str]:
    """Paths that the raion and hromada of the address may mean, the surest first.

    A raion of before 2020 is found by the hromada of its centre, which bears the same name in the feminine
    («Новосанжарський район», «Новосанжарська громада»), and stands for the raion that it lies in now. It held other
    hromadas too, so it is not narrowed to that one.
    """
    inside = Territory.objects.filter(path__startswith=top.path, closed_at__isnull=True)
    paths: list[str] = []
    for name in hromadas:
        paths += inside.filter(category="H", search_name=name).values_list("path", flat=True)
    for name in districts:
        renamed = FormerName.objects.filter(search_name=name).values("territory_id")
        raions = inside.filter(Q(search_name=name) | Q(pk__in=renamed), category="P")
        if known := list(raions.values_list("path", flat=True)):
            paths += known
            continue
        feminine = f"{name[:-2]}а" if name.endswith(("ий", "ій")) else name
        centre = inside.filter(category="H", search_name=feminine).select_related("parent").first()
        if centre is not None and centre.parent is not None:
            paths.append(centre.parent.path)
    return paths


def _part_of_city(city: Territory, districts: Sequence[str]) -> Territory:
    """The city district that stands beside the city; the city itself where none or several do."""
    wanted = [name for name in districts if name]
    if not wanted or (city.parent is not None and city.parent.parent is not None
                      and set(wanted) <= {city.parent.parent.search_name}):  # fmt: skip
        return city
    found = list(
        Territory.objects.filter(parent=city, category="B", search_name__in=wanted, closed_at__isnull=True)[
            :2
        ]
    )
    return found[0] if len(found) == 1 else city
