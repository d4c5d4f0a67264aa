"""Import of a real election in Pabulib's .pb format as a finished contest."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import chain, repeat
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper
from rulebook.calendar import Window
from rulebook.explaining.shares import group_of
from rulebook.pabulib import Election, PabulibError, read
from viche.ballots.actions import import_openings
from viche.ballots.voters import UNKNOWN, Cells, group_voters
from viche.communities.latin import slug_of
from viche.communities.models import Community
from viche.contests.actions import create_contest, freeze_rules
from viche.contests.models import Contest
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.projects.actions import Draft, record_projects
from viche.results.actions import publish_result, run_count

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Imported:
    """The contest of a file; is_new: False where the same file was imported before."""

    contest: Contest
    is_new: bool


def import_election(
    *,
    content: bytes,
    community: Community,
    progress: Progress = lambda *_: None,
    source: str = "",
    told: Mapping[str, Mapping[str, Any]] | None = None,
    by: Actor = SYSTEM,
) -> Imported:
    """Make a finished, counted and published contest of a file; all of it or nothing.

    source: where the ballots came from, if not from Pabulib. told: by the code of a project, what else is known of it
    (fields of a Draft). The same bytes again change nothing. progress: called with (stage, done, total). One
    transaction; the journal gets the entries of every act. Refused: bad_file (line and fault), bad_scale,
    contest_exists.
    """
    file = hashlib.sha256(content).hexdigest()
    origin = f"pabulib:{file}"
    known = Contest.objects.filter(community=community, origin=origin).first()
    if known is not None:
        return Imported(known, is_new=False)
    progress("read", 0, 1)
    try:
        election = read(content)
        rules = election.dossier().rules
    except PabulibError as error:
        raise Refused("bad_file", str(error), status=422) from None
    if election.scale != 100:
        raise Refused(
            "bad_scale",
            _("The file’s amounts have more than two decimal places: they cannot be kept exactly."),
            status=422,
        )
    progress("read", 1, 1)
    meta = election.meta
    begins, ends = _days(election)
    with transaction.atomic():
        # XXX is ISO 4217's own code for no currency: a file need not name one
        contest = create_contest(
            community=community, slug=_slug(election, community, file), year=ends.year,
            currency=(meta.get("currency") or "XXX").upper()[:3],
            title={"uk": _title(election), "en": _title(election)}, rules=rules.as_document(),
            schedule=_schedule(begins, ends), origin=origin, source_note=source or _source_note(election), by=by,
        )  # fmt: skip
        freeze_rules(contest=contest, decision=_decision(election), by=by)
        drafts = [replace(each, **(told or {}).get(each.code, {})) for each in _drafts(election, community)]
        record_projects(contest=contest, drafts=drafts, by=by)
        progress("projects", len(election.projects), len(election.projects))
        import_openings(contest=contest, papers=_papers(election, progress), file=file, by=by)
        group_voters(contest=contest, cells=_cells(election))
        progress("count", 0, 1)
        count = run_count(contest=contest, by=by)
        publish_result(count=count, by=by, note=_note(election, count.outcome["funded"]))
        progress("count", 1, 1)
    return Imported(contest, is_new=True)


def _papers(election: Election, progress: Progress) -> list[BallotPaper]:
    total = sum(election.groups.values())
    papers: list[BallotPaper] = []
    # identical ballots are one paper: what is kept of each is its commitment
    for paper in chain.from_iterable(
        repeat(BallotPaper(choices), times) for choices, times in election.groups.items()
    ):
        papers.append(paper)
        if len(papers) % 5000 == 0:
            progress("ballots", len(papers), total)
    progress("ballots", total, total)
    return papers


_BAND = re.compile(r"[0-9]{1,3}(-[0-9]{1,3}|\+)")
_SEXES = {"f": "female", "k": "female", "female": "female", "m": "male", "male": "male"}
"""How files write a voter's sex; "k" is Polish."""


def _cells(election: Election) -> Cells:
    """Voters by age and sex, as far as the file tells them: only their numbers are taken from it."""
    columns = election.columns
    unknown = [""] * election.voters
    ages = columns.get("age", unknown)
    sexes = columns.get("sex", unknown)
    pairs = Counter((age.strip(), sex.strip().lower()) for age, sex in zip(ages, sexes, strict=True))
    found = Counter[tuple[str, str]]()
    for (age, sex), number in pairs.items():
        band = group_of("age", age)
        found[band if _BAND.fullmatch(band) else UNKNOWN, _SEXES.get(sex, UNKNOWN)] += number
    return found


def _day(text: str) -> date | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    year = re.search(r"\b(19|20)\d\d\b", text)
    return date(int(year[0]), 1, 1) if year else None


def _days(election: Election) -> tuple[date, date]:
    """First and last day of the voting; a file that gives only years means their first days."""
    begins, ends = _day(election.meta.get("date_begin", "")), _day(election.meta.get("date_end", ""))
    begins = begins or ends or _day(election.meta.get("instance", "")) or date(2000, 1, 1)
    return begins, max(ends or begins, begins)


def _schedule(begins: date, ends: date) -> list[Window]:
    opens = datetime(begins.year, begins.month, begins.day, tzinfo=KYIV).astimezone(UTC)
    after = ends + timedelta(days=1)
    closes = datetime(after.year, after.month, after.day, tzinfo=KYIV).astimezone(UTC)
    return [Window("voting", opens, closes), Window("results", closes, None)]


def _title(election: Election) -> str:
    """The file's description with its district and edition, or the unit's name where it has none."""
    meta = election.meta
    parts = [
        meta.get("description", "") or meta.get("unit", ""),
        meta.get("subunit", "") or meta.get("district", ""),
    ]
    edition = meta.get("instance", "")
    if edition and not any(edition in part for part in parts):
        parts.append(edition)
    return ", ".join(part for part in parts if part)[:200]


def _slug(election: Election, community: Community, file: str) -> str:
    """Unit, part and edition in Latin letters; where another contest has that address, a mark of the file too."""
    meta = election.meta
    edition = slug_of(meta.get("instance", ""))[:12]
    name = slug_of(
        " ".join(filter(None, (meta.get("unit", ""), meta.get("subunit", "") or meta.get("district", ""))))
    )
    slug = "-".join(filter(None, (name[: 36 - len(edition)].rstrip("-") or "election", edition)))
    if Contest.objects.filter(community=community, slug=slug).exists():
        slug = f"{slug}-{file[:6]}"
    return slug


def _source_note(election: Election) -> str:
    meta = election.meta
    origin = ", ".join(meta[key] for key in ("unit", "country") if meta.get(key))
    return f"Pabulib (pabulib.org), CC BY 4.0. {origin}. {meta.get('acknowledgments', '')}".strip()


def _decision(election: Election) -> str:
    meta = election.meta
    return f"{meta.get('unit', '')} {meta.get('instance', '')}, META rule: {meta.get('rule', '')}"[:200]


def _note(election: Election, funded: list[str]) -> str:
    official = election.official
    if official is None:
        return ""
    return "official:equal" if official == set(funded) else "official:different"


def _coordinate(text: str | None, limit: int) -> Decimal | None:
    try:
        value = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return (
        value.quantize(Decimal("0.000001")) if value.is_finite() and abs(value) <= limit and value else None
    )


def _drafts(election: Election, community: Community) -> list[Draft]:
    for project in election.projects:
        if len(project.name) > 500 or len(project.category or "") > 200 or len(project.id) > 80:
            raise Refused(
                "bad_file",
                _("line %(line)d: the title, category or id of the project is too long to be kept")
                % {"line": project.line},
                status=422,
            )
    return [
        Draft(
            title=project.name or project.id, summary="", text="", category=project.category or "",
            territory=community.territory, cost=project.cost, code=project.id,
            place_name=(project.values.get("neighborhood") or project.values.get("district") or "")[:200],
            latitude=_coordinate(project.values.get("latitude"), 90),
            longitude=_coordinate(project.values.get("longitude"), 180),
        )
        for project in election.projects
    ]  # fmt: skip
