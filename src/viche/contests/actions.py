"""Writes of the contests room."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rulebook import calendar
from rulebook.problem import Problem
from rulebook.rules import RulesError, is_warning, parse, problems, schedule_contradictions
from viche.communities.models import Community
from viche.contests.events import ContestCreated, PhaseDelayed, PhaseMoved, RulesFrozen
from viche.contests.models import PHASE_NAMES, Contest, PhaseWindow, RulesVersion
from viche.contests.wording import problem_text
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.journal.events import Event

_AFTER_VOTING = (calendar.COUNTING, calendar.RESULTS, calendar.IMPLEMENTATION)

# fixed pages of a community: a contest of this address could never be reached
RESERVED_SLUGS = frozenset(
    [
        "journal",
        "office",
        "members",
        "begin",
        "face",
        "staff",
        "leaving",
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
    ]
)


def _administrator_only(by: Actor, community: Community) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
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
) -> Contest:
    """Announce a contest with a draft of its rules; journal: ContestCreated.

    Refused: not_administrator, bad_rules, bad_schedule, bad_value, contest_exists.
    """
    _administrator_only(by, community)
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
            PhaseWindow.objects.bulk_create(
                PhaseWindow(contest=contest, phase=each.phase, starts_at=each.starts_at, ends_at=each.ends_at)
                for each in schedule
            )
            RulesVersion.objects.create(
                contest=contest, number=1, document=parsed.as_document(), digest=parsed.digest
            )
            journal.append(
                ContestCreated(
                    contest=str(contest.id), slug=slug, year=year,
                    schedule=[
                        [each.phase, each.starts_at.isoformat(), each.ends_at.isoformat() if each.ends_at else ""]
                        for each in schedule
                    ],
                ),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("contest_exists", _("A contest with the address “%s” already exists.") % slug) from None
    return contest


def issues_before_freeze(contest: Contest) -> list[str]:
    """What keeps the rules from being frozen, in words; empty when nothing does."""
    found = [*_contradictions(contest), *calendar.schedule_problems(contest.schedule)]
    lines = [problem_text(problem) for problem in found if not is_warning(problem)]
    if contest.window("voting") is None:
        lines.append(_("The schedule has no voting."))
    if contest.window("counting") is None and contest.window("results") is None:
        lines.append(_("The schedule has neither counting nor results: the result could never be published."))
    return lines


def warnings_before_freeze(contest: Contest) -> list[str]:
    """What somebody should look at again before the rules are frozen, though it forbids nothing, in words."""
    return [problem_text(problem) for problem in _contradictions(contest) if is_warning(problem)]


def _contradictions(contest: Contest) -> list[Problem]:
    return [*problems(contest.rules), *schedule_contradictions(contest.rules, contest.schedule)]


def freeze_rules(*, contest: Contest, decision: str, by: Actor, decision_url: str = "") -> RulesVersion:
    """Freeze the rules by a decision of the council; locks the version; journal: RulesFrozen.

    decision: its number and date. Refused: not_administrator, no_decision, rules_have_problems,
    already_frozen, bad_value.
    """
    _administrator_only(by, contest.community)
    if not decision.strip():
        message = _("Name the decision that approved the rules: its number and date.")
        raise Refused("no_decision", message, fields={"decision": message}, status=422)
    if issues := issues_before_freeze(contest):
        raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
    with transaction.atomic():
        version = RulesVersion.objects.select_for_update().filter(contest=contest).order_by("-number").first()
        if version is None or version.frozen_at is not None:
            raise Refused("already_frozen", _("The rules of this contest are already frozen."))
        version.decision = decision.strip()
        version.decision_url = decision_url
        version.frozen_at = clock.now()
        try:
            version.clean_fields()
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise Refused(
                "bad_value", f"{name}: {messages[0]}", fields=error.message_dict, status=422
            ) from None
        version.save()
        journal.append(
            RulesFrozen(
                contest=str(contest.id), number=version.number, digest=version.digest, decision=version.decision
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    contest.__dict__.pop("rules_version", None)
    contest.__dict__.pop("rules", None)
    return version


def extend_phase(*, contest: Contest, phase: str, ends_at: datetime, decision: str, by: Actor) -> None:
    """Move the end of a running or coming phase later, by a recorded decision; locks the schedule.

    What may begin only after the voting (the count, the results) begins later with it. Journal: PhaseMoved,
    and PhaseDelayed for each that waits. Refused: not_administrator, no_decision, no_phase, phase_over,
    not_later, next_phase_swallowed.
    """
    _administrator_only(by, contest.community)
    if not decision.strip():
        message = _("Name the decision: its number and date.")
        raise Refused("no_decision", message, fields={"decision": message}, status=422)
    with transaction.atomic():
        windows = {
            each.phase: each for each in PhaseWindow.objects.select_for_update().filter(contest=contest)
        }
        window = windows.get(phase)
        if window is None:
            raise Refused("no_phase", _("The contest has no such phase."), status=404)
        if window.ends_at is None or window.ends_at <= clock.now():
            raise Refused("phase_over", _("The phase is over: it cannot be extended."))
        if ends_at <= window.ends_at:
            message = _("The new end must be later than the present one.")
            raise Refused("not_later", message, fields={"ends_at": message}, status=422)
        about = {"contest": str(contest.id), "decision": decision.strip()}
        window.ends_at = ends_at
        events: list[Event] = [PhaseMoved(phase=phase, ends_at=ends_at.isoformat(), **about)]
        moved = [window]
        for name in _AFTER_VOTING if phase == calendar.VOTING else ():
            waiting = windows.get(name)
            if waiting is None or waiting.starts_at >= ends_at:
                continue
            if waiting.ends_at is not None and waiting.ends_at <= ends_at:
                message = _("The new end lies beyond the end of the phase “%s”: extend that phase first.")
                message %= str(PHASE_NAMES[name]).lower()
                raise Refused("next_phase_swallowed", message, fields={"ends_at": message}, status=422)
            waiting.starts_at = ends_at
            events.append(PhaseDelayed(phase=name, starts_at=ends_at.isoformat(), **about))
            moved.append(waiting)
        PhaseWindow.objects.bulk_update(moved, ["starts_at", "ends_at"])
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
    contest.__dict__.pop("schedule", None)
