"""Reads of the integrity desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from viche.ballots.models import Annulment
from viche.ballots.traces import Trace, traces_of
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.identity.models import Person
from viche.identity.queries import is_uuid
from viche.integrity.models import Desk, Signal, SignalMark

# how long after the voting the rules still look: late paper, the commission's own checks
AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Evidence:
    """One vote of a signal with what is known around it, and its annulment where there is one."""

    trace: Trace
    annulment: Annulment | None


def desk_of(contest: Contest) -> Desk:
    """The contest's desk; an empty one where nothing was looked at yet."""
    return Desk.objects.filter(contest=contest).first() or Desk(
        contest=contest, community_id=contest.community_id
    )


def signals_of(contest: Contest) -> QuerySet[Signal]:
    """Alarms before the rest, the newest first, each with the number of its votes (`votes`) and its last decision."""
    found = Signal.objects.filter(contest=contest).annotate(votes=Count("marks"))
    return found.prefetch_related("decisions__decided_by")


def signal_in(contest: Contest, reference: UUID) -> Signal | None:
    return signals_of(contest).filter(pk=reference).first()


def evidence_of(signal: Signal) -> list[Evidence] | None:
    """The votes of a signal in the order of their moments; None where the keys are destroyed."""
    marks = set(SignalMark.objects.filter(signal=signal).values_list("participation", flat=True))
    # a declined proposal frees the mark: the one that stands counts
    found = Annulment.objects.filter(participation__in=marks).exclude(state=Annulment.State.DECLINED)
    annulments = {each.participation_id: each for each in found}
    try:
        traces = list(traces_of(signal.contest, marks))
    except keys.KeyMissing:
        return None
    return [Evidence(each, annulments.get(each.mark)) for each in traces]


def officials_named(references: Collection[str]) -> dict[str, str]:
    """Names of officials by their ids, for signals about an operator."""
    wanted = [UUID(each) for each in references if is_uuid(each)]
    return {str(each.pk): each.display_name for each in Person.objects.filter(pk__in=wanted)}


def watched_contests() -> Sequence[Contest]:
    """Contests with a box whose voting runs or ended not long ago."""
    now = clock.now()
    # one condition on one window: the other phases of a contest have ends of their own
    lasts = Q(windows__ends_at__isnull=True) | Q(windows__ends_at__gte=now - AFTER)
    found = Contest.objects.filter(
        lasts, box__public_key__isnull=False, windows__phase="voting", windows__starts_at__lte=now
    )
    return list(found.select_related("community__territory"))
