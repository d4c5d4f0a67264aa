"""How a ballot gets into the box: one statement that decides about time and writes everything, or nothing.

The decision about time, the guards of "exactly once" and the writes are one statement: whatever fails, nothing of it is
there. A row that meets a mark of the same person or request is left out; so is a ballot sealed to a key that is no
longer the box's. The box is held while a ballot goes in: its opening waits for it, and whoever waited for the opening
finds the box opened.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from rulebook.ballot import BallotPaper, longest_document
from rulebook.rules.records import Channel
from viche.ballots import sealing
from viche.ballots.events import BallotSealed
from viche.ballots.models import Box, Participation
from viche.ballots.traces import UNKNOWN, Circumstances, seal_trace, trace_key
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal import actions as journal
from viche.projects.queries import ballot_codes


@dataclass(frozen=True)
class Slip:
    """One ballot on its way. tokens: of all numbers of the voter, each claimed; the first is the one of the mark.

    territory: code of the voter's own part of the community, "" where the channel does not know it. circumstances: what
    the channel knows around the vote.
    """

    tokens: tuple[bytes, ...]
    paper: BallotPaper
    request_key: bytes
    at: datetime
    territory: str = ""
    circumstances: Circumstances = UNKNOWN


_COLUMNS = (
    "tokens", "requests", "macs", "links", "territories", "traces", "commitments", "envelopes", "entries", "leaves",
    "hashes", "times",
)  # fmt: skip

_OPEN = """
WITH closed_box AS MATERIALIZED (
    SELECT 1 FROM ballots_box WHERE contest_id = %(contest)s AND opened_at IS NULL AND public_key = %(public_key)s
    FOR KEY SHARE
), open_window AS (
    SELECT 1 FROM contests_phasewindow
    WHERE contest_id = %(contest)s AND phase = 'voting'
      AND starts_at <= %(now)s AND (ends_at IS NULL OR %(now)s < ends_at)
      AND (%(now)s AT TIME ZONE 'Europe/Kyiv')::date - (starts_at AT TIME ZONE 'Europe/Kyiv')::date + 1
          BETWEEN %(from_day)s AND coalesce(%(to_day)s::integer, 2147483647)
), incoming AS (
    SELECT * FROM unnest(%(tokens)s::bytea[], %(requests)s::bytea[], %(macs)s::bytea[], %(links)s::bytea[],
                         %(territories)s::text[], %(traces)s::bytea[], %(commitments)s::bytea[],
                         %(envelopes)s::bytea[], %(entries)s::bigint[], %(leaves)s::text[], %(hashes)s::bytea[],
                         %(times)s::timestamptz[])
        AS each (token, request, mac, link, territory, trace, commitment, envelope, entry, leaf, leaf_hash, cast_at)
)"""

_SEAL = f""", traces AS (
    INSERT INTO ballots_votetrace (participation_id, community_id, contest_id, sealed)
    SELECT marks.id, %(community)s, %(contest)s, trace
    FROM incoming JOIN marks ON marks.request_hash = incoming.request
    ON CONFLICT (participation_id) DO UPDATE SET sealed = EXCLUDED.sealed
), sealed AS (
    INSERT INTO ballots_ballot (commitment, community_id, contest_id, envelope)
    SELECT commitment, %(community)s, %(contest)s, envelope
    FROM incoming JOIN marks ON marks.request_hash = incoming.request
), leaves AS (
    {journal.INSERT_LEAVES}
    SELECT entry, %(log)s, 'BallotSealed', %(subject)s, leaf, leaf_hash, commitment
    FROM incoming JOIN marks ON marks.request_hash = incoming.request
)
SELECT count(*) FROM marks
"""

_CAST = f"""{_OPEN}, claimed AS (
    SELECT * FROM unnest(%(claim_requests)s::bytea[], %(claim_tokens)s::bytea[]) AS each (request, token)
), marks AS (
    INSERT INTO ballots_participation
        (id, community_id, contest_id, person_token, channel, request_hash, body_mac, cast_at, link, territory_id)
    SELECT gen_random_uuid(), %(community)s, %(contest)s, token, %(channel)s, request, mac, cast_at, link,
           nullif(territory, '')
    FROM incoming WHERE EXISTS (SELECT 1 FROM open_window) AND EXISTS (SELECT 1 FROM closed_box)
        AND NOT EXISTS (
            SELECT 1 FROM claimed JOIN ballots_claim ON ballots_claim.token = claimed.token
            WHERE ballots_claim.contest_id = %(contest)s AND claimed.request = incoming.request
        )
    ON CONFLICT DO NOTHING
    RETURNING id, request_hash
), claims AS (
    INSERT INTO ballots_claim (community_id, contest_id, participation_id, token)
    SELECT %(community)s, %(contest)s, marks.id, claimed.token
    FROM claimed JOIN marks ON marks.request_hash = claimed.request
){_SEAL}"""

_REPLACE = f"""{_OPEN}, replaced AS (
    INSERT INTO ballots_replacement (community_id, contest_id, request_hash, link, by_channel)
    SELECT %(community)s, %(contest)s, %(old_request)s, %(old_link)s, %(channel)s
    WHERE EXISTS (SELECT 1 FROM open_window) AND EXISTS (SELECT 1 FROM closed_box)
    RETURNING 1
), marks AS (
    UPDATE ballots_participation
    SET channel = %(channel)s, request_hash = incoming.request, body_mac = incoming.mac, link = incoming.link,
        cast_at = incoming.cast_at
    FROM incoming WHERE ballots_participation.id = %(mark)s AND EXISTS (SELECT 1 FROM replaced)
    RETURNING ballots_participation.id, ballots_participation.request_hash
){_SEAL}"""


def _parameters(contest: Contest, box: Box, channel: Channel, slips: Sequence[Slip]) -> dict[str, Any]:
    """Everything sealed, as columns of arrays."""
    name = str(contest.id)
    public, key = bytes(box.public_key or b""), trace_key(contest)
    longest = longest_document(contest.rules, ballot_codes(contest))
    columns: dict[str, list[Any]] = {key: [] for key in (*_COLUMNS, "claim_requests", "claim_tokens")}
    for slip in slips:
        sealed = sealing.seal(
            contest=name, paper=slip.paper, request_key=slip.request_key, public_key=public, longest=longest
        )
        leaf, hashed = journal.leaf_of(
            BallotSealed(
                contest=name, commitment=sealed.commitment.hex(),
                envelope=hashlib.sha256(sealed.envelope).hexdigest(),
            ),
            None,
        )  # fmt: skip
        request = hashlib.sha256(slip.request_key).digest()
        values = (
            slip.tokens[0], request, sealing.body_mac(slip.request_key, slip.paper),
            sealing.seal_link(contest=name, commitment=sealed.commitment, public_key=public), slip.territory,
            seal_trace(key, contest=name, request=request, around=slip.circumstances),
            sealed.commitment, sealed.envelope, journal.unordered_id(sealed.commitment), leaf, hashed, slip.at,
        )  # fmt: skip
        for column, value in zip(_COLUMNS, values, strict=True):
            columns[column].append(value)
        columns["claim_requests"] += [request] * len(slip.tokens)
        columns["claim_tokens"] += slip.tokens
    log = journal.log_of(contest.community.code, clock.year())
    return {
        "contest": contest.id, "community": contest.community_id, "now": clock.now(), "channel": channel.kind,
        "from_day": channel.from_day, "to_day": channel.to_day, "log": log.pk, "subject": f"ballots:{name}",
        "public_key": public, **columns,
    }  # fmt: skip


def put_ballots(contest: Contest, box: Box, channel: Channel, slips: Sequence[Slip]) -> int:
    """Seal and write; returns how many new marks were made. One transaction.

    Raises IntegrityError where another request claimed a number of the same person at this very moment: nothing is
    written then, and whoever looks again finds who was faster.
    """
    parameters = _parameters(contest, box, channel, slips)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CAST, parameters)
        return int(cursor.fetchone()[0])


def replace_ballot(contest: Contest, box: Box, channel: Channel, mark: Participation, slip: Slip) -> bool:
    """Seal and write a ballot in the place of the mark's earlier one; False where the voting is closed.

    The mark is held by the caller. Which ballot was replaced stays sealed until the opening.
    """
    parameters = _parameters(contest, box, channel, [slip])
    parameters |= {
        "mark": mark.pk, "old_request": bytes(mark.request_hash), "old_link": bytes(mark.link),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_REPLACE, parameters)
        return bool(cursor.fetchone()[0])
