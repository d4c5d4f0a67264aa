"""Writes of the report designer: reports kept, shown to everybody, and sent by letter.

A designed report decides nothing and shows public facts only, so the journal says nothing of it.
"""

import logging
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.messages.channels import CHANNELS, NotSent, Undeliverable
from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.reports.designing.calendar import MONTH, WEEK, next_moment
from viche.reports.designing.cube import Cube
from viche.reports.designing.definition import Definition
from viche.reports.designing.letters import letter_of
from viche.reports.designing.models import DesignedReport, ReportReader, ReportSchedule
from viche.reports.designing.queries import possible_readers

logger = logging.getLogger(__name__)

MOST, LONGEST_TITLE, MOST_PUBLIC = 100, 200, 12
ATTEMPTS = 5
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 120))
MOST_AT_ONCE = 50


def save_report(
    *, community: Community, definition: Definition, title: Mapping[str, str], by: Actor,
    report: DesignedReport | None = None,
) -> DesignedReport:  # fmt: skip
    """Keep a new report, or change a kept one. Locks the body's row; no journal entry.

    title: {"uk", "en"}; an empty one is made of what is counted. Refused: not_administrator, archived, bad_definition
    (its fields), bad_title, too_many_reports.
    """
    _administrator_only(community, by)
    definition.checked()
    words = _titled(community, definition, title)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        now = clock.now()
        if report is not None:
            held = (
                DesignedReport.objects.select_for_update().filter(pk=report.pk, community=community).first()
            )
            if held is None:
                raise _gone()
            held.title, held.definition, held.changed_at = words, definition.document(), now
            held.save(update_fields=["title", "definition", "changed_at"])
            return held
        if DesignedReport.objects.filter(community=community).count() >= MOST:
            said = _("No more than %(limit)d reports, please: delete one that is not needed.") % {
                "limit": MOST
            }
            raise Refused("too_many_reports", said)
        return DesignedReport.objects.create(
            community=community, slug=_free_slug(community, definition), title=words,
            definition=definition.document(), made_by_id=by.person_id, made_at=now, changed_at=now,
        )  # fmt: skip


def _titled(community: Community, definition: Definition, title: Mapping[str, str]) -> dict[str, str]:
    """Titles without spaces too many, in every language; one that is not written is made."""
    found, cube = {}, None
    for language, _name in settings.LANGUAGES:
        words = " ".join(title.get(language, "").split())
        if len(words) > LONGEST_TITLE:
            said = _("No more than %(limit)d letters, please.") % {"limit": LONGEST_TITLE}
            raise Refused("bad_title", said, fields={f"title_{language}": said}, status=422)
        if not words:
            cube = cube or Cube(community)
            with translation.override(language):
                words = cube.title(definition)
        found[language] = words
    return found


def _free_slug(community: Community, definition: Definition) -> str:
    """An address that says what is counted, with a number where it is taken."""
    words = [definition.measure, "by", definition.rows.removeprefix("turnout-by-"), definition.columns]
    wanted = "-".join(word for word in words if word).replace("_", "-")[:70]
    taken = set(DesignedReport.objects.filter(community=community).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def publish_report(*, report: DesignedReport, is_on_contests: bool, by: Actor) -> None:
    """Show a report to everybody, is_on_contests: on the figures' pages of its contests too. Locks the body's row.

    Refused: not_administrator, archived, not_found, too_many_public.
    """
    _administrator_only(report.community, by)
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=report.community_id)
        held = _held(report)
        others = DesignedReport.objects.filter(community=report.community_id, is_public=True).exclude(
            pk=held.pk
        )
        if others.count() >= MOST_PUBLIC:
            said = _("No more than %(limit)d reports are shown at once: hide one first.") % {
                "limit": MOST_PUBLIC
            }
            raise Refused("too_many_public", said)
        held.is_public, held.is_on_contests = True, is_on_contests
        held.save(update_fields=["is_public", "is_on_contests"])


def hide_report(*, report: DesignedReport, by: Actor) -> None:
    """Show a report to officials only. Refused: not_administrator, archived, not_found."""
    _administrator_only(report.community, by)
    with transaction.atomic():
        held = _held(report)
        held.is_public = held.is_on_contests = False
        held.save(update_fields=["is_public", "is_on_contests"])


def delete_report(*, report: DesignedReport, by: Actor) -> None:
    """Forget a report with its schedule. One that is gone already is no fault. Refused: not_administrator, archived."""
    _administrator_only(report.community, by)
    DesignedReport.objects.filter(pk=report.pk).delete()


def plan_report(
    *, report: DesignedReport, every: str, day: int, hour: int, form: str, readers: Collection[UUID], base: str,
    by: Actor,
) -> ReportSchedule:  # fmt: skip
    """Send a report to officials from the next period on. Locks the report; who is a reader already stays one, and a
    letter that is due already is sent.

    readers: ids of officials of the body who have a confirmed e-mail address. base: address of the site. Refused:
    not_administrator, archived, not_found, bad_schedule (its fields).
    """
    _administrator_only(report.community, by)
    allowed = {person.pk for person, address in possible_readers(report.community) if address is not None}
    faults = {}
    if every not in ReportSchedule.Every.values:
        faults["every"] = _("Choose how often.")
    if not 1 <= day <= {WEEK: 7, MONTH: 31}.get(every, 31):
        faults["day"] = _("There is no such day.")
    if not 0 <= hour <= 23:
        faults["hour"] = _("There is no such hour.")
    if form not in ReportSchedule.Form.values:
        faults["form"] = _("Choose a form.")
    if not readers or not set(readers) <= allowed:
        faults["readers"] = _("Choose officials with a confirmed e-mail address.")
    if faults:
        raise Refused("bad_schedule", next(iter(faults.values())), fields=faults, status=422)
    with transaction.atomic():
        held = _held(report)
        now = clock.now()
        former = ReportSchedule.objects.select_for_update().filter(report=held).first()
        if former is not None and former.next_at <= now:
            _queue(former, now)
        facts = {"every": every, "day": day, "hour": hour}
        is_same = former is not None and all(getattr(former, name) == value for name, value in facts.items())
        next_at = former.next_at if former is not None and is_same else next_moment(now, **facts)
        schedule, _is_new = ReportSchedule.objects.update_or_create(
            report=held, defaults={**facts, "form": form, "base": base[:200], "next_at": next_at}
        )
        schedule.readers.exclude(person__in=readers).delete()
        kept = set(schedule.readers.filter(left_at=None).values_list("person_id", flat=True))
        for person in set(readers) - kept:
            ReportReader.objects.update_or_create(
                schedule=schedule,
                person_id=person,
                defaults={"nonce": secrets.token_bytes(32), "left_at": None},
            )
    return schedule


def cancel_schedule(*, report: DesignedReport, by: Actor) -> None:
    """Send a report to nobody any more. Refused: not_administrator, archived."""
    _administrator_only(report.community, by)
    ReportSchedule.objects.filter(report=report.pk).delete()


def end_reading(*, reader: ReportReader) -> None:
    """Whoever has the secret link wants the report no more. A second time changes nothing. Refused: nothing."""
    ReportReader.objects.filter(pk=reader.pk, left_at=None).update(left_at=clock.now(), due_at=None)


def queue_reports() -> int:
    """Give the readers of every schedule that is due a letter of this period; how many. What was missed while nothing
    ran is sent once. Locks one schedule after the other; its next period is written in the same transaction, so no
    second worker and no second run queues this one again. Refused: nothing.
    """
    queued = 0
    due = ReportSchedule.objects.filter(next_at__lte=clock.now(), report__community__archived_at=None)
    for reference in list(due.order_by("next_at").values_list("pk", flat=True)):
        with transaction.atomic():
            now = clock.now()
            schedule = (
                ReportSchedule.objects.select_for_update().filter(pk=reference, next_at__lte=now).first()
            )
            if schedule is None:
                continue
            queued += _queue(schedule, now)
    return queued


def _queue(schedule: ReportSchedule, now: datetime) -> int:
    """A letter of the period that is due for each reader of a locked schedule, which waits for the next one then."""
    queued = schedule.readers.filter(left_at=None).update(due_at=schedule.next_at, retry_at=now, attempts=0)
    schedule.next_at = next_moment(now, every=schedule.every, day=schedule.day, hour=schedule.hour)
    schedule.save(update_fields=["next_at"])
    return queued


def send_reports(*, most: int = MOST_AT_ONCE) -> int:
    """Send the letters that wait; how many left. Refused: nothing.

    A letter is claimed before it is sent, in a transaction of its own: a worker that dies while sending leaves it
    claimed, and nobody gets one twice. A mail server that takes nothing now is tried again, a few times.
    """
    sent = 0
    for _number in range(most):
        claimed = _claimed()
        if claimed is None:
            break
        try:
            sent += _sent(claimed)
        except NotSent as error:
            _put_back(claimed, str(error))
        except Undeliverable as error:
            _fail(claimed, str(error))
        except Refused as refused:
            _fail(claimed, str(refused.message))
        except Exception as error:
            logger.exception("a report could not be put together: %s", claimed.pk)
            _fail(claimed, f"fault: {type(error).__name__}")
    return sent


def _claimed() -> ReportReader | None:
    """The next letter that waits, taken out of the queue. due_at of what is returned is the period."""
    with transaction.atomic():
        found = (
            ReportReader.objects.filter(due_at__isnull=False, retry_at__lte=clock.now(), left_at=None)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("schedule__report__community__territory", "person")
            .order_by("retry_at", "pk")
            .first()
        )
        if found is None:
            return None
        found.attempts += 1
        found.begun_at = clock.now()
        ReportReader.objects.filter(pk=found.pk).update(
            due_at=None, begun_at=found.begun_at, attempts=found.attempts, fault=""
        )
    return found


def _sent(reader: ReportReader) -> bool:
    """Send now. False where this official is none any more, or has no address."""
    community = reader.schedule.report.community
    addresses: dict[UUID, Address | None] = {
        person.pk: address for person, address in possible_readers(community)
    }
    address = addresses.get(reader.person_id)
    if address is None:
        _fail(reader, _("No official any more, or no confirmed e-mail address."))
        return False
    CHANNELS["email"].send(letter_of(reader, address))
    ReportReader.objects.filter(pk=reader.pk).update(sent_at=clock.now(), fault="")
    return True


def _put_back(reader: ReportReader, reason: str) -> None:
    """Into the queue again for the same period, unless the next one waits already or it was tried often enough."""
    if reader.attempts >= ATTEMPTS:
        _fail(reader, reason)
        return
    pause = PAUSES[min(reader.attempts, len(PAUSES)) - 1]
    ReportReader.objects.filter(Q(due_at=None), pk=reader.pk, left_at=None).update(
        due_at=reader.due_at, retry_at=clock.now() + pause, fault=reason[:200]
    )


def _fail(reader: ReportReader, reason: str) -> None:
    ReportReader.objects.filter(pk=reader.pk).update(fault=reason[:200])


def _held(report: DesignedReport) -> DesignedReport:
    """The report, locked. Refused: not_found."""
    held = DesignedReport.objects.select_for_update().filter(pk=report.pk).first()
    if held is None:
        raise _gone()
    return held


def _gone() -> Refused:
    return Refused("not_found", _("This report is not there any more."), status=404)


def _administrator_only(community: Community, by: Actor) -> None:
    """Refused: not_administrator, archived."""
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator of the body may do this."), status=403)
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."))
