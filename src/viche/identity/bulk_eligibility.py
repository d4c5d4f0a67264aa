"""May these people vote here? The checks of eligibility for thousands at once: few queries whatever their number.

Somebody is told by the keyed token of a number. Who never identified here but stands in the community's imported
register is judged by that: a resident whose tax number tells the age.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from rulebook.register import token as register_token
from rulebook.rules import Eligibility
from viche.communities.models import Community
from viche.foundation import keys
from viche.identity.eligibility import obstacles_of
from viche.identity.models import (
    Citizenship,
    Identification,
    Identifier,
    Membership,
    Person,
    RegisterRow,
    RegisterState,
)
from viche.identity.models.memberships import REGISTER
from viche.identity.queries.memberships import counting_on, day_of
from viche.identity.queries.people import NUMBERS


@dataclass(frozen=True)
class Named:
    """A number as it was read: its kind and keyed token; the number itself of a tax number, for the register."""

    kind: str
    token: bytes = field(repr=False)
    number: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Standing:
    """tokens: of all numbers of the person, as queries.number_tokens gives them. codes: of the obstacles, none where
    they may vote. territory: their own part of the community. is_known: somebody identified with the number.
    """

    tokens: tuple[bytes, ...]
    codes: tuple[str, ...]
    territory: str
    is_known: bool


@dataclass
class Known:
    """Facts of somebody (eligibility.Facts), read beforehand."""

    birth_date: date | None
    has_number: bool = False
    citizenship: str = ""
    members: list[Membership] = field(default_factory=list)
    is_address_unknown: bool = False
    has_address: bool = False

    def age_on(self, day: date) -> int | None:
        """Full years on the day."""
        return Person(birth_date=self.birth_date).age_on(day)


def standings(
    *, named: Sequence[Named], community: Community, rule: Eligibility, moment: datetime, channel: str
) -> list[Standing]:
    """Of each number whose it is and whether they may vote in the community's contest; in the order of the numbers."""
    people = _people_of(named)
    facts, tokens = facts_of(set(people.values()), community, moment), _tokens(set(people.values()))
    strangers = [each for each in named if (each.kind, each.token) not in people]
    listed = _listed(strangers, community)
    found = []
    for each in named:
        person = people.get((each.kind, each.token))
        known = facts[person] if person is not None else _stranger(each, listed.get(each.token, []))
        codes = tuple(
            obstacle.code
            for obstacle in obstacles_of(
                known, territory=community.territory, rule=rule, moment=moment, channel=channel
            )
        )
        place = known.members[0].territory_id if known.members else ""
        own = tuple(tokens[person]) if person is not None else (each.token,)
        found.append(Standing(own, codes, place, person is not None))
    return found


def facts_of(people: Collection[UUID], community: Community, moment: datetime) -> dict[UUID, Known]:
    """The facts of many people as eligibility asks them, in the community at the moment."""
    territory, wanted = community.territory, list(people)
    born = Person.objects.filter(pk__in=wanted).values_list("pk", "birth_date")
    facts = {person: Known(birth_date) for person, birth_date in born}
    numbered = Identifier.objects.filter(
        Q(kind="tax") | Q(kind="passport", is_marked=True), person__in=wanted
    )
    for person in numbered.values_list("person_id", flat=True):
        facts[person].has_number = True
    live = Membership.objects.filter(person__in=wanted, until__isnull=True)
    for person in live.filter(granted_in__isnull=True).values_list("person_id", flat=True):
        facts[person].has_address = True
    counting = live.filter(counting_on(day_of(moment))).order_by("pk")
    for member in counting.select_related("territory", "granted_in__territory"):
        is_here = member.territory.is_inside(territory)
        if is_here and (member.granted_in is None or member.granted_in.territory.is_inside(territory)):
            facts[member.person_id].members.append(member)
    records = Citizenship.objects.filter(person__in=wanted, until__isnull=True)
    for record in records.select_related("granted_in__territory").order_by("-since"):
        counts = record.granted_in is None or record.granted_in.territory.is_inside(territory)
        if counts and not facts[record.person_id].citizenship:
            facts[record.person_id].citizenship = record.status
    latest = Identification.objects.filter(person__in=wanted).order_by("person", "-at").distinct("person")
    for person, is_unknown in latest.values_list("person_id", "is_address_unknown"):
        facts[person].is_address_unknown = is_unknown
    return facts


def _people_of(named: Iterable[Named]) -> dict[tuple[str, bytes], UUID]:
    by_kind: dict[str, list[bytes]] = defaultdict(list)
    for each in named:
        by_kind[each.kind].append(each.token)
    found: dict[tuple[str, bytes], UUID] = {}
    for kind, tokens in by_kind.items():
        rows = Identifier.objects.filter(kind=kind, token__in=tokens).values_list("token", "person_id")
        found |= {(kind, bytes(token)): person for token, person in rows}
    return found


def _tokens(people: Collection[UUID]) -> Mapping[UUID, list[bytes]]:
    """queries.number_tokens of many people."""
    rows = (
        Identifier.objects.filter(person__in=list(people))
        .order_by("pk")
        .values_list("person_id", "kind", "token")
    )
    found: dict[UUID, list[bytes]] = defaultdict(list)
    for person, _kind, token in sorted(rows, key=lambda row: NUMBERS.index(row[1])):
        found[person].append(bytes(token))
    return found


def _listed(named: Sequence[Named], community: Community) -> dict[bytes, list[Membership]]:
    """What the community's imported register says of people who never identified, by the token of their number."""
    key = keys.register_key(community.code)
    marks = {
        keys.register_mark(community.code, bytes.fromhex(register_token(key, each.number))): each.token
        for each in named
        if each.number
    }
    rows = RegisterRow.objects.filter(
        mark__in=list(marks), register__community=community, register__state=RegisterState.CURRENT
    ).select_related("territory")
    found: dict[bytes, list[Membership]] = defaultdict(list)
    for row in rows:
        member = Membership(
            territory=row.territory, basis=row.basis, source=REGISTER, evidence="residence-register",
            granted_in=community,
        )  # fmt: skip
        found[marks[bytes(row.mark)]].append(member)
    return found


def _stranger(named: Named, members: list[Membership]) -> Known:
    return Known(named.birth_date, has_number=named.kind == "tax", members=members, has_address=bool(members))
