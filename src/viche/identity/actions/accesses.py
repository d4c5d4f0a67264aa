"""Writing down who of the officials looked at whose personal data."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from viche.communities.models import Community
from viche.foundation import clock
from viche.identity.models import Access, DataKind, Person

FOLDED = timedelta(minutes=10)
"""Looks at the same within this time of the first are one row with a count."""


def record_access(
    *, official: Person, community: Community | None, role: str, kind: str, page: str, record: str = "",
    people: Iterable[UUID] = (), number: int | None = None,
) -> Access:  # fmt: skip
    """Write down that an official was shown personal data; one look more of a row that is minutes old.

    people: references of those shown; number: how many at once where it is not the number of references. In its own
    transaction; no journal entry: the journal is for ever and public. Raises ValueError for an unknown kind.
    """
    same = {
        "official": official, "community": community, "role": role, "kind": DataKind(kind).value, "page": page,
        "record": record[:80], "people": sorted(set(people)),
    }  # fmt: skip
    same["number"] = len(same["people"]) or None if number is None else number  # type: ignore[arg-type]
    moment = clock.now()
    with transaction.atomic():
        # another look of the same moment may have a row of its own: nothing is lost by it
        row = (
            Access.objects.filter(**same, at__gt=moment - FOLDED, last_at__lte=moment).order_by("-at").first()
        )
        if row is None:
            return Access.objects.create(**same, at=moment, last_at=moment)
        Access.objects.filter(pk=row.pk).update(last_at=moment, times=F("times") + 1)
    return row


def delete_old_accesses() -> int:
    """Delete rows when the year after the year of the last look is over (Kyiv); how many.

    Term: Ombudsman's order 1/02-14 of 08.01.2014, typical procedure of processing personal data, section 3.
    """
    limit = datetime(clock.year() - 1, 1, 1, tzinfo=clock.KYIV)
    number, _models = Access.objects.filter(last_at__lt=limit).delete()
    return number
