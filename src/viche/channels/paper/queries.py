"""What pages ask about paper that is entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.models import PaperBallot, PaperBatch
from viche.ballots.papers import draw_recheck
from viche.channels.paper.models import Entry, Recheck, Scan, Sheet, Stack
from viche.channels.paper.readings import Reading, unsealed
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.journal.queries import history_of

LATE = timedelta(hours=24)
"""How long a stack may wait: its leaf is in the log within a day."""


def stacks_of(contest: Contest) -> list[Stack]:
    """All stacks, the newest first, each with the number of its sheets by state (once, differs, settled)."""
    states = Sheet.State
    settled = Q(sheets__state__in=[states.AGREED, states.SETTLED])
    return list(
        Stack.objects.filter(contest=contest)
        .select_related("made_by", "batch")
        .annotate(
            number=Count("sheets"), once=Count("sheets", filter=Q(sheets__state=states.ONCE)),
            differing=Count("sheets", filter=Q(sheets__state=states.DIFFERS)), settled=Count("sheets", filter=settled),
        )
        .order_by("-made_at")
    )  # fmt: skip


def stack_in(contest: Contest, reference: UUID) -> Stack | None:
    """The contest's stack of this reference."""
    found = (
        Stack.objects.filter(contest=contest, pk=reference)
        .select_related("batch", "made_by", "ended_by")
        .first()
    )
    if found is not None:
        found.contest = contest  # one contest on the page, with what was already read of it
    return found


def is_late(stack: Stack, moment: datetime | None = None) -> bool:
    """Whether the stack waits for longer than a day."""
    return stack.is_open and (moment or clock.now()) - stack.made_at > LATE


def late_stacks(contest: Contest) -> list[Stack]:
    """Stacks that wait for longer than a day, the oldest first."""
    waiting = Stack.objects.filter(contest=contest, is_live=True, batch=None, made_at__lt=clock.now() - LATE)
    return list(waiting.order_by("made_at"))


def sheet_in(stack: Stack, key: str) -> Sheet | None:
    """The sheet of this mark in the stack."""
    found = stack.sheets.filter(key=key).select_related("scan").first()
    if found is not None:
        found.stack, found.contest = stack, stack.contest
    return found


def sheets_for(stack: Stack, person: UUID, *states: str) -> list[Sheet]:
    """Sheets in one of the states that the person has not entered."""
    own = Entry.objects.filter(sheet__stack=stack, entered_by=person).values("sheet")
    found = stack.sheets.filter(state__in=states).exclude(pk__in=own)
    return list(found.order_by("serial", "key"))


def machine_read(stack: Stack, person: UUID) -> list[Sheet]:
    """Sheets that the machine has read and this person may confirm."""
    return [
        each
        for each in sheets_for(stack, person, Sheet.State.ONCE)
        if each.entries.filter(is_machine=True).exists()
    ]


def own_entries(stack: Stack, person: UUID) -> list[Entry]:
    """What the person entered in the stack, the latest first."""
    found = Entry.objects.filter(sheet__stack=stack, entered_by=person).select_related("sheet")
    return list(found.order_by("-entered_at"))


def readings_of(sheet: Sheet) -> list[tuple[Entry, Reading]]:
    """The readings of a sheet in order; for whoever settles a difference. Refused: no_key."""
    found = sheet.entries.exclude(sealed=b"").order_by("turn")
    return [(each, unsealed(sheet.contest, bytes(each.sealed))) for each in found]


def has_entered(sheet: Sheet, person: UUID) -> bool:
    """Whether the person has entered the sheet."""
    return sheet.entries.filter(entered_by=person).exists()


def scan_in(stack: Stack, reference: UUID) -> Scan | None:
    """The stack's scan of this reference."""
    return stack.scans.filter(pk=reference).first()


@dataclass(frozen=True)
class Line:
    """One number of a reconciliation: by the point's protocol, and as entered (None where nobody enters it)."""

    key: str
    expected: int | None
    entered: int | None

    @property
    def is_differing(self) -> bool:
        return self.entered is not None and self.expected is not None and self.entered != self.expected


def reconciliation(stack: Stack) -> list[Line]:
    """The protocol of the point beside the sheets, as the box holds them, or as they are entered until then.

    Before that the sheets that differ are of neither kind. issued stands beside valid, invalid, spoiled and unused
    together.
    """
    if stack.contest.rules.paper.mode == TOTALS:
        return []
    try:
        valid, invalid = _counts(stack)
    except Refused:  # the keys are away: the page still opens
        return []
    told = stack.expected or {}
    together = valid + invalid + told["spoiled"] + told["unused"] if told else None
    return [
        Line("issued", told.get("issued"), together), Line("valid", told.get("valid"), valid),
        Line("invalid", told.get("invalid"), invalid), Line("spoiled", told.get("spoiled"), None),
        Line("unused", told.get("unused"), None),
    ]  # fmt: skip


def _counts(stack: Stack) -> tuple[int, int]:
    if stack.batch is not None:
        return stack.batch.counts.get("valid", 0), stack.batch.counts.get("invalid", 0)
    last: dict[Any, Entry] = {}
    for each in (
        Entry.objects.filter(sheet__stack=stack).exclude(sealed=b"").order_by("turn").select_related("sheet")
    ):
        last[each.sheet_id] = each
    settled = [unsealed(stack.contest, bytes(each.sealed)) for each in last.values() if each.sheet.is_settled]
    invalid = sum(1 for each in settled if each.reason)
    return len(settled) - invalid, invalid


@dataclass(frozen=True)
class OperatorFigures:
    """What one person entered in a contest. wrong: differing entries of which a third person held the other right."""

    person: Person
    entries: int
    corrections: int
    differing: int
    wrong: int

    @property
    def share(self) -> int:
        """Differing entries of all, in hundredths of a percent."""
        return self.differing * 10_000 // self.entries if self.entries else 0


def operator_figures(contest: Contest) -> list[OperatorFigures]:
    """Everybody who entered paper in the contest, by the number of entries."""
    rows = list(
        Entry.objects.filter(sheet__contest=contest, entered_by__isnull=False)
        .order_by()
        .values("entered_by")
        .annotate(
            number=Count("pk"), corrected=Sum("corrections"), differ=Count("pk", filter=Q(is_differing=True)),
            wrong=Count("pk", filter=Q(is_wrong=True)),
        )
    )  # fmt: skip
    people = Person.objects.in_bulk([row["entered_by"] for row in rows])
    found = [
        OperatorFigures(
            people[row["entered_by"]], row["number"], row["corrected"], row["differ"], row["wrong"]
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.entries, str(each.person.pk)))


@dataclass(frozen=True)
class RecheckFigures:
    """drawn: how many sheets a second look is taken at; same and different: what came of those that it was."""

    drawn: int
    same: int
    different: int

    @property
    def waiting(self) -> int:
        return self.drawn - self.same - self.different


def recheck_figures(stack: Stack) -> RecheckFigures:
    """The second look at one stack."""
    done = Recheck.objects.filter(sheet__stack=stack).aggregate(
        same=Count("pk", filter=Q(is_same=True)), different=Count("pk", filter=Q(is_same=False))
    )
    return RecheckFigures(stack.sheets.filter(is_drawn=True).count(), done["same"], done["different"])


def drawn_sheets(stack: Stack) -> list[Sheet]:
    """The sheets drawn for a second look, with what came of it."""
    return list(
        stack.sheets.filter(is_drawn=True).select_related("recheck__checked_by").order_by("serial", "key")
    )


def batches_of(contest: Contest) -> list[PaperBatch]:
    """Batches that were in the box, in the order in which they came there; those taken back too."""
    return list(
        PaperBatch.objects.filter(contest=contest, closed_at__isnull=False)
        .select_related("stack")
        .order_by("closed_at")
    )


def batch_in(contest: Contest, reference: UUID) -> PaperBatch | None:
    """The contest's batch of this reference, once it was in the box."""
    return PaperBatch.objects.filter(contest=contest, pk=reference, closed_at__isnull=False).first()


def batch_document(contest: Contest, batch: PaperBatch) -> dict[str, Any]:
    """Everything public of a batch: the leaf, its sheets with their reasons, and the sheets that it draws."""
    leaf = next(
        (
            line
            for line in history_of(f"contest:{contest.id}")
            if line.kind == "PaperBatchEntered" and line.data["batch"] == str(batch.pk)
        ),
        None,
    )
    rows: Sequence[Any] = PaperBallot.objects.filter(batch=batch).order_by("key").values_list("key", "reason")
    return {
        "contest": str(contest.id), "batch": str(batch.pk), "kind": batch.kind, "state": batch.state,
        "leaf": leaf.leaf_hash if leaf else "", "percent": contest.rules.paper.recheck_percent,
        "sheets": [[key, reason] for key, reason in rows], "drawn": draw_recheck(contest, batch),
        "scans": list(batch.scans), "source": batch.source,
    }  # fmt: skip
