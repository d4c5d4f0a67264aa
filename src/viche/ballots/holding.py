"""The key of the box in the commission's hands: its public half comes in by two officials and is tried out before the
voting; its shares are made anew, or it is withdrawn, by two.

The private key and its shares never come here; only at the opening two holders give the key (given_key.py). Every
act locks the box, then the key.
"""

import hashlib
import hmac

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from boxkey import files, pairs
from rulebook.rules.vocabulary import COMMISSION
from viche.ballots.annulling import DECIDING, MAX_TEXT
from viche.ballots.events import (
    BoxKeyChangeDeclined,
    BoxKeyChangeProposed,
    BoxKeyConfirmed,
    BoxKeyProposed,
    BoxKeyRehearsed,
    BoxKeyRewrapped,
    BoxKeyWithdrawn,
    BoxMade,
)
from viche.ballots.given_key import facts_of
from viche.ballots.models import Ballot, Box, BoxKey, KeyChange
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event

State, Act, Decided = BoxKey.State, KeyChange.Act, KeyChange.State


def propose_key(*, contest: Contest, text: bytes, by: Actor) -> BoxKey:
    """Bring in the public key that the commission made offline. text: the file that the tool wrote.

    Journal: BoxKeyProposed. Refused: not_deciding, not_held_here, box_opened, voting_over, key_there, key_file,
    key_withdrawn.
    """
    _deciding_only(contest, by)
    facts = facts_of(contest, text, files.PUBLIC)
    public = bytes.fromhex(str(facts["public_key"]))
    if not pairs.is_usable(public):
        raise _wrong("file", "key_file", _("Nothing can be sealed to this key: make a new one."))
    try:
        with transaction.atomic():
            box = _held_box(contest)
            if contest.has_ended("voting"):
                raise Refused("voting_over", _("The voting is over: the key comes too late."))
            if BoxKey.objects.filter(contest=contest, public_key=public, state=State.WITHDRAWN).exists():
                raise _wrong("file", "key_withdrawn", _("This key was withdrawn: make a new one."))
            if BoxKey.objects.filter(contest=contest).exclude(state=State.WITHDRAWN).exists():
                raise _there_already()
            key = BoxKey.objects.create(
                community_id=box.community_id, contest=contest, public_key=public, proposed_by_id=by.person_id,
                proposed_at=clock.now(),
            )  # fmt: skip
            _record(BoxKeyProposed(**_named(key)), contest=contest, by=by)
    except IntegrityError:
        raise _there_already() from None
    return key


def confirm_key(*, key: BoxKey, typed: str, by: Actor) -> BoxKey:
    """A second official types the fingerprint that was read aloud at the ceremony; a task for the rehearsal is made.

    Journal: BoxKeyConfirmed. Refused: not_deciding, same_person, wrong_fingerprint, already_done, box_opened.
    """
    contest = key.contest
    _deciding_only(contest, by)
    with transaction.atomic():
        _held_box(contest)
        held = _held_key(key)
        if held.state != State.PROPOSED:
            raise _already_done()
        if held.proposed_by_id == by.person_id:
            raise Refused(
                "same_person", _("You have proposed this yourself: another official decides."), status=403
            )
        if not pairs.is_fingerprint(typed, str(contest.id), bytes(held.public_key)):
            raise _wrong(
                "typed", "wrong_fingerprint",
                _("These are not the digits of this key. Compare with the protocol of the ceremony: if they differ, "
                  "withdraw the key."),
            )  # fmt: skip
        held.state, held.confirmed_by_id, held.confirmed_at = State.CONFIRMED, by.person_id, clock.now()
        _set_challenge(held)
        held.save()
        _record(BoxKeyConfirmed(**_named(held)), contest=contest, by=by)
    return held


def request_rehearsal(*, key: BoxKey, by: Actor) -> BoxKey:
    """Make a new task; the one before is answered no more. No journal entry before it is answered.

    Refused: not_deciding, not_confirmed, box_opened.
    """
    contest = key.contest
    _deciding_only(contest, by)
    with transaction.atomic():
        _held_box(contest)
        held = _held_key(key)
        _confirmed_only(held)
        _set_challenge(held)
        held.save(update_fields=["challenge", "answer_hash"])
    return held


def record_rehearsal(*, key: BoxKey, text: bytes, by: Actor) -> BoxKey:
    """The answer to the task: two holders have opened it. The first one makes the box ready for ballots.

    Journal: BoxKeyRehearsed, and BoxMade with the first. Refused: not_deciding, not_confirmed, box_opened, no_task,
    key_file, wrong_answer.
    """
    contest = key.contest
    _deciding_only(contest, by)
    facts = facts_of(contest, text, files.ANSWER)
    with transaction.atomic():
        box = _held_box(contest)
        held = _held_key(key)
        _confirmed_only(held)
        if not held.answer_hash:
            raise Refused("no_task", _("This task is answered already. Make a new one to try out once more."))
        opened = hashlib.sha256(bytes.fromhex(str(facts["opened"]))).digest()
        if not hmac.compare_digest(opened, bytes(held.answer_hash)):
            raise _wrong(
                "file", "wrong_answer",
                _("This is not the answer to the task that is open now. Download the task anew and answer it."),
            )  # fmt: skip
        held.state, held.rehearsed_at = State.REHEARSED, clock.now()
        held.challenge, held.answer_hash = b"", b""
        held.save()
        said: list[Event] = [BoxKeyRehearsed(**_named(held))]
        if box.public_key is None:
            box.public_key = bytes(held.public_key)
            box.save(update_fields=["public_key"])
            said.append(BoxMade(contest=str(contest.id), public_key=bytes(held.public_key).hex()))
        _record(*said, contest=contest, by=by)
    return held


def withdraw_key(*, key: BoxKey, reason: str, by: Actor) -> BoxKey:
    """Take back a key that was not tried out yet: its digits differ, or a share went wrong. reason: published.

    Journal: BoxKeyWithdrawn. Refused: not_deciding, bad_value (reason), already_done (a key that was tried out takes
    two officials), box_opened.
    """
    contest = key.contest
    _deciding_only(contest, by)
    said = _said(reason)
    with transaction.atomic():
        _held_box(contest)
        held = _held_key(key)
        if held.state not in (State.PROPOSED, State.CONFIRMED):
            raise _already_done()
        _end(held, said, by)
    return held


def propose_change(*, key: BoxKey, act: str, reason: str, by: Actor) -> KeyChange:
    """Propose what is to be done with a key that was tried out: new shares after one was lost, or its withdrawal.

    act: a word of KeyChange.Act. reason: published. Journal: BoxKeyChangeProposed. Refused: not_deciding, bad_value
    (act, reason), not_rehearsed, ballots_there (a withdrawal), change_open, box_opened.
    """
    contest = key.contest
    _deciding_only(contest, by)
    said = _said(reason)
    if act not in Act.values:
        raise _wrong("act", "bad_value", _("Choose what is to be done."))
    try:
        with transaction.atomic():
            _held_box(contest)
            held = _held_key(key)
            if held.state != State.REHEARSED:
                raise Refused("not_rehearsed", _("The key is not tried out yet: it can simply be withdrawn."))
            _changeable(contest, act)
            change = KeyChange.objects.create(
                community_id=held.community_id, key=held, act=act, reason=said, proposed_by_id=by.person_id,
                proposed_at=clock.now(),
            )  # fmt: skip
            _record(_change_event(BoxKeyChangeProposed, change, contest), contest=contest, by=by)
    except IntegrityError:
        raise Refused(
            "change_open", _("Another proposal for this key waits for a second official.")
        ) from None
    return change


def decide_change(*, change: KeyChange, is_confirmed: bool, by: Actor) -> KeyChange:
    """A second official confirms or declines. New shares are to be tried out by a fresh task; a withdrawn key leaves
    the box without one, until another is proposed, confirmed and tried out.

    Journal: BoxKeyRewrapped, BoxKeyWithdrawn or BoxKeyChangeDeclined. Refused: not_deciding, same_person,
    already_done, ballots_there, box_opened.
    """
    contest = change.key.contest
    _deciding_only(contest, by)
    with transaction.atomic():
        box = _held_box(contest)
        key = _held_key(change.key)
        held = KeyChange.objects.select_for_update().get(pk=change.pk)
        if held.state != Decided.OPEN:
            raise _already_done()
        if held.proposed_by_id == by.person_id:
            raise Refused(
                "same_person", _("You have proposed this yourself: another official decides."), status=403
            )
        held.state = Decided.CONFIRMED if is_confirmed else Decided.DECLINED
        held.decided_by_id, held.decided_at = by.person_id, clock.now()
        held.save(update_fields=["state", "decided_by", "decided_at"])
        if not is_confirmed:
            _record(_change_event(BoxKeyChangeDeclined, held, contest), contest=contest, by=by)
        elif held.act == Act.REWRAP:
            _set_challenge(key)
            key.save(update_fields=["challenge", "answer_hash"])
            event = BoxKeyRewrapped(contest=str(contest.id), key=str(key.pk), reason=held.reason)
            _record(event, contest=contest, by=by)
        else:
            _changeable(contest, held.act)
            box.public_key = None
            box.save(update_fields=["public_key"])
            _end(key, held.reason, by)
    return held


def _end(key: BoxKey, reason: str, by: Actor) -> None:
    key.state, key.reason, key.withdrawn_at = State.WITHDRAWN, reason, clock.now()
    key.challenge, key.answer_hash = b"", b""
    key.save()
    _record(BoxKeyWithdrawn(**_named(key), reason=reason), contest=key.contest, by=by)


def _changeable(contest: Contest, act: str) -> None:
    # what was sealed to a key is opened by that key only
    if act == Act.WITHDRAW and Ballot.objects.filter(contest=contest).exists():
        raise Refused(
            "ballots_there",
            _("Ballots are sealed to this key already: it stays the key of the box to the end."),
        )


def _deciding_only(contest: Contest, by: Actor) -> None:
    if not by.holds(*DECIDING, community=contest.community.code):
        raise Refused(
            "not_deciding", _("Only the commission or an administrator decides about this."), status=403
        )


def _held_box(contest: Contest) -> Box:
    """The closed box, locked so that no ballot goes in meanwhile. Refused: not_held_here, box_opened."""
    box = Box.objects.select_for_update().filter(contest=contest).first()
    if box is None or box.holder != COMMISSION:
        raise Refused("not_held_here", _("In this contest the commission holds no key of the box."))
    if box.opened_at is not None:
        raise Refused("box_opened", _("The box is opened: its key has served."))
    return box


def _held_key(key: BoxKey) -> BoxKey:
    return BoxKey.objects.select_for_update(of=("self",)).select_related("contest").get(pk=key.pk)


def _confirmed_only(key: BoxKey) -> None:
    if key.state not in (State.CONFIRMED, State.REHEARSED):
        raise Refused("not_confirmed", _("A second official has to confirm the key first."))


def _set_challenge(key: BoxKey) -> None:
    secret, sealed = pairs.new_challenge(str(key.contest_id), bytes(key.public_key))
    key.challenge, key.answer_hash = sealed, hashlib.sha256(secret).digest()


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise _wrong("reason", "bad_value", _("Give the reason in a few words: it is published."))
    if len(said) > MAX_TEXT:
        raise _wrong(
            "reason", "bad_value", _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
        )
    return said


def _wrong(field: str, code: str, message: str) -> Refused:
    return Refused(code, message, fields={field: message}, status=422)


def _there_already() -> Refused:
    return Refused("key_there", _("A key is here already: somebody was a moment faster."), status=409)


def _already_done() -> Refused:
    return Refused("already_done", _("Somebody has decided about this already."), status=409)


def _named(key: BoxKey) -> dict[str, str]:
    contest = str(key.contest_id)
    return {
        "contest": contest, "key": str(key.pk), "fingerprint": pairs.fingerprint(contest, bytes(key.public_key)),
    }  # fmt: skip


def _change_event(
    event: type[BoxKeyChangeProposed], change: KeyChange, contest: Contest
) -> BoxKeyChangeProposed:
    return event(contest=str(contest.id), key=str(change.key_id), act=change.act, reason=change.reason)


def _record(*events: Event, contest: Contest, by: Actor) -> None:
    journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
