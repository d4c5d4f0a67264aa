"""Reads of the ceremony: where the commission's key stands, and the files that its members take from the site."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import boxkey
from boxkey import files, pairs
from rulebook.rules.vocabulary import COMMISSION
from viche.ballots.models import Box, BoxKey, KeyChange
from viche.contests.models import Contest


@dataclass(frozen=True)
class Standing:
    """Where the key of a box stands. key: the one in force or on its way; waits_since: when the voting closed, while
    the closed box waits for the key.
    """

    box: Box | None
    key: BoxKey | None
    fingerprint: str
    open_change: KeyChange | None
    changes: tuple[KeyChange, ...]
    withdrawn: tuple[BoxKey, ...]
    waits_since: datetime | None

    @property
    def is_ready(self) -> bool:
        return self.box is not None and self.box.public_key is not None

    @property
    def wants_new_rehearsal(self) -> bool:
        """Whether shares were made anew and not tried out since."""
        if self.key is None or self.key.rehearsed_at is None:
            return False
        done = [
            each.decided_at for each in self.changes
            if each.act == KeyChange.Act.REWRAP and each.state == KeyChange.State.CONFIRMED and each.decided_at
        ]  # fmt: skip
        return bool(done) and max(done) >= self.key.rehearsed_at


def is_held_by_commission(contest: Contest) -> bool:
    """Whether the commission is to hold the key of the contest's box, by its rules."""
    return contest.rules.box_key == COMMISSION


def key_standing(contest: Contest) -> Standing:
    """Where the key of the contest's box stands."""
    box = Box.objects.filter(contest=contest).first()
    found = list(
        BoxKey.objects.filter(contest=contest).select_related("proposed_by", "confirmed_by", "contest")
    )
    key = next((each for each in found if each.state != BoxKey.State.WITHDRAWN), None)
    changes = tuple(key.changes.select_related("proposed_by", "decided_by", "key__contest")) if key else ()
    return Standing(
        box=box,
        key=key,
        fingerprint=pairs.fingerprint(str(contest.id), bytes(key.public_key)) if key else "",
        open_change=next((each for each in changes if each.state == KeyChange.State.OPEN), None),
        changes=changes,
        withdrawn=tuple(each for each in found if each.state == BoxKey.State.WITHDRAWN),
        waits_since=_waits_since(contest, box),
    )


def waits_for_key_since(contest: Contest) -> datetime | None:
    """Since when the closed box of an ended voting waits for the commission's key; None where it does not."""
    return (
        _waits_since(contest, Box.objects.filter(contest=contest).first())
        if is_held_by_commission(contest)
        else None
    )


def _waits_since(contest: Contest, box: Box | None) -> datetime | None:
    if (
        box is None
        or box.holder != COMMISSION
        or box.opened_at is not None
        or not contest.has_ended("voting")
    ):
        return None
    window = contest.window("voting")
    return window.ends_at if window else None


def contest_file(contest: Contest) -> str:
    """What the tool needs to make a key for this contest."""
    return files.written(files.CONTEST, {"contest": str(contest.id), "title": contest.name})


def challenge_file(key: BoxKey) -> str:
    """The task of the rehearsal; "" where none is open."""
    if not key.challenge:
        return ""
    return files.written(files.CHALLENGE, {
        "contest": str(key.contest_id), "public_key": bytes(key.public_key).hex(), "sealed": bytes(key.challenge).hex(),
    })  # fmt: skip


def tool_file() -> bytes:
    """The tool as one file that Python runs: the same bytes from every installation of this version."""
    folder = Path(boxkey.__file__).parent
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        start = zipfile.ZipInfo("__main__.py")
        archive.writestr(start, "from boxkey.__main__ import main\n\nraise SystemExit(main())\n")
        for path in sorted(folder.glob("*.py")):
            archive.writestr(zipfile.ZipInfo(f"boxkey/{path.name}"), path.read_bytes())
    return made.getvalue()
