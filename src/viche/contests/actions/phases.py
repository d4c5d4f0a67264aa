"""A phase is extended by a recorded decision, as far as the regulation allows."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import calendar
from viche.contests.actions.rights import administrator_only
from viche.contests.events import PhaseDelayed, PhaseMoved
from viche.contests.models import PHASE_NAMES, Contest, Extension, PhaseWindow
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event

_AFTER_VOTING = (calendar.COUNTING, calendar.RESULTS, calendar.IMPLEMENTATION)


def extend_phase(*, contest: Contest, phase: str, ends_at: datetime, decision: str, by: Actor) -> None:
    """Move the end of a running or coming phase later, by a recorded decision; locks the contest and its schedule.

    What may begin only after the voting (the count, the results) begins later with it. Journal: PhaseMoved,
    and PhaseDelayed for each that waits. Officials propose it and another confirms (contests.actions.proposals).
    Refused: not_administrator, second_official, no_decision, no_phase, phase_over, not_later,
    next_phase_swallowed, not_extensible, extended_enough, too_many_days.
    """
    administrator_only(by, contest.community)
    if by.kind != "system":
        raise Refused(
            "second_official",
            _("Extending a phase needs two officials: propose it, and another confirms."),
            status=403,
        )
    move_end(contest=contest, phase=phase, ends_at=ends_at, decision=decision, by=by)


def move_end(*, contest: Contest, phase: str, ends_at: datetime, decision: str, by: Actor) -> None:
    """extend_phase for callers that have asked who may."""
    if not decision.strip():
        message = _("Name the decision: its number and date.")
        raise Refused("no_decision", message, fields={"decision": message}, status=422)
    with transaction.atomic():
        # the contest before its windows, in the order in which its schedule is set anew
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
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
        _check_regulation(contest, window, ends_at)
        former_end = window.ends_at
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
        Extension.objects.create(
            contest=contest, phase=phase, former_end=former_end, new_end=ends_at, decision=decision.strip(),
            at=clock.now(),
        )  # fmt: skip
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
    contest.forget_cached()


def _check_regulation(contest: Contest, window: PhaseWindow, ends_at: datetime) -> None:
    """What the frozen rules say of extensions. Refused: not_extensible, extended_enough, too_many_days."""
    rule = contest.rules.extension
    if rule is None or not contest.is_frozen:
        return
    if rule.times == 0 or (rule.phases and window.phase not in rule.phases):
        raise Refused("not_extensible", _("The regulation does not allow to extend this phase."), status=422)
    done = Extension.objects.filter(contest=contest, phase=window.phase).count()
    if rule.times is not None and done >= rule.times:
        raise Refused(
            "extended_enough", _("The regulation allows no further extension of this phase."), status=422
        )
    # to the minute of the last day that the regulation allows: where the clocks change a day is not 24 hours
    local = window.ends_at.astimezone(clock.KYIV)
    if rule.days is not None:
        latest = (local.replace(tzinfo=None) + timedelta(days=rule.days)).replace(tzinfo=clock.KYIV)
        if ends_at > latest:
            message = _("The regulation allows an extension by at most %(days)d days: until %(day)s.")
            message %= {"days": rule.days, "day": latest.strftime("%d.%m.%Y %H:%M")}
            raise Refused("too_many_days", message, fields={"ends_at": message}, status=422)
