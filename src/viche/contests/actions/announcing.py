"""A contest is announced, and its schedule set, before its rules are frozen."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from rulebook import calendar
from rulebook.canonical import digest
from rulebook.rules import RulesError, parse
from viche.communities.models import Community
from viche.contests.actions.rights import administrator_only
from viche.contests.events import ContestCreated, ContestDiscarded, ScheduleSet
from viche.contests.models import Contest, PhaseWindow, RulesVersion
from viche.contests.wording import problem_text
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal

# fixed pages of a community: a contest of this address could never be reached
RESERVED_SLUGS = frozenset(
    [
        "journal",
        "log",
        "office",
        "members",
        "new",
        "begin",
        "face",
        "staff",
        "districts",
        "leaving",
        "messages",
        "works",
        "polling-points",
        "kiosk",
        "search",
        "invitation",
        "login",
        "logout",
        "my",
        "theme",
        "pages",
        "en",
        "uk",
        "identity",
        "media",
        "health",
        "terminals",
        "api",
        "widgets",
        "feeds",
        "figures",
        "data",
        "reports",
        "systems",
        "website",
        "programs",
        "webhooks",
        "arrivals",
        "oembed",
        "years",
        "compared",
    ]
)


def create_contest(
    *,
    community: Community,
    slug: str,
    year: int,
    title: Mapping[str, str],
    rules: Mapping[str, Any],
    schedule: Sequence[calendar.Window],
    by: Actor,
    currency: str = "UAH",
    origin: str = "",
    source_note: str = "",
    summary: Mapping[str, str] | None = None,
    note: str = "",
) -> Contest:
    """Announce a contest with a draft of its rules; journal: ContestCreated.

    note: where the draft comes from ("preset:…", "contest:…").

    Refused: not_administrator, bad_rules, bad_schedule, bad_value, contest_exists.
    """
    administrator_only(by, community)
    try:
        parsed = parse(rules)
    except RulesError as error:
        lines = [problem_text(problem) for problem in error.problems]
        raise Refused("bad_rules", " ".join(lines), fields={"rules": lines}, status=422) from None
    if slug in RESERVED_SLUGS:
        message = _("The address “%s” is reserved.") % slug
        raise Refused("bad_value", message, fields={"slug": message}, status=422)
    if faults := calendar.schedule_problems(schedule):
        lines = [problem_text(problem) for problem in faults]
        raise Refused("bad_schedule", " ".join(lines), fields={"schedule": lines}, status=422)
    contest = Contest(
        community=community, slug=slug, year=year, title=dict(title), summary=dict(summary or {}),
        currency=currency, origin=origin, source_note=source_note, created_at=clock.now(),
    )  # fmt: skip
    try:
        contest.clean_fields()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused("bad_value", f"{name}: {messages[0]}", fields=error.message_dict, status=422) from None
    try:
        with transaction.atomic():
            contest.save(force_insert=True)
            _write_windows(contest, schedule)
            RulesVersion.objects.create(
                contest=contest, number=1, document=parsed.as_document(), digest=parsed.digest, note=note,
                made_at=clock.now(), made_by_id=by.person_id,
            )  # fmt: skip
            journal.append(
                ContestCreated(
                    contest=str(contest.id), slug=slug, year=year,
                    schedule=_told(schedule),
                ),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("contest_exists", _("A contest with the address “%s” already exists.") % slug) from None
    return contest


def _write_windows(contest: Contest, schedule: Sequence[calendar.Window]) -> None:
    PhaseWindow.objects.bulk_create(
        PhaseWindow(contest=contest, phase=each.phase, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in schedule
    )


def _told(schedule: Sequence[calendar.Window]) -> list[list[str]]:
    """The schedule as the journal and a form's hidden field write it."""
    return [
        [each.phase, each.starts_at.isoformat(), each.ends_at.isoformat() if each.ends_at else ""]
        for each in schedule
    ]


def schedule_stamp(schedule: Sequence[calendar.Window]) -> str:
    """A hash of a schedule: what a form was made from, to notice that somebody changed it meanwhile."""
    return digest({"schedule": _told(schedule)})


def reschedule_contest(
    *, contest: Contest, schedule: Sequence[calendar.Window], stamp: str, by: Actor
) -> None:
    """Set the schedule of a contest whose rules are not frozen; locks the contest; journal: ScheduleSet.

    stamp: schedule_stamp of the schedule the change was made from. Refused: not_administrator, frozen,
    bad_schedule (fields: lines under "schedule"), changed_meanwhile.
    """
    administrator_only(by, contest.community)
    if faults := calendar.schedule_problems(schedule):
        lines = [problem_text(problem) for problem in faults]
        raise Refused("bad_schedule", " ".join(lines), fields={"schedule": lines}, status=422)
    with transaction.atomic():
        held = Contest.objects.select_for_update(of=("self",)).select_related("community").get(pk=contest.pk)
        if held.is_frozen:
            raise Refused(
                "frozen", _("The rules are frozen: a phase can only be extended, by a recorded decision.")
            )
        if schedule_stamp(held.schedule) == schedule_stamp(schedule):
            return  # pressed twice, or nothing was changed
        if schedule_stamp(held.schedule) != stamp:
            raise Refused(
                "changed_meanwhile",
                _("Somebody changed these dates meanwhile. Compare them with yours and save again."),
            )
        if held.proposals.filter(state="open").exists():
            raise Refused(
                "proposal_open",
                _("The rules wait for a second official. Withdraw or decline that proposal first."),
            )
        held.windows.all().delete()
        _write_windows(held, schedule)
        journal.append(
            ScheduleSet(contest=str(held.id), schedule=_told(schedule)),
            community=held.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    contest.forget_cached()
    contest.__dict__.pop("_prefetched_objects_cache", None)


def describe_contest(
    *, contest: Contest, title: Mapping[str, str], summary: Mapping[str, str], by: Actor
) -> None:
    """Change what the contest is called, while its rules are not frozen.

    Refused: not_administrator, frozen, bad_value.
    """
    administrator_only(by, contest.community)
    if contest.is_frozen:
        raise Refused("frozen", _("The rules are frozen: the contest keeps its name."))
    if not title.get("uk", "").strip():
        message = _("Write the name in Ukrainian.")
        raise Refused("bad_value", message, fields={"title": message}, status=422)
    contest.title, contest.summary = dict(title), dict(summary)
    contest.save(update_fields=["title", "summary"])


def discard_contest(*, contest: Contest, by: Actor) -> None:
    """Take back a contest whose rules were never frozen and that has no projects; journal: ContestDiscarded.

    Refused: not_administrator, frozen, has_projects.
    """
    administrator_only(by, contest.community)
    about = ContestDiscarded(contest=str(contest.id), slug=contest.slug, year=contest.year)
    with transaction.atomic():
        held = Contest.objects.select_for_update().filter(pk=contest.pk).first()
        if held is None:
            return
        if held.is_frozen:
            raise Refused("frozen", _("The rules are frozen: the contest can no longer be taken back."))
        try:
            with transaction.atomic():
                held.delete()
        except ProtectedError:
            raise Refused(
                "has_projects", _("The contest has projects already: it can no longer be taken back.")
            ) from None
        journal.append(about, community=contest.community.code, year=clock.year(), by=by)
