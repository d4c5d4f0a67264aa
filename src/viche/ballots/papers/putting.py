"""Sheets into the box: sealed one by one like every ballot, written together, a batch's keys telling what is in.

A sheet with a name marks its voter here; a numbered one was marked when it was given out, or names its voter on the
stub. What is not valid is kept with its reason and never sealed.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper, Candidate, defects, longest_document
from rulebook.rules.vocabulary import INVALID_PAPERS, PAPER
from viche.ballots import sealing
from viche.ballots.candidates import candidates_of
from viche.ballots.events import BallotSealed
from viche.ballots.models import Box, Claim, PaperBallot, PaperBatch, PaperSerial, Participation, Replacement
from viche.ballots.papers.guards import held_closed_box
from viche.ballots.tokens import contest_token, marks_key
from viche.ballots.traces import Circumstances, seal_trace, trace_key
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.projects.queries import ballot_codes

TRIES = 20
MOST_KEY = 40


@dataclass(frozen=True)
class PaperRow:
    """One sheet as it was entered. key: its name in the batch, at most 40 letters. paper: None where it is invalid.

    reason: why it is invalid (a word of INVALID_PAPERS), "" where nothing is known against it. serial: of a numbered
    sheet. tokens: platform tokens of the voter's numbers (identity), of a named sheet or of the stub. territory: code
    of the voter's own part of the community, "" where not known.
    """

    key: str
    paper: BallotPaper | None
    reason: str = ""
    serial: int | None = None
    tokens: tuple[bytes, ...] = ()
    territory: str = ""


@dataclass(frozen=True)
class PaperResult:
    """What became of a sheet. reason: "" where it is valid. is_repeat: whether it had been put before."""

    key: str
    reason: str
    is_repeat: bool = False


@dataclass
class _Put:
    """One sheet on its way through a call: its own tokens in the contest, its number's row, what stands against it."""

    row: PaperRow
    tokens: tuple[bytes, ...]
    reason: str = ""
    sheet: UUID | None = None
    earlier: Participation | None = None


def put_papers(*, batch: PaperBatch, rows: Sequence[PaperRow]) -> list[PaperResult]:
    """Put sheets into the box: all of the call in one transaction, in the order of the rows.

    A key that was put before answers with what was stored. Whoever voted elsewhere at this very moment makes the sheet
    invalid, never an error. Locks the batch and the box. Refused: batch_ended, box_opened, no_box, key_awaited,
    voting_not_begun. Raises ValueError for a row without paper and reason, keys.KeyMissing.
    """
    for row in rows:
        if (row.paper is None) == (row.reason == "") or not 1 <= len(row.key) <= MOST_KEY:
            raise ValueError(f"row {row.key!r} has neither paper nor reason, both, or no proper key")
        if row.reason and row.reason not in INVALID_PAPERS:
            raise ValueError(f"{row.reason!r} is no reason of the rulebook")
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _put(batch, rows)
        except (
            IntegrityError
        ):  # somebody of the call voted, or a number came in, at this very moment: look again
            continue
    raise Refused("try_again", _("Other votes of the same people are coming in: try once more."), status=409)


def _put(batch: PaperBatch, rows: Sequence[PaperRow]) -> list[PaperResult]:
    held = PaperBatch.objects.select_for_update(of=("self",)).select_related("contest").get(pk=batch.pk)
    if held.state != PaperBatch.State.OPEN:
        raise Refused("batch_ended", _("This batch is closed: nothing more goes into it."), status=409)
    contest = held.contest
    box = held_closed_box(contest)
    stored = dict(
        PaperBallot.objects.filter(batch=held, key__in=[row.key for row in rows]).values_list("key", "reason")
    )
    known = set(stored)
    fresh: dict[str, PaperRow] = {}
    for row in rows:
        if row.key not in known:
            fresh.setdefault(row.key, row)
    puts = _judged(contest, list(fresh.values()))
    _write(held, box, puts)
    stored |= {put.row.key: put.reason for put in puts}
    return [PaperResult(row.key, stored[row.key], row.key in known) for row in rows]


def _judged(contest: Contest, rows: Sequence[PaperRow]) -> list[_Put]:
    """Each sheet with what stands against it, in order: of two of one number or person the first counts."""
    key, rules = marks_key(contest), contest.rules
    puts = [_Put(row, tuple(contest_token(key, token) for token in row.tokens), row.reason) for row in rows]
    candidates = candidates_of(contest)
    for put in puts:
        if not put.reason and put.row.paper is not None:
            put.reason = _wrong_with(contest, put.row.paper, candidates)
    if not rules.paper.is_named:
        _judge_numbers(contest, puts)
    _judge_voters(contest, puts)
    if not rules.paper.is_named:
        # the stub says who got the sheet: given out where no desk could say so at the time
        given = [put.sheet for put in puts if put.tokens and not put.reason]
        today = clock.now().astimezone(clock.KYIV).date()
        PaperSerial.objects.filter(pk__in=given).update(state=PaperSerial.State.ISSUED, issued_on=today)
    return puts


def _wrong_with(contest: Contest, paper: BallotPaper, candidates: Mapping[str, Candidate]) -> str:
    found = defects(paper, contest.rules, candidates)
    if not found:
        return ""
    if not paper.choices:
        return "blank"
    return "too-many" if any(each.code in TOO_MANY for each in found) else "other"


def _judge_numbers(contest: Contest, puts: Sequence[_Put]) -> None:
    numbers = sorted({put.row.serial for put in puts if put.row.serial is not None})
    held = (
        PaperSerial.objects.select_for_update().filter(contest=contest, number__in=numbers).order_by("number")
    )
    sheets = {sheet.number: sheet for sheet in held}
    used = set(
        PaperBallot.objects.filter(
            serial__in=[sheet.pk for sheet in sheets.values()], undone_at=None, reason=""
        ).values_list("serial", flat=True)
    )
    states = PaperSerial.State
    for put in puts:
        sheet = sheets.get(put.row.serial) if put.row.serial is not None else None
        put.sheet = sheet.pk if sheet is not None else None
        if put.reason:
            continue
        if sheet is None:
            put.reason = "unknown-serial"
        elif sheet.pk in used or sheet.state == states.SPOILED:
            put.reason = "serial-used"
        elif sheet.state == states.UNUSED or (sheet.state == states.PRINTED and not put.tokens):
            put.reason = "not-given-out"
        else:
            used.add(sheet.pk)
            if sheet.state == states.ISSUED:  # marked at the desk
                put.tokens = ()


def _judge_voters(contest: Contest, puts: Sequence[_Put]) -> None:
    wanted = [token for put in puts if not put.reason for token in put.tokens]
    claims = Claim.objects.filter(contest=contest, token__in=wanted).select_related("participation")
    marks = {bytes(claim.token): claim.participation for claim in claims}
    taken: set[bytes] = set()
    for put in puts:
        if put.reason:
            continue
        if contest.rules.paper.is_named and not put.tokens:
            put.reason = "not-member"
            continue
        mark = next((marks[token] for token in put.tokens if token in marks), None)
        may_replace = mark is not None and contest.rules.ballot.revote and mark.channel != PAPER
        if (mark is not None and not may_replace) or not taken.isdisjoint(put.tokens):
            put.reason = "already-voted"
            continue
        put.earlier = mark
        taken.update(put.tokens)


# what a paper's defects come to on a list of reasons
TOO_MANY = frozenset(
    {"too_many", "too_many_minus", "too_many_in_class", "too_many_in_category", "too_many_in_territory",
     "too_many_points", "too_many_points_for_project", "too_expensive"}
)  # fmt: skip

_BALLOTS = f"""
WITH incoming AS (
    SELECT * FROM unnest(%(commitments)s::bytea[], %(envelopes)s::bytea[], %(entries)s::bigint[], %(leaves)s::text[],
                         %(hashes)s::bytea[]) AS each (commitment, envelope, entry, leaf, leaf_hash)
), sealed AS (
    INSERT INTO ballots_ballot (commitment, community_id, contest_id, envelope)
    SELECT commitment, %(community)s, %(contest)s, envelope FROM incoming
)
{journal.INSERT_LEAVES}
SELECT entry, %(log)s, 'BallotSealed', %(subject)s, leaf, leaf_hash, commitment FROM incoming
"""

_MARKS = """
WITH incoming AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(tokens)s::bytea[], %(requests)s::bytea[], %(macs)s::bytea[],
                         %(links)s::bytea[], %(territories)s::text[], %(traces)s::bytea[])
        AS each (id, token, request, mac, link, territory, trace)
), marks AS (
    INSERT INTO ballots_participation
        (id, community_id, contest_id, person_token, channel, request_hash, body_mac, cast_at, link, territory_id)
    SELECT id, %(community)s, %(contest)s, token, 'paper', request, mac, %(now)s, link, nullif(territory, '')
    FROM incoming RETURNING id
), traces AS (
    INSERT INTO ballots_votetrace (participation_id, community_id, contest_id, sealed)
    SELECT marks.id, %(community)s, %(contest)s, trace FROM incoming JOIN marks ON marks.id = incoming.id
)
INSERT INTO ballots_claim (community_id, contest_id, participation_id, token)
SELECT %(community)s, %(contest)s, marks.id, claimed.token
FROM unnest(%(claim_marks)s::uuid[], %(claim_tokens)s::bytea[]) AS claimed (mark, token)
JOIN marks ON marks.id = claimed.mark
"""

_SHEETS = """
INSERT INTO ballots_paperballot
    (id, community_id, contest_id, batch_id, key, serial_id, mark_id, reason, link, undone_at)
SELECT gen_random_uuid(), %(community)s, %(contest)s, %(batch)s, key, serial, mark, reason, link, NULL
FROM unnest(%(keys)s::text[], %(serials)s::uuid[], %(marks)s::uuid[], %(reasons)s::text[], %(links)s::bytea[])
    AS each (key, serial, mark, reason, link)
"""


def _write(batch: PaperBatch, box: Box, puts: Sequence[_Put]) -> None:
    """Everything of the call: ballots with their leaves, marks with claims and traces, the sheets."""
    contest, name = batch.contest, str(batch.contest_id)
    public, secret = bytes(box.public_key or b""), bytes(batch.secret)
    longest = longest_document(contest.rules, ballot_codes(contest))
    is_named, traces = contest.rules.paper.is_named, trace_key(contest)
    around = Circumstances(operator=str(batch.made_by_id or ""), point=str(batch.point or ""), method="desk")
    ballots: dict[str, list[Any]] = {
        key: [] for key in ("commitments", "envelopes", "entries", "leaves", "hashes")
    }
    marks: dict[str, list[Any]] = {
        key: [] for key in ("ids", "tokens", "requests", "macs", "links", "territories", "traces", "claim_marks",
                            "claim_tokens")
    }  # fmt: skip
    sheets: dict[str, list[Any]] = {key: [] for key in ("keys", "serials", "marks", "reasons", "links")}
    for put in puts:
        link, mark = b"", None
        if not put.reason and put.row.paper is not None:
            request_key = hmac.digest(secret, b"viche/sheet/v1|" + put.row.key.encode(), hashlib.sha256)
            sealed = sealing.seal(
                contest=name, paper=put.row.paper, request_key=request_key, public_key=public, longest=longest
            )
            said = BallotSealed(
                contest=name,
                commitment=sealed.commitment.hex(),
                envelope=hashlib.sha256(sealed.envelope).hexdigest(),
            )
            leaf, hashed = journal.leaf_of(said, None)
            link = sealing.seal_link(contest=name, commitment=sealed.commitment, public_key=public)
            for key, value in zip(
                ballots,
                (sealed.commitment, sealed.envelope, journal.unordered_id(sealed.commitment), leaf, hashed),
                strict=True,
            ):
                ballots[key].append(value)
            request = hashlib.sha256(request_key).digest()
            own_link = link if is_named else b""
            mac = sealing.body_mac(request_key, put.row.paper)
            trace = seal_trace(traces, contest=name, request=request, around=around) if put.tokens else b""
            if put.earlier is not None:
                mark = _replace(put.earlier, request, mac, own_link, trace)
            elif put.tokens:
                mark = uuid4()
                for key, value in zip(
                    marks,
                    (mark, put.tokens[0], request, mac, own_link, put.row.territory, trace),
                    strict=False,
                ):
                    marks[key].append(value)
                marks["claim_marks"] += [mark] * len(put.tokens)
                marks["claim_tokens"] += put.tokens
        for key, value in zip(
            sheets, (put.row.key, put.sheet, mark if is_named else None, put.reason, link), strict=True
        ):
            sheets[key].append(value)
    log = journal.log_of(contest.community.code, clock.year())
    common = {
        "community": contest.community_id, "contest": contest.id, "log": log.pk, "subject": f"ballots:{name}",
        "now": clock.now(), "batch": batch.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        if ballots["commitments"]:
            cursor.execute(_BALLOTS, {**common, **ballots})
        if marks["ids"]:
            cursor.execute(_MARKS, {**common, **marks})
        cursor.execute(_SHEETS, {**common, **sheets})


def _replace(earlier: Participation, request: bytes, mac: bytes, link: bytes, trace: bytes) -> UUID:
    """The mark of a ballot cast on a screen becomes one of paper, which is final. Raises IntegrityError where the mark
    has changed since it was read.
    """
    held = (
        Participation.objects.select_for_update(of=("self",)).filter(pk=earlier.pk, annulled_at=None).first()
    )
    if held is None or bytes(held.request_hash) != bytes(earlier.request_hash):
        raise IntegrityError("the mark has changed")
    Replacement.objects.create(
        community_id=held.community_id, contest_id=held.contest_id, request_hash=held.request_hash, link=held.link,
        by_channel=PAPER,
    )  # fmt: skip
    held.channel, held.request_hash, held.body_mac, held.link = PAPER, request, mac, link
    held.cast_at = clock.now()
    held.save(update_fields=["channel", "request_hash", "body_mac", "link", "cast_at"])
    held.trace.sealed = trace
    held.trace.save(update_fields=["sealed"])
    return held.pk
