"""Who looked at whose personal data: for the person, for auditors, for the platform."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from viche.communities.models import Community
from viche.foundation.clock import KYIV
from viche.identity.models import Access, DataKind, Person, Role


@dataclass(frozen=True)
class Looked:
    """One look at somebody's data, as the person reads it: an office and a body, no name of the official.

    body: None for the platform. at: the last look, UTC; times: how many in a row. role, kind: codes, and their words.
    """

    role: str
    body: Community | None
    at: datetime
    kind: str
    times: int

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)

    @property
    def kind_name(self) -> str:
        return str(DataKind(self.kind).label)


def accesses_about(*, person: Person, number: int = 50) -> list[Looked]:
    """Who of the officials looked at the person's data, the latest first: role, body, moment (UTC), kind.

    Looks of people at their own data are left out. number: at most so many.
    """
    records = [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
    found = Access.objects.filter(people__overlap=records).exclude(official__in=records)
    rows = found.select_related("community__territory").order_by("-last_at", "-pk")[:number]
    return [Looked(each.role, each.community, each.last_at, each.kind, each.times) for each in rows]


def accesses_in(
    community: Community | None, *, official: str = "", kind: str = "", day: date | None = None
) -> QuerySet[Access]:
    """Looks on the pages of a body (None: of the platform itself), the latest first.

    official: reference of one official; kind: one of DataKind; day: of Kyiv, on which somebody looked. What is
    given and fits nothing finds nothing.
    """
    found = Access.objects.filter(community=community).select_related("official__merged_into")
    if official:
        try:
            reference = UUID(official)
        except ValueError:
            return found.none()
        found = found.filter(official__in=_records_of(reference))
    if kind:
        found = found.filter(kind=kind)
    if day is not None:
        begins = datetime.combine(day, time(), tzinfo=KYIV)
        # by days of the calendar: a day in which the clocks change has 23 or 25 hours
        ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=KYIV)
        found = found.filter(last_at__gte=begins, at__lt=ends)
    return found.order_by("-last_at", "-pk")


def _records_of(reference: UUID) -> list[UUID]:
    return [reference, *Person.objects.filter(merged_into=reference).values_list("pk", flat=True)]


def officials_who_looked(community: Community | None) -> list[Person]:
    """Everybody who looked at personal data here and whose rows are still kept, by name."""
    looked = Access.objects.filter(community=community).order_by().values("official").distinct()
    found = Person.objects.filter(pk__in=looked).select_related("merged_into")
    every = {(each.merged_into or each).pk: each.merged_into or each for each in found}
    return sorted(every.values(), key=lambda each: (each.family_name, each.given_name, each.pk))
