"""The queue of results on their way to the body's sites: one in flight a site, tried again with growing pauses."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from viche.connectors.website.events import ResultsPushed
from viche.connectors.website.models import Push, PushState, PushTarget
from viche.connectors.website.pushing.page import result_page
from viche.connectors.website.pushing.queries import site_of
from viche.connectors.website.pushing.sites import WAYS, SiteFault, Standing
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.outgoing import Unreachable
from viche.foundation.sealing import SealBroken
from viche.journal import actions as journal

log = logging.getLogger("viche.website")

# together a little over three days: a site that is down over a long weekend gets its page
PAUSES = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 30, 60, 120, 240))
ATTEMPTS = 24
# longer than any try takes
LEASE = timedelta(minutes=5)
ROUND_SECONDS = 60


def queue_pushes() -> int:
    """A push for every result published since a site was connected; how many are new.

    The publication of a result is written together with its journal entry ResultPublished, once and for good: what was
    queued for it is the cursor. The database lets one push a contest and site be: two workers queue it once.
    """
    now, fresh = clock.now(), []
    there = Push.objects.filter(
        target=OuterRef("pk"), contest=OuterRef("community__contests__publication__contest")
    )
    waiting = (
        PushTarget.objects.filter(
            community__archived_at__isnull=True,
            community__contests__publication__published_at__gte=F("connected_at"),
        )
        .annotate(contest_id=F("community__contests__publication__contest"), is_there=Exists(there))
        .filter(is_there=False)
    )
    for target in waiting:
        fresh.append(Push(target_id=target.pk, contest_id=target.contest_id, queued_at=now, next_at=now))
    return len(Push.objects.bulk_create(fresh, ignore_conflicts=True))


def send_pushes(*, most: int = 50) -> int:
    """Push what is due; how many arrived. Several workers share the queue: a push is taken by locking its site."""
    sent, begun = 0, time.monotonic()
    for _number in range(most):
        push = None if time.monotonic() - begun > ROUND_SECONDS else _taken()
        if push is None:
            break
        sent += _tried(push)
    return sent


def _taken() -> Push | None:
    """The next push that is due to a site with none in flight, marked as being sent."""
    now = clock.now()
    with transaction.atomic():
        in_flight = Push.objects.filter(target=OuterRef("pk"), state=PushState.SENDING, next_at__gt=now)
        due = Push.objects.filter(
            target=OuterRef("pk"), state__in=[PushState.QUEUED, PushState.SENDING], next_at__lte=now
        )
        target = (
            PushTarget.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            .filter(Exists(due), ~Exists(in_flight), community__archived_at__isnull=True)
            .order_by("pk")
            .first()
        )
        if target is None:
            return None
        # one whose worker died goes back into the queue
        Push.objects.filter(target=target, state=PushState.SENDING, next_at__lte=now).update(
            state=PushState.QUEUED, outcome="unfinished"
        )
        # asked again under the lock: another worker may have begun and committed while we looked
        if Push.objects.filter(target=target, state=PushState.SENDING).exists():
            return None
        push = (
            Push.objects.select_for_update(of=("self",))
            .filter(target=target, state=PushState.QUEUED, next_at__lte=now)
            .select_related("target__community__territory", "contest__community__territory")
            .order_by("next_at", "pk")
            .first()
        )
        if push is None:
            return None
        push.attempts += 1
        push.state, push.tried_at, push.next_at = PushState.SENDING, now, now + LEASE
        push.save(update_fields=["attempts", "state", "tried_at", "next_at"])
    return push


def _tried(push: Push) -> bool:
    """One try, outside of any transaction; whether the page stands there now."""
    target = push.target
    try:
        found = WAYS[target.kind].push(
            site_of(target, push.pk.hex), result_page(push.contest, target.site),
            Standing(push.remote, push.etag, push.link),
        )  # fmt: skip
        return _arrived(push, found)
    except SiteFault as fault:
        _put_back(push, fault.code, fault.status)
    except Unreachable as fault:
        _put_back(push, fault.code, None)
    except SealBroken:
        _mine(push).update(state=PushState.FAILED, outcome="seal_broken")
    except Exception:  # a fault of ours must not stop the rest of the queue
        log.exception("a result could not be pushed: %s", push.pk)
        _put_back(push, "fault", None)
    return False


def _mine(push: Push) -> QuerySet[Push]:
    """The row as this worker took it: another may have taken it since."""
    return Push.objects.filter(pk=push.pk, state=PushState.SENDING, attempts=push.attempts)


def _arrived(push: Push, found: Standing) -> bool:
    """The row and the journal's entry in one transaction; the entry at the first time only."""
    is_first = push.sent_at is None
    with transaction.atomic():
        is_mine = _mine(push).update(
            state=PushState.SENT, sent_at=clock.now(), outcome="ok", status=found.status, remote=found.remote,
            etag=found.etag, link=found.link,
        )  # fmt: skip
        if is_mine and is_first:
            contest = push.contest
            event = ResultsPushed(
                target=str(push.target_id), kind=push.target.kind, contest=str(contest.pk), title=contest.slug
            )
            journal.append(event, community=contest.community.code, year=clock.year(), by=SYSTEM)
    return bool(is_mine)


def _put_back(push: Push, code: str, status: int | None) -> None:
    if push.attempts >= ATTEMPTS:
        _mine(push).update(state=PushState.FAILED, outcome=code, status=status)
        return
    pause = PAUSES[min(push.attempts, len(PAUSES)) - 1]
    _mine(push).update(state=PushState.QUEUED, next_at=clock.now() + pause, outcome=code, status=status)
