"""Batches of paper: opened, closed into the journal, taken back while the box is closed; protocols of totals.

Every act locks the batch, then the box, so that two officials pressing at once come one after the other.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError
from django.db.models.functions import Collate
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from rulebook.protocols import votes_commitment
from viche.ballots.events import PaperBatchEntered, PaperBatchUndone, PaperProtocolShown
from viche.ballots.models import PaperBallot, PaperBatch, Participation
from viche.ballots.papers.guards import entering_only, held_closed_box, said
from viche.ballots.papers.notes import open_note, seal_note
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.projects.queries import ballot_codes

State, Kind = PaperBatch.State, PaperBatch.Kind
NUMBERS = ("issued", "valid", "invalid", "spoiled", "unused")
LARGEST = 10_000_000
CHUNK = 2_000


def open_batch(
    *, contest: Contest, kind: str, name: str, by: Actor, point: UUID | None = None, source: str = "",
    expected: Mapping[str, int] | None = None, scans: Sequence[str] = (), batch_id: UUID | None = None,
) -> PaperBatch:  # fmt: skip
    """Begin a batch. expected: the numbers of the point's protocol (issued, valid, invalid, spoiled, unused).

    batch_id: asked again with the same id, the same batch answers. No journal entry before it is closed. Refused:
    not_entering, channel_not_offered, mode_differs, same_source (the file is in already), bad_value (expected),
    box_opened, no_box, key_awaited, voting_not_begun.
    """
    entering_only(contest, by)
    if (contest.rules.paper.mode == Kind.TOTALS) != (kind == Kind.TOTALS):
        raise Refused("mode_differs", _("The rules of this contest let paper in another way."), status=409)
    numbers = _expected(expected)
    try:
        with transaction.atomic():
            if batch_id and (found := PaperBatch.objects.filter(pk=batch_id, contest=contest).first()):
                return found
            held_closed_box(contest)
            return PaperBatch.objects.create(
                id=batch_id or uuid4(), community_id=contest.community_id, contest=contest, kind=kind,
                name=" ".join(name.split())[:200], point=point, source=source, expected=numbers, scans=sorted(scans),
                secret=secrets.token_bytes(32), made_by_id=by.person_id, made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        again = PaperBatch.objects.filter(pk=batch_id, contest=contest).first() if batch_id else None
        if again is not None:
            return again
        earlier = PaperBatch.objects.exclude(state=State.UNDONE).get(contest=contest, source=source)
        day = earlier.made_at.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M")
        raise Refused(
            "same_source",
            _("This very file was imported already on %(day)s as “%(name)s”.")
            % {"day": day, "name": earlier.name},
            status=409,
        ) from None


def put_totals(
    *, contest: Contest, name: str, votes: Mapping[str, int], expected: Mapping[str, int], by: Actor,
    point: UUID | None = None, scans: Sequence[str] = (), batch_id: UUID | None = None,
) -> PaperBatch:  # fmt: skip
    """The numbers of a point's signed protocol; a second official confirms them with close_batch.

    votes: by project code. expected: issued, valid, invalid, spoiled, unused. Refused: as open_batch; bad_value at the
    code or number (unknown project, negative, more votes than the valid ballots can hold, numbers that do not add up).
    """
    known = set(ballot_codes(contest))
    shape, numbers = contest.rules.ballot, _expected(expected) or dict.fromkeys(NUMBERS, 0)
    fields: dict[str, str] = {}
    for code, value in votes.items():
        if code not in known:
            fields[code] = _("No project of this contest has the number %(number)s.") % {"number": code}
        elif not 0 <= value <= LARGEST:
            fields[code] = _("Write a number from 0.")
        elif shape.kind != "points" and value > numbers["valid"]:
            fields[code] = _("More votes than valid ballots: %(votes)d of %(ballots)d.") % {
                "votes": value, "ballots": numbers["valid"],
            }  # fmt: skip
    together, most = sum(votes.values()), _most_of_one(contest, len(known))
    if not fields and most is not None and together > most * numbers["valid"]:
        fields["valid"] = _(
            "%(votes)d votes together are more than %(ballots)d valid ballots can hold (%(most)d each)."
        ) % {"votes": together, "ballots": numbers["valid"], "most": most}
    if fields:
        raise Refused("bad_value", " ".join(fields.values()), fields=fields, status=422)
    with transaction.atomic():
        batch = open_batch(
            contest=contest, kind=Kind.TOTALS, name=name, by=by, point=point, expected=numbers, scans=scans,
            batch_id=batch_id,
        )  # fmt: skip
        if not batch.sealed_votes and batch.state == State.OPEN:
            told = {code: value for code, value in sorted(votes.items()) if value}
            batch.sealed_votes = seal_note(contest, canonical(told))
            batch.save(update_fields=["sealed_votes"])
    return batch


def votes_of(batch: PaperBatch) -> dict[str, int]:
    """The votes of a protocol by project code; for those who enter it, before the box is opened.

    Raises keys.KeyMissing where they are sealed and the contest's keys are gone.
    """
    if batch.votes or not batch.sealed_votes:
        return dict(batch.votes)
    return dict(json.loads(open_note(batch.contest, bytes(batch.sealed_votes))))


def show_protocols(contest: Contest) -> list[PaperProtocolShown]:
    """Open the votes of every protocol that counts; what the journal says of each. The caller opens the box."""
    shown = []
    kept = PaperBatch.objects.select_for_update(of=("self",)).filter(contest=contest, kind=Kind.TOTALS)
    for batch in kept.filter(state=State.CLOSED).select_related("contest").order_by("pk"):
        batch.votes = votes_of(batch)
        batch.save(update_fields=["votes"])
        nonce = bytes(batch.secret).hex()
        shown.append(
            PaperProtocolShown(contest=str(contest.id), batch=str(batch.pk), votes=batch.votes, nonce=nonce)
        )
    return shown


def _most_of_one(contest: Contest, projects: int) -> int | None:
    """The most votes or points that one valid ballot can hold; None without a limit."""
    shape = contest.rules.ballot
    if shape.kind == "points":
        return shape.max_points
    return min(shape.choice_limit or projects, projects)


def close_batch(*, batch: PaperBatch, by: Actor, difference: str = "") -> PaperBatch:
    """The batch is in the box: what it holds goes into the journal.

    Files and protocols are closed by another official than who brought them. difference: published words where the
    numbers entered are not those of the point's protocol. Closing a closed batch is harmless. Journal:
    PaperBatchEntered. Refused: not_entering, same_person, totals_differ (without words for it), batch_ended (undone),
    box_opened.
    """
    contest = batch.contest
    entering_only(contest, by)
    with transaction.atomic():
        held = _held(batch)
        if held.state == State.CLOSED:
            return held
        if held.state == State.UNDONE:
            raise Refused("batch_ended", _("This batch was taken back."), status=409)
        if held.kind != Kind.ENTRY and by.person_id is not None and held.made_by_id == by.person_id:
            raise Refused(
                "same_person",
                _("You have brought this in yourself: another official confirms it."),
                status=403,
            )
        held_closed_box(contest)
        held.counts = _counts(held)
        if differing := differences(held):
            if not difference.strip():
                raise Refused(
                    "totals_differ", " ".join(differing), fields={"difference": differing}, status=422
                )
            held.difference = said(difference, "difference")
        held.state, held.closed_by_id, held.closed_at = State.CLOSED, by.person_id, clock.now()
        held.save()
        _record(_entered(held), contest=contest, by=by)
    return held


def undo_batch(*, batch: PaperBatch, reason: str, by: Actor) -> PaperBatch:
    """Take a batch back while the box is closed: its ballots are left out, its numbers and voters are free again.

    A voter of a numbered sheet stays marked, for the sheet is entered anew; so does the ballot on a screen that a sheet
    with a name took the place of. reason: published. Undoing an undone batch is harmless. Journal: PaperBatchUndone
    (of a batch that was closed). Refused: not_entering, bad_value (reason), annulment_there, box_opened.
    """
    contest = batch.contest
    entering_only(contest, by)
    words = said(reason)
    try:
        with transaction.atomic():
            held = _held(batch)
            if held.state == State.UNDONE:
                return held
            held_closed_box(contest)
            sheets = PaperBallot.objects.filter(batch=held, undone_at=None)
            marks = list(sheets.exclude(mark=None).values_list("mark", flat=True))
            valid = (
                sheets.filter(reason="").count() if held.kind != Kind.TOTALS else held.counts.get("valid", 0)
            )
            sheets.update(undone_at=clock.now(), mark=None)
            for start in range(0, len(marks), CHUNK):
                Participation.objects.filter(pk__in=marks[start : start + CHUNK]).delete()
            was_closed = held.state == State.CLOSED
            held.state, held.undone_by_id, held.undone_at = State.UNDONE, by.person_id, clock.now()
            held.undone_reason = words
            held.save()
            if was_closed or valid:
                said_of = [] if was_closed else [_entered(held)]
                undone = PaperBatchUndone(
                    contest=str(contest.id), batch=str(held.pk), valid=valid, reason=words
                )
                _record(*said_of, undone, contest=contest, by=by)
    except ProtectedError:
        raise Refused(
            "annulment_there",
            _("A vote of this batch is in quarantine or was looked at: decide about it first."),
            status=409,
        ) from None
    return held


def differences(batch: PaperBatch) -> list[str]:
    """Where what was entered is not what the point's protocol says, in words; [] where all is equal or none is told."""
    expected, counts = batch.expected, batch.counts
    if expected is None:
        return []
    found = [
        _("%(what)s: %(entered)d entered, %(expected)d by the protocol.")
        % {"what": _name_of(key), "entered": counts.get(key, 0), "expected": expected[key]}
        for key in ("valid", "invalid")
        if counts.get(key, 0) != expected[key]
    ]
    together = sum(expected[key] for key in NUMBERS[1:])
    if together != expected["issued"]:
        found.append(
            _(
                "By the protocol %(issued)d ballots were received, but valid, invalid, spoiled and unused ones are "
                "%(together)d together."
            )
            % {"issued": expected["issued"], "together": together}
        )
    return found


def sheets_digest(rows: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hex) over a line of canonical JSON, [key, reason], of every sheet. rows: sorted by key, by its letters'
    code points.
    """
    total = hashlib.sha256()
    for row in rows:
        total.update(canonical(list(row)) + b"\n")
    return total.hexdigest()


def _name_of(key: str) -> str:
    return {
        "issued": _("Received"), "valid": _("Valid"), "invalid": _("Invalid"), "spoiled": _("Spoiled"),
        "unused": _("Unused"),
    }[key]  # fmt: skip


def _expected(given: Mapping[str, int] | None) -> dict[str, int] | None:
    if given is None:
        return None
    wrong = {key: _("Write a number from 0.") for key in NUMBERS if not 0 <= given.get(key, 0) <= LARGEST}
    if wrong:
        raise Refused("bad_value", " ".join(wrong.values()), fields=wrong, status=422)
    return {key: int(given.get(key, 0)) for key in NUMBERS}


def _counts(batch: PaperBatch) -> dict[str, Any]:
    if batch.kind == Kind.TOTALS:
        numbers = batch.expected or {}
        return {"valid": numbers.get("valid", 0), "invalid": numbers.get("invalid", 0), "reasons": {}}
    by_reason = PaperBallot.objects.filter(batch=batch).order_by().values_list("reason")
    reasons = dict(by_reason.annotate(number=Count("pk")))
    valid = reasons.pop("", 0)
    return {"valid": valid, "invalid": sum(reasons.values()), "reasons": dict(sorted(reasons.items()))}


def _entered(batch: PaperBatch) -> PaperBatchEntered:
    counts = batch.counts or _counts(batch)
    rows = PaperBallot.objects.filter(batch=batch).order_by(Collate("key", "C")).values_list("key", "reason")
    return PaperBatchEntered(
        contest=str(batch.contest_id), batch=str(batch.pk), kind=batch.kind, valid=counts["valid"],
        invalid=counts["invalid"], source=batch.source, scans=len(batch.scans),
        scans_digest=hashlib.sha256(canonical(batch.scans)).hexdigest(),
        sheets=sheets_digest(rows.iterator(chunk_size=CHUNK)),
        point=str(batch.point or ""), votes=_committed(batch),
        difference=batch.difference,
    )  # fmt: skip


def _committed(batch: PaperBatch) -> str:
    return votes_commitment(votes_of(batch), bytes(batch.secret)) if batch.kind == Kind.TOTALS else ""


def _held(batch: PaperBatch) -> PaperBatch:
    return PaperBatch.objects.select_for_update(of=("self",)).select_related("contest").get(pk=batch.pk)


def _record(*events: Event, contest: Contest, by: Actor) -> None:
    journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
