"""What a visitor asks of a list of projects, and its one form as text: the query of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from viche.foundation.fields import MoneyField
from viche.projects.models import State

SORTS = ("fair", "cheap", "dear", "number", "new", "near")
# what people ask of: several states each
GROUPS = {
    "collecting": (_("collecting support"), (State.SIGNING,)),
    "reviewed": (_("under review or appeal"), (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.APPEALED)),
    "voted": (_("on the ballot"), (State.ADMITTED,)),
    "won": (_("winners, built or being built"), (State.FUNDED, State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)),
    "closed": (
        _("did not go on"),
        (State.NOT_SUPPORTED, State.REFUSED, State.MERGED, State.WITHDRAWN, State.NOT_FUNDED, State.SENT_BACK),
    ),
}  # fmt: skip
LONGEST = 120
Box = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class Filters:
    """What a visitor asked of the list. seed: the visitor's own fair order, kept in the address.

    state: a state or a key of GROUPS. category and kind: ids of the rules' categories and types. costs in kopiykas.
    near: (latitude, longitude) from which distances are measured. box: west, south, east, north. is_exact: words as
    they are typed, in no other form and with no correction.
    """

    text: str = ""
    size_class: str = ""
    category: str = ""
    kind: str = ""
    territory: str = ""
    state: str = ""
    min_cost: int | None = None
    max_cost: int | None = None
    with_pictures: bool = False
    near: tuple[Decimal, Decimal] | None = None
    box: Box | None = None
    is_exact: bool = False
    sort: str = "fair"
    seed: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the words of the search narrows the list."""
        return bool(
            self.size_class or self.category or self.kind or self.territory or self.state or self.with_pictures
            or self.box or self.min_cost is not None or self.max_cost is not None
        )  # fmt: skip

    @property
    def states(self) -> tuple[str, ...]:
        """The states that the filter stands for; empty where it narrows nothing."""
        if self.state in GROUPS:
            return tuple(str(state) for state in GROUPS[self.state][1])
        return (self.state,) if self.state else ()


# what narrows a list; order, page and the visitor's own place only arrange it
NAMES = ("area", "box", "exact", "kind", "max", "min", "pictures", "q", "size", "state", "type")


def canonical(values: Mapping[str, str]) -> str:
    """The filters of an address as text, always in one form: sorted, without what is empty or only arranges."""
    kept = [(name, " ".join(values.get(name, "").replace("\x00", "").split())[:LONGEST]) for name in NAMES]
    return urlencode([(name, value) for name, value in kept if value])


def query_string(filters: Filters) -> str:
    """The canonical text of filters: what filters_from reads back."""
    costs = {
        name: "" if cost is None else f"{cost // 100}.{cost % 100:02}".removesuffix(".00")
        for name, cost in (("min", filters.min_cost), ("max", filters.max_cost))
    }
    return canonical(
        {
            "q": filters.text, "size": filters.size_class, "type": filters.category, "kind": filters.kind,
            "area": filters.territory, "state": filters.state, **costs,
            "pictures": "1" if filters.with_pictures else "", "exact": "1" if filters.is_exact else "",
            "box": ",".join(format(each.normalize(), "f") for each in filters.box) if filters.box else "",
        }
    )  # fmt: skip


def filters_from(query: str, *, sort: str = "number") -> Filters:
    """The filters that a canonical text names; what means nothing narrows nothing."""
    found = dict(parse_qsl(query))
    return Filters(
        text=found.get("q", ""), size_class=found.get("size", ""), category=found.get("type", ""),
        kind=found.get("kind", ""), territory=found.get("area", ""), state=found.get("state", ""),
        min_cost=_kopiykas(found.get("min", "")), max_cost=_kopiykas(found.get("max", "")),
        with_pictures=bool(found.get("pictures")), is_exact=bool(found.get("exact")),
        box=box_from(found.get("box", "")), sort=sort,
    )  # fmt: skip


def _kopiykas(text: str) -> int | None:
    try:
        return MoneyField(required=False).clean(text)
    except ValidationError:
        return None


def _degrees(text: str, most: int) -> Decimal | None:
    """Degrees written out, six places at most; None for what is no place on the globe."""
    try:
        number = Decimal(text.strip()[:24])
    except InvalidOperation:
        return None
    return round(number, 6) if number.is_finite() and abs(number) <= most else None


def place_from(latitude: str, longitude: str) -> tuple[Decimal, Decimal] | None:
    """(latitude, longitude); None where it is no place."""
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    return None if north is None or east is None else (north, east)


def box_from(text: str) -> Box | None:
    """west,south,east,north; None for what is no box."""
    parts = text.split(",")
    if len(parts) != 4:
        return None
    first, second = place_from(parts[1], parts[0]), place_from(parts[3], parts[2])
    if first is None or second is None or first[0] > second[0] or first[1] > second[1]:
        return None
    return first[1], first[0], second[1], second[0]
