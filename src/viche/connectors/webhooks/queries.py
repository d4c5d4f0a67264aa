"""Reads of webhooks."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from viche.communities.models import Community
from viche.connectors.webhooks.catalogue import BALLOT, chosen_kinds
from viche.connectors.webhooks.models import Cursor, Endpoint, Lane, Undelivered
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.models import Entry, Log
from viche.journal.queries import Line, entries_of, entry_at, line, logs_of


def endpoints_of(community: Community) -> QuerySet[Endpoint]:
    """The webhooks of a body, the oldest first."""
    return Endpoint.objects.filter(community=community).select_related("contest")


def endpoint_of(community: Community, reference: UUID) -> Endpoint | None:
    """One webhook of the body."""
    return endpoints_of(community).select_related("community__territory").filter(pk=reference).first()


def told_logs(community: Community) -> QuerySet[Log]:
    """The logs that webhooks are told of: the body's own. What came along closed from elsewhere is no news."""
    return logs_of(community.code).filter(foreign_origin="")


def due_endpoints() -> list[UUID]:
    """Active webhooks that something waits for now, whoever was asked longest ago first."""
    moment = clock.now()
    own = Log.objects.filter(community=OuterRef("community__code"), foreign_origin="", size__gt=0)
    new = own.exclude(pk__in=Cursor.objects.filter(endpoint=OuterRef(OuterRef("pk"))).values("log"))
    ahead = Cursor.objects.filter(endpoint=OuterRef("pk"), position__lt=F("log__size"))
    lanes = Lane.objects.filter(endpoint=OuterRef("pk"), next_at__lte=moment)
    asked = Undelivered.objects.filter(endpoint=OuterRef("pk"), asked_at__isnull=False)
    found = Endpoint.objects.filter(
        Q(Exists(ahead)) | Q(Exists(lanes)) | Q(Exists(asked)) | Q(Exists(new)),
        Q(hold_until__isnull=True) | Q(hold_until__lte=moment),
        state=Endpoint.State.ACTIVE, community__archived_at__isnull=True,
    )  # fmt: skip
    return list(found.order_by(F("last_at").asc(nulls_first=True)).values_list("pk", flat=True))


def wanted_entries(endpoint: Endpoint, log: Log, start: int, end: int, number: int) -> list[Entry]:
    """The next entries of the kinds that a webhook wants, of indices from start to before end, in their order."""
    found = entries_of(log).filter(index__gte=start, index__lt=end)
    words = list(endpoint.kinds)
    if not words:
        found = found.filter(sort_key__isnull=True)
    else:
        found = found.filter(kind__in=chosen_kinds(words))
        if BALLOT not in words:
            found = found.filter(sort_key__isnull=True)
    return list(found.order_by("index")[:number])


def entry_placed(log: Log, index: int) -> Entry | None:
    """The entry of an index of a log."""
    return entry_at(log, index)


@dataclass(frozen=True)
class Standing:
    """How a webhook stands. waiting: entries of the logs it has not been told yet, other kinds included."""

    waiting: int
    behind: int
    undelivered: int


def standing_of(endpoint: Endpoint) -> Standing:
    """How far a webhook is behind the logs."""
    positions = {each.log_id: each.position for each in endpoint.cursors.all()}
    logs: Iterable[Log] = told_logs(endpoint.community)
    waiting = sum(max(each.size - positions.get(each.pk, 0), 0) for each in logs)
    return Standing(waiting, endpoint.lanes.count(), endpoint.undelivered.count())


def lane_of(endpoint: Endpoint, reference: str) -> Lane | None:
    """A lane of the webhook that is behind."""
    if not reference.isdecimal() or len(reference) > 18:
        return None
    return endpoint.lanes.select_related("log").filter(pk=int(reference)).first()


@dataclass(frozen=True)
class Behind:
    """A contest that a receiver does not take now."""

    lane: Lane
    contest: Contest | None
    entry: Line | None

    @property
    def outcome(self) -> str:
        return self.lane.outcome


def lanes_of(endpoint: Endpoint) -> list[Behind]:
    """Lanes of the webhook that are behind, with the entry that each stands at."""
    lanes = list(endpoint.lanes.select_related("log").order_by("log__year", "key"))
    contests = {str(each.pk): each for each in Contest.objects.filter(pk__in=[x.key for x in lanes if x.key])}
    found = []
    for lane in lanes:
        entry = entry_placed(lane.log, lane.position)
        found.append(Behind(lane, contests.get(lane.key), line(entry) if entry else None))
    return found


def has_former_secret(endpoint: Endpoint) -> bool:
    """Whether a former secret signs still."""
    return endpoint.former_until is not None and endpoint.former_until > clock.now()


def undelivered_of(endpoint: Endpoint, number: int = 100) -> list[Undelivered]:
    """The first entries that were given up."""
    return list(endpoint.undelivered.select_related("log")[:number])
