"""Reads of the archives for researchers: what they are made from, and those that are written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from viche.communities.models import Community
from viche.connectors.open_data.files import FINAL, LIVING
from viche.connectors.open_data.queries import is_published, version_of
from viche.connectors.treasury.models import Payment
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.journal.models import Entry
from viche.projects.models import Contract, Delay, Milestone, Project
from viche.reports.models import Tally
from viche.reports.research.rows import signed_days
from viche.reports.research.tables import TABLES
from viche.review.models import Decision

FORMAT = "viche/research/v1"
ARCHIVE, FACTS = "research.zip", ".facts.json"

SHAPE = [[table.name, [[each.name, each.kind] for each in table.columns]] for table in TABLES]


@dataclass(frozen=True)
class Archive:
    """A written archive: where it lies, its size in bytes, its SHA-256 (hex), when it was written, the rows of each
    of its tables.
    """

    path: Path
    size: int
    sha256: str
    written_at: datetime
    rows: Mapping[str, int]


def contests_in(of: Contest | Community) -> list[Contest]:
    """The contests of an archive, the earliest first: one, or all of a body that everybody sees."""
    if isinstance(of, Contest):
        return [of]
    found = opened_contests_of(of).select_related("community__territory")
    return sorted(found, key=lambda each: (each.year, each.slug))


def archive_name(of: Contest | Community) -> str:
    """A name for the data that an archive is made from: other data, another name. Whatever stands in it is in it."""
    if isinstance(of, Community):
        return joined_name([archive_name(each) for each in contests_in(of)])
    return _named(_facts(of))


def joined_name(parts: Sequence[str]) -> str:
    """The name of an archive that is joined from those of these names."""
    return _named(list(parts))


def _named(facts: list[Any]) -> str:
    text = json.dumps([FORMAT, SHAPE, *facts], ensure_ascii=False, default=str)
    return f"research-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _facts(contest: Contest) -> list[Any]:
    shown = Project.objects.filter(contest=contest, published_at__isnull=False).order_by()
    subjects = [f"project:{pk}" for pk in shown.values_list("pk", flat=True)]
    events = Entry.objects.filter(subject__in=subjects, sort_key__isnull=True)
    rows = (
        signed_days(contest), shown.order_by("pk").values_list("code", "state_at", "supporters"),
        Decision.objects.filter(project__in=shown).order_by("pk").values_list("pk", "stage", "decided_at"),
        Milestone.objects.filter(delivery__project__in=shown).order_by("pk").values_list("pk", "title", "due_on"),
        Delay.objects.filter(delivery__project__in=shown).order_by("pk").values_list("pk", "new_due", "reason"),
        Contract.objects.filter(delivery__project__in=shown).order_by("pk")
        .values_list("pk", "signed_on", "amount", "url"),
        Payment.objects.filter(project__in=shown, state=Payment.State.RECORDED).order_by("pk")
        .values_list("pk", "paid_on", "amount"),
    )  # fmt: skip
    return [
        version_of(contest, LIVING), version_of(contest, FINAL) if is_published(contest) else "",
        events.aggregate(number=Count("pk"), last=Max("pk")),
        list(Tally.objects.filter(contest=contest).order_by("measure").values_list("measure", "digest")),
        *(_digest(each) for each in rows),
    ]  # fmt: skip


def _digest(rows: Any) -> str:
    """One hash over rows, read in pieces."""
    found = hashlib.sha256()
    for row in rows.iterator(chunk_size=2_000):
        found.update(repr(tuple(map(str, row))).encode())
    return found.hexdigest()


def archives_of(of: Contest | Community) -> Path:
    """Where the archives of a contest or a body lie, each in a folder of its name."""
    return Path(settings.OPEN_DATA_DIR).joinpath(str(of.pk))


def written_archive(of: Contest | Community) -> Archive | None:
    """The archive of a contest, or of all contests of a body, as the data stand now; None where it is not written."""
    return archive_in(archives_of(of).joinpath(archive_name(of)))


def archive_in(folder: Path) -> Archive | None:
    """What a folder holds; None where it is not there."""
    try:
        facts = json.loads(folder.joinpath(FACTS).read_bytes())
    except FileNotFoundError:
        return None
    moment = datetime.fromisoformat(facts["written_at"])
    return Archive(folder.joinpath(ARCHIVE), facts["size"], facts["sha256"], moment, facts["rows"])
