"""What became of the paper, in numbers; the sheets that anybody can see were drawn for a second look."""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from viche.ballots.models import PaperBallot, PaperBatch, PaperSerial
from viche.contests.models import Contest
from viche.journal.queries import history_of


@dataclass(frozen=True)
class PaperFigures:
    """printed: numbers made, of which waiting are still at hand, issued, spoiled and unused are not. valid, invalid
    (by reason): sheets entered, batches taken back left out; of totals' protocols what they say.
    """

    printed: int
    waiting: int
    issued: int
    spoiled: int
    unused: int
    valid: int
    invalid: Mapping[str, int]


def paper_figures(contest: Contest, point: UUID | None = None) -> PaperFigures:
    """The figures of a contest, or of one point in it."""
    at = {} if point is None else {"point": point}
    states = dict(
        PaperSerial.objects.filter(contest=contest, **at)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    batches = PaperBatch.objects.filter(contest=contest, **at).exclude(state=PaperBatch.State.UNDONE)
    sheets = PaperBallot.objects.filter(batch__in=batches, undone_at=None)
    reasons: Counter[str] = Counter(
        dict(sheets.order_by().values_list("reason").annotate(number=Count("pk")))
    )
    for protocol in batches.filter(kind=PaperBatch.Kind.TOTALS, state=PaperBatch.State.CLOSED):
        reasons[""] += protocol.counts.get("valid", 0)
        if protocol.counts.get("invalid", 0):
            reasons["other"] += protocol.counts["invalid"]
    valid = reasons.pop("", 0)
    return PaperFigures(
        sum(states.values()), states.get("printed", 0), states.get("issued", 0), states.get("spoiled", 0),
        states.get("unused", 0), valid, dict(sorted(reasons.items())),
    )  # fmt: skip


def draw_recheck(contest: Contest, batch: PaperBatch) -> list[str]:
    """Keys of the sheets drawn for a second look, sorted; [] before the batch is in the journal.

    The seed is the leaf hash of the batch's PaperBatchEntered: of all keys those whose SHA-256(seed ‖ key) is smallest,
    as many as the rules' percent of them, rounded up.
    """
    seed = next(
        (
            bytes.fromhex(line.leaf_hash)
            for line in history_of(f"contest:{contest.id}")
            if line.kind == "PaperBatchEntered" and line.data["batch"] == str(batch.pk)
        ),
        None,
    )
    if seed is None:
        return []
    sheets = PaperBallot.objects.filter(batch=batch)
    number = -(-sheets.count() * contest.rules.paper.recheck_percent // 100)
    return sorted(drawn(seed, sheets.values_list("key", flat=True).iterator(chunk_size=5_000), number))


def drawn(seed: bytes, keys: Iterable[str], number: int) -> list[str]:
    """So many of the keys as the seed draws them."""
    return heapq.nsmallest(number, keys, key=lambda key: hashlib.sha256(seed + key.encode()).digest())
