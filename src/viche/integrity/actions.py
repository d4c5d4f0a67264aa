"""The desk looks at the voting, and officials decide about what it found."""

import hashlib
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche.ballots.annulling import DECIDING, propose_annulment
from viche.ballots.models import Annulment
from viche.ballots.queries import voters_behind
from viche.ballots.traces import traces_of
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.integrity.events import NamesOpened, SignalDecided, ThresholdsSet, rule_text
from viche.integrity.finding import Finding, findings
from viche.integrity.models import Decision, Desk, Signal, SignalMark
from viche.integrity.thresholds import KNOBS, REOPEN, Thresholds, thresholds_with
from viche.journal import actions as journal

MAX_TEXT = 1000
Outcome = Decision.Outcome


def check_voting(*, contest: Contest, by: Actor = SYSTEM) -> int:
    """Let the rules look at all votes so far; returns how many signals are new or open again.

    A signal that is already there is updated; a decided one opens again only with as many new votes as the thresholds
    say. Locks the desk. No journal entry: finding is no act. Refused: not_deciding, no_key.
    """
    _deciding_only(contest, by)
    with transaction.atomic():
        desk = _held_desk(contest)
        try:
            traces = list(traces_of(contest))
        except keys.KeyMissing:
            raise Refused(
                "no_key", _("The keys of this contest are not here any more."), status=409
            ) from None
        limits, now = thresholds_with(desk.thresholds), clock.now()
        known = {(each.rule, each.subject, each.day): each for each in Signal.objects.filter(contest=contest)}
        raised = 0
        for found in findings([each for each in traces if each.is_known], limits, now):
            signal = known.get((found.rule, found.subject, found.day))
            raised += (
                _raise(contest, found) if signal is None else _update(signal, found, limits[REOPEN]["least"])
            )
        desk.checked_at, desk.marks = now, len(traces)
        desk.untraced = sum(not each.is_known for each in traces)
        desk.save(update_fields=["checked_at", "marks", "untraced"])
    return raised


def _raise(contest: Contest, found: Finding) -> int:
    now = clock.now()
    signal = Signal.objects.create(
        community_id=contest.community_id, contest=contest, rule=found.rule, subject=found.subject, day=found.day,
        raised_at=now, changed_at=now, **_numbers(found),
    )  # fmt: skip
    _add_marks(signal, found)
    return 1


def _update(signal: Signal, found: Finding, least: int) -> int:
    """1 where new votes open a decided signal again."""
    numbers = _numbers(found)
    is_changed = any(getattr(signal, name) != value for name, value in numbers.items())
    _add_marks(signal, found)
    reopens = (
        signal.state == Signal.State.DECIDED
        and SignalMark.objects.filter(signal=signal, is_decided=False).count() >= least
    )
    if not (is_changed or reopens):
        return 0
    for name, value in numbers.items():
        setattr(signal, name, value)
    signal.changed_at = clock.now()
    if reopens:
        signal.state, signal.reopened_at = Signal.State.OPEN, clock.now()
    signal.save()
    return int(reopens)


def _numbers(found: Finding) -> dict[str, object]:
    return {
        "observed": found.observed, "expected": found.expected, "limit": found.limit, "is_alarm": found.is_alarm,
        "facts": found.facts,
    }  # fmt: skip


def _add_marks(signal: Signal, found: Finding) -> None:
    SignalMark.objects.bulk_create(
        [SignalMark(signal=signal, participation_id=mark) for mark in found.marks],
        ignore_conflicts=True, batch_size=2_000,
    )  # fmt: skip


def decide_signal(
    *, signal: Signal, outcome: str, text: str, seen: int, by: Actor, why: str = "",
    marks: Collection[UUID] | None = None,
) -> Decision:  # fmt: skip
    """End a signal with a reason; with "annul" an annulment is proposed for the marks (None: for all of it).

    seen: how many votes the signal had when the official looked. why: a word of Annulment.Why. Marks that are in
    quarantine or annulled already are left as they are. Locks the desk and the signal; journal: SignalDecided, and
    AnnulmentProposed for each. Refused: not_deciding, bad_value (outcome, text, why, marks), already_done,
    evidence_changed, nothing_to_annul, and as propose_annulment.
    """
    contest = signal.contest
    _deciding_only(contest, by)
    if outcome not in Outcome.values:
        raise _bad("outcome", _("Choose what was found."))
    said = _said(text)
    with transaction.atomic():
        # the desk first, as check_voting: no vote joins the signal while it is decided
        _held_desk(contest)
        held = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
        if held.state != Signal.State.OPEN:
            raise Refused("already_done", _("Somebody has decided about this already."), status=409)
        evidence = set(SignalMark.objects.filter(signal=held).values_list("participation", flat=True))
        if len(evidence) != seen:
            raise Refused(
                "evidence_changed",
                _("More votes joined this signal while you were looking: look at it once more."),
                status=409,
            )
        proposed = _propose(contest, evidence, marks, why, said, by) if outcome == Outcome.ANNUL else 0
        SignalMark.objects.filter(signal=held).update(is_decided=True)
        held.state, held.changed_at = Signal.State.DECIDED, clock.now()
        held.save(update_fields=["state", "changed_at"])
        made = Decision.objects.create(
            signal=held, outcome=outcome, text=said, votes=len(evidence), proposed=proposed,
            decided_by_id=by.person_id, decided_at=clock.now(),
        )  # fmt: skip
        journal.append(
            SignalDecided(
                contest=str(contest.id), signal=str(held.pk), rule=held.rule, outcome=outcome, votes=len(evidence),
                proposed=proposed, text=said,
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return made


def _propose(
    contest: Contest, evidence: set[UUID], marks: Collection[UUID] | None, why: str, text: str, by: Actor
) -> int:
    wanted = evidence if marks is None else evidence & set(marks)
    if not wanted:
        raise _bad("marks", _("Choose the votes whose annulment you propose."))
    held = Annulment.objects.filter(contest=contest, participation__in=wanted).exclude(
        state=Annulment.State.DECLINED
    )
    rest = wanted - set(held.values_list("participation", flat=True))
    if not rest:
        raise Refused(
            "nothing_to_annul", _("All these votes are in quarantine or annulled already."), status=409
        )
    for mark in sorted(rest):
        propose_annulment(contest=contest, mark=mark, why=why, text=text, by=by)
    return len(rest)


def set_thresholds(*, contest: Contest, values: Thresholds, by: Actor) -> Desk:
    """Set the contest's own thresholds, all at once; what is left out is as by default. The rules look anew with them.

    Locks the desk; journal: ThresholdsSet, with the rules that changed and a hash. Refused: not_deciding, bad_value.
    """
    _deciding_only(contest, by)
    own = _checked(values)
    with transaction.atomic():
        desk = _held_desk(contest)
        before, after = thresholds_with(desk.thresholds), thresholds_with(own)
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return desk
        desk.thresholds = own
        desk.save(update_fields=["thresholds"])
        journal.append(
            ThresholdsSet(
                contest=str(contest.id), rules=changed, digest=hashlib.sha256(canonical(after)).hexdigest()
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return desk


def _checked(values: Thresholds) -> dict[str, dict[str, int]]:
    """Only what differs from the defaults. Refused: bad_value with the rule's name."""
    defaults = thresholds_with({})
    own: dict[str, dict[str, int]] = {}
    for rule, numbers in values.items():
        for name, number in numbers.items():
            if name not in defaults.get(rule, {}):
                raise _bad(f"{rule}-{name}", _("There is no such threshold."))
            _label, lowest, highest = KNOBS[name]
            if not lowest <= number <= highest:
                message = _("%(rule)s: from %(lowest)d to %(highest)d, please.")
                said = {"rule": rule_text(rule), "lowest": lowest, "highest": highest}
                raise _bad(f"{rule}-{name}", message % said)
            if number != defaults[rule][name]:
                own.setdefault(rule, {})[name] = number
    return own


def open_names(*, signal: Signal, text: str, by: Actor) -> Mapping[UUID, Person]:
    """The people behind a signal's votes, by mark. It is a look at personal data and says so in the journal.

    text: why the names are needed; published. Journal: NamesOpened. Refused: not_deciding, bad_value (text), no_key.
    """
    contest = signal.contest
    _deciding_only(contest, by)
    said = _said(text)
    marks = set(SignalMark.objects.filter(signal=signal).values_list("participation", flat=True))
    try:
        found = voters_behind(contest, marks)
    except keys.KeyMissing:
        raise Refused("no_key", _("The keys of this contest are not here any more."), status=409) from None
    with transaction.atomic():
        journal.append(
            NamesOpened(contest=str(contest.id), signal=str(signal.pk), votes=len(marks), text=said),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return found


def delete_old_evidence() -> int:
    """Let go which votes signals rest on, where the contest's keys are destroyed; numbers and decisions stay.

    Returns how many rows went. No journal entry: KeysDestroyed has said it.
    """
    held = SignalMark.objects.order_by().values_list("signal__contest", flat=True).distinct()
    gone = [each for each in held if not keys.has_contest_keys(str(each))]
    return SignalMark.objects.filter(signal__contest__in=gone).delete()[0]


def _held_desk(contest: Contest) -> Desk:
    Desk.objects.get_or_create(contest=contest, defaults={"community_id": contest.community_id})
    return Desk.objects.select_for_update().get(contest=contest)


def _deciding_only(contest: Contest, by: Actor) -> None:
    if not by.holds(*DECIDING, community=contest.community.code):
        raise Refused(
            "not_deciding", _("Only the commission or an administrator decides about this."), status=403
        )


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise _bad("text", _("Give the reason in a few words: it is published."))
    if len(said) > MAX_TEXT:
        raise _bad("text", _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT})
    return said


def _bad(place: str, message: str) -> Refused:
    return Refused("bad_value", message, fields={place: message}, status=422)
